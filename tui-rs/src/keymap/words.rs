//! Other words for the commands, so that the palette finds them as people call them.

use super::Command;

/// What people call a command beside its name.
#[must_use]
pub const fn synonyms(command: Command) -> &'static [&'static str] {
    match command {
        Command::Quit => &["exit", "leave", "bye"],
        Command::Back => &["close", "return"],
        Command::Help => &["keys", "shortcuts", "manual"],
        Command::ShowLog => &["messages", "notices", "server log"],
        Command::Redraw => &["repaint", "clear screen"],
        Command::Suspend => &["shell", "background"],
        Command::Refresh => &["reload", "reconnect", "update"],
        Command::GoJobs => &["list", "home"],
        Command::GoCreate => &["create", "run", "submit", "start", "calculate", "form"],
        Command::GoEditor => &["edit", "incar", "poscar", "kpoints", "input files"],
        Command::Inputs => &["input files", "incar of job", "what was run", "poscar of job"],
        Command::GoTemplates => &["catalogue", "workflows", "makers", "recipes"],
        Command::ShowNew => &["newest", "last job", "created job"],
        Command::Engine => {
            &["profile", "status", "health", "daemon", "worker", "broker", "version", "doctor"]
        }
        Command::Settings => {
            &["theme", "colours", "colors", "config", "configuration", "preferences"]
        }
        Command::Open => &["show", "details", "card"],
        Command::Unfold => &["steps", "expand", "tree"],
        Command::Fold => &["collapse", "hide"],
        Command::FoldAll => &["collapse all"],
        Command::Filter => &["find", "search", "narrow"],
        Command::ClearFilter => &["show all", "reset", "unmark"],
        Command::Sort => &["order"],
        Command::Mark => &["select", "tag"],
        Command::Cancel => &["kill", "stop", "end", "abort", "terminate"],
        Command::Pause => &["resume", "hold", "play", "continue"],
        Command::Restart => &["rerun", "go on", "again"],
        Command::Resubmit => &["change", "modify", "duplicate", "clone", "rerun with changes"],
        Command::Delete => &["remove", "rm", "erase", "trash"],
        Command::Label => &["rename", "name", "title"],
        Command::Diff => &["compare", "differences"],
        Command::Repair => &["fix", "heal", "restart daemon", "start daemon"],
        Command::Preview => &["check", "inputs", "validate"],
        Command::Submit => &["run", "start", "launch", "calculate"],
        Command::EmptyForm => &["reset", "clear", "new form"],
        Command::OtherForm => &["draft", "drafts", "swap"],
        Command::Unset => &["default", "reset"],
        Command::Copy => &["yank", "clipboard"],
        Command::Search => &["find"],
        Command::Error => &["why", "failure", "failed"],
        Command::Convergence => &["scf", "energy", "forces", "progress"],
        Command::Output => &["log", "report", "stdout", "oszicar"],
        Command::Files => &["outcar", "results", "folder"],
        Command::Bands => &["band structure", "plot"],
        Command::Browse => &["choose", "pick", "file"],
        Command::Save => &["write", "store"],
        Command::SaveAs => &["copy", "copies", "save copy", "export", "write as", "other folder"],
        Command::SaveAll => &["write all"],
        Command::Close => &["dismiss", "end find"],
        Command::OpenFolder => &["load", "file"],
        Command::Undo => &["revert"],
        Command::Find => &["search"],
        Command::Complete => &["propose", "autocomplete", "proposals"],
        Command::Hover => &["explain", "documentation", "describe"],
        Command::Define => &["go to", "jump", "definition"],
        Command::NextProblem => &["problem", "diagnostics", "next error"],
        Command::Fix => &["repair", "correct", "quick fix"],
        Command::Format => &["tidy", "align"],
        _ => &[],
    }
}
