//! Which line of the list shows what: the jobs, and below the open ones their steps.

use super::row::Row;
use super::tree::Step;

/// What one line shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line<'a> {
    /// A job.
    Job(&'a Row),
    /// A step of a job.
    Step(&'a Row, &'a Step),
}

/// The open jobs, from the top. All others take one line each and need no entry.
#[derive(Debug, Default)]
pub struct Lines {
    open: Vec<Open>,
}

#[derive(Debug)]
struct Open {
    /// The place among the jobs.
    place: usize,
    /// How many lines of steps stand above it.
    n_above: usize,
    /// How many it has itself.
    n_steps: usize,
}

impl Lines {
    /// From the places of the open jobs among the jobs, with the number of their steps.
    #[must_use]
    pub fn new(mut places: Vec<(usize, usize)>) -> Self {
        places.sort_unstable();
        let mut n_above = 0;
        let mut open = Vec::with_capacity(places.len());
        for (place, n_steps) in places {
            open.push(Open { place, n_above, n_steps });
            n_above += n_steps;
        }
        Self { open }
    }

    /// How many lines of steps there are.
    #[must_use]
    pub fn n_steps(&self) -> usize {
        self.open.last().map_or(0, |last| last.n_above + last.n_steps)
    }

    /// The line of a job.
    #[must_use]
    pub fn of_job(&self, place: usize) -> usize {
        let behind = self.open.partition_point(|open| open.place < place);
        let above = behind.checked_sub(1).and_then(|index| self.open.get(index));
        place + above.map_or(0, |open| open.n_above + open.n_steps)
    }

    /// What stands in a line: the place of the job, and which of its steps.
    #[must_use]
    pub fn at(&self, line: usize) -> (usize, Option<usize>) {
        let behind = self.open.partition_point(|open| open.place + open.n_above <= line);
        let Some(open) = behind.checked_sub(1).and_then(|index| self.open.get(index)) else {
            return (line, None);
        };
        match line - open.place - open.n_above {
            0 => (open.place, None),
            offset if offset <= open.n_steps => (open.place, Some(offset - 1)),
            offset => (open.place + offset - open.n_steps, None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_one_job_or_one_step() {
        let lines = Lines::new(vec![(4, 1), (1, 3), (2, 2)]);
        let shown: Vec<(usize, Option<usize>)> = (0..12).map(|line| lines.at(line)).collect();
        let expected = [
            (0, None),
            (1, None),
            (1, Some(0)),
            (1, Some(1)),
            (1, Some(2)),
            (2, None),
            (2, Some(0)),
            (2, Some(1)),
            (3, None),
            (4, None),
            (4, Some(0)),
            (5, None),
        ];
        assert_eq!(shown, expected);
        assert_eq!(lines.n_steps(), 6);
        for (line, (place, step)) in expected.into_iter().enumerate() {
            assert_eq!(lines.of_job(place) + step.map_or(0, |step| step + 1), line);
        }
    }

    #[test]
    fn without_open_jobs_lines_are_jobs() {
        assert_eq!(Lines::default().at(7), (7, None));
        assert_eq!(Lines::default().of_job(7), 7);
    }
}
