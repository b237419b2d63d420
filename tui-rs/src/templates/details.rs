//! All about one template, as lines to read.

use ratatui::style::Style;

use super::Browser;
use crate::api::loaded::Loaded;
use crate::api::wire::{
    PotcarNeed, PotcarNeeds, TemplateDetails, TemplateJob, TemplateJobKind, When,
};
use crate::create::inputs::Line;
use crate::create::schema::{Parameter, written};
use crate::widget::text::wrapped;
use crate::widget::theme;

/// How many of the template's own parameters are named; the form lists all of them.
const MAX_PARAMETERS: usize = 40;

/// What there is to say about the selected template, as lines of this width.
#[must_use]
pub fn lines(browser: &Browser, width: usize) -> Vec<Line> {
    let Some(template) = browser.selected() else { return Vec::new() };
    let mut page = Page { lines: Vec::new(), width };
    page.say(&template.title, theme::strong());
    match browser.details() {
        Loaded::Known(details) => page.details(browser, details),
        other => {
            page.blank();
            page.say(&other.excuse("what is known about it"), Style::new());
        }
    }
    page.lines
}

struct Page {
    lines: Vec<Line>,
    width: usize,
}

impl Page {
    fn say(&mut self, text: &str, style: Style) {
        let lines = text.lines().map(str::to_owned).collect::<Vec<_>>();
        self.lines.extend(wrapped(&lines, self.width).into_iter().map(|line| (line, style)));
    }

    fn blank(&mut self) {
        self.lines.push((String::new(), Style::new()));
    }

    fn heading(&mut self, text: &str) {
        self.blank();
        self.say(text, theme::strong());
    }

    fn details(&mut self, browser: &Browser, found: &TemplateDetails) {
        if !found.maker.is_empty() {
            self.say(&format!("atomate2: {}", found.maker), theme::faint());
        }
        if let Some(refusal) = &found.refusal {
            self.blank();
            self.say(&format!("✗ {refusal}"), theme::alarm());
        }
        if !found.about.is_empty() {
            self.blank();
            self.say(&found.about, Style::new());
        }
        self.jobs(&found.jobs);
        self.needs(found);
        self.potcars(browser, found);
        self.parameters(browser.parameters());
    }

    fn jobs(&mut self, jobs: &[TemplateJob]) {
        if jobs.is_empty() {
            return;
        }
        self.heading("Steps");
        for (number, job) in (1..).zip(jobs) {
            let what = match (job.kind, &job.input_set) {
                (TemplateJobKind::Vasp, Some(name)) => format!("VASP, inputs of {name}"),
                (TemplateJobKind::Vasp, None) => "VASP".to_owned(),
                (TemplateJobKind::Python, _) => "analysis".to_owned(),
            };
            let later = if job.when == When::Later { "; added while it runs" } else { "" };
            self.say(&format!("{number:>2} {} ({what}{later})", job.name), Style::new());
        }
    }

    fn needs(&mut self, found: &TemplateDetails) {
        if found.inputs.is_empty() && found.packages.is_empty() {
            return;
        }
        self.heading("Needs");
        for input in &found.inputs {
            let optional = if input.required { "" } else { " (optional)" };
            let colon = if input.description.is_empty() { "" } else { ": " };
            let text = format!("· {}{optional}{colon}{}", input.name, input.description);
            self.say(&text, Style::new());
        }
        for package in &found.packages {
            let (sign, state, style) = if package.installed {
                ("✓", "installed", theme::well())
            } else {
                ("✗", "not installed", theme::warning())
            };
            self.say(&format!("{sign} {} ({state})", package.name), style);
        }
    }

    fn potcars(&mut self, browser: &Browser, found: &TemplateDetails) {
        if found.refusal.is_some() {
            return;
        }
        self.heading("POTCARs");
        match browser.potcars() {
            None => {
                let text = "Choose a structure in the new calculation to see which are missing.";
                self.say(text, theme::faint());
            }
            Some(Loaded::Known(PotcarNeeds { needs })) => {
                for need in needs {
                    self.potcar(need);
                }
            }
            Some(Loaded::Failed(fault)) => {
                self.say(&format!("✗ {} {}", fault.message, fault.hint()), theme::alarm());
            }
            Some(Loaded::Unknown | Loaded::Asked) => self.say("Looking for them.", theme::faint()),
        }
    }

    fn potcar(&mut self, need: &PotcarNeed) {
        let functional = &need.functional;
        let found = |name: &&String| !need.missing.contains(*name);
        let found: Vec<&str> = need.needed.iter().filter(found).map(String::as_str).collect();
        if !found.is_empty() {
            self.say(&format!("✓ {} found ({functional})", found.join(" ")), theme::well());
        }
        if !need.missing.is_empty() {
            let names = need.missing.join(" ");
            self.say(&format!("✗ {names} missing ({functional})"), theme::alarm());
        }
    }

    fn parameters(&mut self, all: &[Parameter]) {
        self.heading(&format!("Parameters ({})", all.len()));
        let own: Vec<&Parameter> = all.iter().filter(|one| !one.path.contains('.')).collect();
        for parameter in own.iter().take(MAX_PARAMETERS) {
            let unit = if parameter.unit.is_empty() { "" } else { " " };
            let value = parameter.default_value().map(written);
            let value = value.map(|value| format!(" = {value}{unit}{}", parameter.unit));
            let value = value.unwrap_or_default();
            let colon = if parameter.about.is_empty() { "" } else { ": " };
            let text = format!("· {}{value}{colon}{}", parameter.path, parameter.about);
            self.say(&text, Style::new());
        }
        let n_more = all.len() - own.len().min(MAX_PARAMETERS);
        if n_more > 0 {
            let text =
                format!("and {n_more} of its steps and input sets; the form lists them all.");
            self.say(&text, theme::faint());
        }
    }
}
