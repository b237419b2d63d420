//! The fields of a new calculation.

/// A field; their order is that of the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// What is calculated.
    Structure,
    /// How.
    Template,
    /// The template's parameters that are not left as they are.
    Parameters,
    /// INCAR settings over those of the template.
    Settings,
    /// Which VASP.
    Code,
    /// How many MPI ranks.
    Ranks,
    /// How many threads for each.
    Threads,
    /// For how long at most.
    WallTime,
    /// Errors to submit in spite of.
    Waive,
    /// What the job is called.
    Label,
}

impl Field {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Structure,
        Self::Template,
        Self::Parameters,
        Self::Settings,
        Self::Code,
        Self::Ranks,
        Self::Threads,
        Self::WallTime,
        Self::Waive,
        Self::Label,
    ];

    /// Its place in the order.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The field at a place.
    #[must_use]
    pub fn at(index: usize) -> Self {
        Self::ALL.get(index).copied().unwrap_or(Self::Label)
    }

    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Structure => "structure",
            Self::Template => "template",
            Self::Parameters => "parameters",
            Self::Settings => "settings",
            Self::Code => "code",
            Self::Ranks => "ranks",
            Self::Threads => "threads",
            Self::WallTime => "wall time",
            Self::Waive => "waive",
            Self::Label => "label",
        }
    }

    /// What to write.
    #[must_use]
    pub const fn hint(self) -> &'static str {
        match self {
            Self::Structure => {
                "The path of a POSCAR, a CIF or another structure file (Ctrl-O chooses), or its text, \
                 pasted."
            }
            Self::Template => {
                "What to calculate. Ctrl-O chooses; screen 4 tells about each (Alt-4)."
            }
            Self::Parameters => {
                "What the template should do otherwise. Ctrl-O chooses and explains."
            }
            Self::Settings => {
                "INCAR settings over those of the template: TAG = value; TAG = value. A value that holds \
                 = or ; stands in quotes."
            }
            Self::Code => "Which VASP. Ctrl-O chooses.",
            Self::Ranks => "How many MPI ranks; empty takes what the code was registered with.",
            Self::Threads => "Threads per rank; empty takes what the code was registered with.",
            Self::WallTime => "After which time the job is ended: 2h, 90min or 1:30:00.",
            Self::Waive => "Errors to submit in spite of. Ctrl-O chooses among those of the check.",
            Self::Label => "What you want to call it. Enter submits.",
        }
    }

    /// What an empty field means.
    #[must_use]
    pub const fn if_empty(self) -> &'static str {
        match self {
            Self::Parameters => "(all as the template has them)",
            Self::Settings => "(those of the template)",
            Self::Code | Self::WallTime => "(the default)",
            Self::Ranks | Self::Threads => "(of the code)",
            Self::Waive => "(nothing)",
            Self::Structure | Self::Template | Self::Label => "",
        }
    }
}
