//! Everything that a key can mean: the one source of key bar, help and palette.

macro_rules! commands {
    ($($variant:ident $name:literal $title:literal $about:literal;)*) => {
        /// What a key, or a line of the palette, can mean.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Command {
            $(#[doc = $about] $variant,)*
        }

        impl Command {
            /// All commands.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name in the configuration.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// What the key bar says.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),* }
            }

            /// What help and palette say.
            #[must_use]
            pub const fn about(self) -> &'static str {
                match self { $(Self::$variant => $about),* }
            }
        }
    };
}

commands! {
    Quit "quit" "quit" "End the program";
    Back "back" "back" "Go back one screen, from the first one end the program";
    Palette "palette" "commands" "Find a command by its name";
    Help "help" "help" "Show what the keys do here";
    ShowLog "log" "log" "Show what the server and this program had to say";
    Redraw "redraw" "redraw" "Paint the whole screen again";
    Suspend "suspend" "suspend" "Stop the program until the shell calls it back";
    Refresh "refresh" "refresh" "Look again, or start the server again";
    GoJobs "go-jobs" "jobs" "Go to the jobs";
    GoCreate "go-create" "new" "Go to the new calculation";
    GoEditor "go-editor" "editor" "Go to the editor of input files";
    Inputs "inputs" "inputs" "Show the input files that the job ran with, read only";
    GoTemplates "go-templates" "templates" "Go to the templates";
    ShowNew "show-new" "new job" "Go to the job that was made last";
    Engine "engine" "engine" "Show how the engine is: its profile, its parts, their versions";
    Settings "settings" "settings" "Tell where settings and themes come from";
    Up "up" "up" "One row up";
    Down "down" "down" "One row down";
    HalfUp "half-up" "half a screen up" "Half a screen up";
    HalfDown "half-down" "half a screen down" "Half a screen down";
    PageUp "page-up" "a screen up" "A screen up";
    PageDown "page-down" "a screen down" "A screen down";
    First "first" "first" "To the first row";
    Last "last" "last" "To the last row";
    Open "open" "open" "Open what is selected";
    Unfold "unfold" "unfold" "Show the steps of the job, or what is below the step";
    Fold "fold" "fold" "Hide the steps, or go up to what they are below of";
    FoldAll "fold-all" "fold all" "Hide all steps, or show all that were shown before";
    Filter "filter" "filter" "Keep only the rows that match; for jobs: words, state:failed, formula:Si, template:relax";
    ClearFilter "clear-filter" "show all" "Show all rows again and forget the marks";
    Sort "sort" "sort" "Sort by the next column";
    Reverse "reverse" "reverse" "Turn the order round";
    Mark "mark" "mark" "Mark the job, or unmark it";
    MarkAll "mark-all" "mark all" "Mark all jobs that the filter shows, or unmark them";
    Cancel "cancel" "cancel" "Cancel the job, or the marked ones";
    Pause "pause" "pause" "Pause the job or the marked ones, or let them go on";
    Restart "restart" "restart" "Restart the job from its last structure, as a new job";
    Resubmit "resubmit" "change" "Make a new calculation from this one, with changes";
    Delete "delete" "delete" "Delete the job, or the marked ones, for good";
    Label "label" "label" "Give the job another label";
    Diff "diff" "compare" "Compare the inputs of the two marked jobs, or of the job with what its template gives";
    Repair "repair" "repair" "Repair the engine";
    Preview "preview" "check" "Show the inputs of the calculation and what there is to say about them";
    Submit "submit" "submit" "Submit the calculation";
    EmptyForm "empty-form" "empty" "Empty the form; undo brings back what was in it";
    OtherForm "other-form" "other form" "Show the other form that is kept";
    Unset "unset" "default" "Give the parameter its default again";
    NextStep "next-step" "next step" "Show the inputs of the next step";
    PreviousStep "previous-step" "step before" "Show the inputs of the step before";
    Copy "copy" "copy id" "Copy what is selected to the clipboard of the terminal";
    Search "search" "search" "Look for a text in what is read; among files keep those with it in their names";
    NextHit "next-hit" "next hit" "To the next line with the text";
    PreviousHit "previous-hit" "hit before" "To the line with the text before";
    ClearSearch "clear-search" "end search" "Look for the text no more";
    Error "error" "error" "Open the log at the line of the error";
    Convergence "convergence" "convergence" "Show how the job converges";
    Output "output" "output" "Show the log of the job and the end of its output";
    Files "files" "files" "Show the files of the job";
    Bands "bands" "bands" "Show the band structure of the job";
    NextPane "next-pane" "next pane" "Go to the next pane";
    PreviousPane "previous-pane" "previous pane" "Go to the pane before";
    NextField "next-field" "next field" "Go to the next field";
    PreviousField "previous-field" "field before" "Go to the field before";
    Accept "accept" "accept" "Take this and go on";
    Browse "browse" "browse" "Choose what the field can hold: a file, a template, a code";
    Save "save" "save" "Write the file to disk";
    SaveAll "save-all" "save all" "Write all changed files to disk";
    SaveAs "save-as" "save as" "Write copies of the files into another folder";
    OpenFolder "open-folder" "open" "Open the input files of a folder";
    Close "close" "close" "Close what stands above the text, or the message";
    Undo "undo" "undo" "Undo the last change";
    Redo "redo" "redo" "Do the undone change again";
    Cut "cut" "cut" "Cut the selection, or the line, to the clipboard";
    Find "find" "find" "Find text in the file";
    FindNext "find-next" "next hit" "Go to the next place where it is found";
    FindPrevious "find-previous" "hit before" "Go to the place before where it is found";
    Complete "complete" "complete" "Propose what can be written here";
    Hover "hover" "explain" "Explain what stands here";
    Define "define" "go to" "Go to the ion or species that the value belongs to";
    NextProblem "next-problem" "next problem" "Go to the next problem in the file";
    PreviousProblem "previous-problem" "problem before" "Go to the problem before";
    Fix "fix" "fix" "Propose fixes for what stands here";
    Format "format" "format" "Put the file in order without changing what it means";
    SelectAll "select-all" "select all" "Select the whole file";
    NextFile "next-file" "next file" "Go to the next file of the set";
    PreviousFile "previous-file" "file before" "Go to the file before";
    Yes "yes" "yes" "Do it";
    No "no" "no" "Leave it";
}

impl Command {
    /// The command of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|command| command.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_means_one_command() {
        for command in Command::ALL {
            assert_eq!(Command::parse(command.name()), Some(*command));
        }
        assert_eq!(Command::parse("fly"), None);
    }
}
