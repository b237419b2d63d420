//! Files that belong to a calculation: they are looked at, never changed.

/// Whose files these are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// In words: `job 137, step 3 of 5`.
    pub name: String,
}

impl Recorded {
    /// The files of a step of a job.
    #[must_use]
    pub fn step(job: i64, index: i64, n_steps: usize) -> Self {
        let step = if n_steps > 1 { format!(", step {index} of {n_steps}") } else { String::new() };
        Self { name: format!("job {job}{step}") }
    }

    /// The files of a folder that a calculation runs or ran in.
    #[must_use]
    pub fn unknown() -> Self {
        Self { name: "the folder of a job".to_owned() }
    }

    /// A name for a folder with copies of them.
    #[must_use]
    pub fn folder_name(&self) -> String {
        let words = self.name.split([' ', ',']).filter(|word| !word.is_empty());
        words.collect::<Vec<&str>>().join("-")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_step_is_named_where_there_are_several() {
        let step = Recorded::step(137, 3, 5);
        assert_eq!(
            (step.name.as_str(), step.folder_name().as_str()),
            ("job 137, step 3 of 5", "job-137-step-3-of-5")
        );
        assert_eq!(Recorded::step(7, 1, 1).name, "job 7");
    }
}
