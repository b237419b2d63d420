//! The steps of the jobs that are unfolded.

use std::collections::{HashMap, HashSet};

use crate::api::wire::{Fault, JobState, TreeNode};
use crate::msg::Call;

/// One line below a job: a process that was run for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its number.
    pub id: i64,
    /// The process above it: the job, or another step.
    pub above: i64,
    /// How deep it stands; 0 is right below the job.
    pub depth: u16,
    /// What it is called.
    pub name: Box<str>,
    /// The name of its class or function.
    pub kind: Box<str>,
    /// Its state.
    pub state: JobState,
    /// Why it ended, with the exit code; empty when all is well.
    pub message: Box<str>,
    /// Whether there is anything below it.
    pub has_steps: bool,
    /// Whether that is shown.
    pub is_open: bool,
}

/// What is known of one job's steps.
#[derive(Debug, Default)]
struct Tree {
    root: Option<TreeNode>,
    /// The lines that are shown while the job is open.
    lines: Vec<Step>,
    pending: bool,
    /// Whether it changed after the question that is not answered yet.
    stale: bool,
}

/// The steps of the jobs that were unfolded, and what of them is open.
#[derive(Debug, Default)]
pub struct Trees {
    known: HashMap<i64, Tree>,
    open: HashSet<i64>,
}

/// How a job's steps stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fold {
    /// They are not shown.
    Closed,
    /// They are asked for.
    Loading,
    /// They are shown.
    Open,
}

impl Trees {
    /// How the steps of a job stand.
    #[must_use]
    pub fn fold(&self, job: i64) -> Fold {
        match self.known.get(&job) {
            Some(tree) if self.open.contains(&job) && tree.root.is_some() => Fold::Open,
            Some(_) if self.open.contains(&job) => Fold::Loading,
            _ => Fold::Closed,
        }
    }

    /// The lines below a job; none while it is closed.
    #[must_use]
    pub fn lines(&self, job: i64) -> &[Step] {
        let tree = self.known.get(&job).filter(|_| self.open.contains(&job));
        tree.map_or(&[], |tree| tree.lines.as_slice())
    }

    /// The jobs that have lines.
    pub fn open_jobs(&self) -> impl Iterator<Item = i64> {
        self.known.keys().copied().filter(|job| !self.lines(*job).is_empty())
    }

    /// Open a job; the question for its steps, unless it is asked already.
    pub fn open_job(&mut self, job: i64) -> Option<Call> {
        self.open.insert(job);
        let call = self.ask(job);
        self.flatten(job);
        call
    }

    fn ask(&mut self, job: i64) -> Option<Call> {
        let tree = self.known.entry(job).or_default();
        if std::mem::replace(&mut tree.pending, true) {
            tree.stale = true;
            return None;
        }
        tree.stale = false;
        Some(Call::Tree(job))
    }

    /// Open a step of a job, or close it; closing works for the job too.
    pub fn set_open(&mut self, job: i64, id: i64, open: bool) {
        if open {
            self.open.insert(id);
        } else {
            self.open.remove(&id);
        }
        self.flatten(job);
    }

    /// Close whatever is open; when nothing is, open everything that is known.
    pub fn toggle_all(&mut self) {
        let jobs: Vec<i64> = self.known.keys().copied().collect();
        if jobs.iter().any(|job| self.open.contains(job)) {
            self.open.clear();
        } else {
            for (job, tree) in &self.known {
                self.open.insert(*job);
                collect(tree.root.as_ref(), &mut self.open);
            }
        }
        for job in jobs {
            self.flatten(job);
        }
    }

    /// The questions for those of these jobs that are open, since they changed.
    pub fn changed(&mut self, jobs: impl IntoIterator<Item = i64>) -> Vec<Call> {
        let open: Vec<i64> = jobs.into_iter().filter(|job| self.open.contains(job)).collect();
        open.into_iter().filter_map(|job| self.ask(job)).collect()
    }

    /// All jobs that are open, to be asked for again.
    #[must_use]
    pub fn all_open(&self) -> Vec<i64> {
        self.known.keys().copied().filter(|job| self.open.contains(job)).collect()
    }

    /// The server that was asked is gone.
    pub fn forget_questions(&mut self) {
        for tree in self.known.values_mut() {
            tree.pending = false;
        }
    }

    /// A job is no more.
    pub fn remove(&mut self, job: i64) {
        self.known.remove(&job);
        self.open.remove(&job);
    }

    /// Take an answer in. Gives the next question when the job changed meanwhile, and whether the
    /// lines are others now.
    pub fn take(&mut self, job: i64, answer: Result<TreeNode, Fault>) -> (Option<Call>, bool) {
        let Some(tree) = self.known.get_mut(&job) else { return (None, false) };
        tree.pending = false;
        let stale = std::mem::take(&mut tree.stale);
        let mut changed = true;
        if let Ok(root) = answer {
            changed = tree.root.as_ref() != Some(&root);
            tree.root = Some(root);
        } else if tree.root.is_none() {
            // What never came is closed, so that it can be asked for again.
            self.open.remove(&job);
        }
        self.flatten(job);
        let next = (stale && self.open.contains(&job)).then(|| self.ask(job)).flatten();
        (next, changed)
    }

    fn flatten(&mut self, job: i64) {
        let Some(tree) = self.known.get_mut(&job) else { return };
        tree.lines.clear();
        if let Some(root) = tree.root.as_ref().filter(|_| self.open.contains(&job)) {
            push(root, job, 0, &self.open, &mut tree.lines);
        }
    }
}

fn collect(node: Option<&TreeNode>, open: &mut HashSet<i64>) {
    for child in node.map(|node| node.children.as_slice()).unwrap_or_default() {
        if !child.children.is_empty() {
            open.insert(child.id);
            collect(Some(child), open);
        }
    }
}

fn push(node: &TreeNode, above: i64, depth: u16, open: &HashSet<i64>, lines: &mut Vec<Step>) {
    for child in &node.children {
        let is_open = open.contains(&child.id);
        lines.push(step(child, above, depth, is_open));
        if is_open {
            push(child, child.id, depth.saturating_add(1), open, lines);
        }
    }
}

fn step(node: &TreeNode, above: i64, depth: u16, is_open: bool) -> Step {
    let message = node.exit_message.as_deref().unwrap_or_default();
    let message = match node.exit_status {
        Some(status) if status != 0 => format!("{message} (exit {status})"),
        _ => message.to_owned(),
    };
    let kind = if node.kind == node.name { "" } else { node.kind.as_str() };
    Step {
        id: node.id,
        above,
        depth,
        name: node.name.as_str().into(),
        kind: kind.into(),
        state: node.state,
        message: message.into(),
        has_steps: !node.children.is_empty(),
        is_open,
    }
}

#[cfg(test)]
#[path = "tree_tests.rs"]
pub(super) mod tests;
