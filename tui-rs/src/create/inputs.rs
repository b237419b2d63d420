//! The inputs as they would be, and what there is to say about them, as lines to read.

use ratatui::style::Style;

use super::Form;
use crate::api::loaded::Loaded;
use crate::api::wire::{InputRemark, PreviewedInputs, Severity};
use crate::widget::text::wrapped;
use crate::widget::theme;

/// A line with its looks.
pub type Line = (String, Style);

/// How much of one file is shown; the rest of a long POSCAR tells nobody anything.
const FILE_LINES: usize = 500;

/// Everything that is known about the inputs, as lines of this width.
#[must_use]
pub fn lines(form: &Form, width: usize) -> Vec<Line> {
    let mut lines = findings(form, width);
    if let (Loaded::Failed(one), Loaded::Failed(other)) = (&form.check, &form.preview)
        && one == other
    {
        return lines;
    }
    lines.push((String::new(), Style::new()));
    match form.preview.known() {
        Some(found) => lines.extend(preview(found, width)),
        None => lines.extend(plain(&form.preview.excuse("the inputs"), width, Style::new())),
    }
    lines
}

/// What the check found, the errors first, and how to go on.
#[must_use]
pub fn findings(form: &Form, width: usize) -> Vec<Line> {
    let remarks = match (form.check.known(), form.preview.known()) {
        (Some(found), _) => &found.remarks,
        (None, Some(found)) if !found.remarks.is_empty() => &found.remarks,
        _ => return plain(&form.check.excuse("what the check says"), width, theme::faint()),
    };
    let mut lines = Vec::new();
    if form.check.known().is_some() {
        let n_errors = remarks.iter().filter(|one| one.severity == Severity::Error).count();
        let waived = |one: &&InputRemark| form.is_waived(&one.code);
        let errors = remarks.iter().filter(|one| one.severity == Severity::Error);
        let n_left = n_errors - errors.filter(waived).count();
        let (text, style) = match (n_left, remarks.len()) {
            (0, 0) => ("The check has nothing to say against them.".to_owned(), theme::well()),
            (0, _) => ("Nothing stands in the way of submitting them.".to_owned(), theme::well()),
            (1, _) => (
                "1 error stands in the way (Ctrl-O in the field waive lets it pass):".to_owned(),
                theme::strong(),
            ),
            (count, _) => (
                format!(
                    "{count} errors stand in the way (Ctrl-O in the field waive lets them pass):"
                ),
                theme::strong(),
            ),
        };
        lines.extend(plain(&text, width, style));
    }
    let order = |one: &&InputRemark| match one.severity {
        Severity::Error => 0,
        Severity::Warning => 1,
        Severity::Information | Severity::Hint => 2,
    };
    let mut sorted: Vec<&InputRemark> = remarks.iter().collect();
    sorted.sort_by_key(order);
    lines.extend(sorted.into_iter().flat_map(|remark| finding(form, remark, width)));
    lines
}

fn finding(form: &Form, remark: &InputRemark, width: usize) -> Vec<Line> {
    let (sign, style) = match remark.severity {
        Severity::Error if form.is_waived(&remark.code) => ("✗ waived ", theme::warning()),
        Severity::Error => ("✗ ", theme::alarm()),
        Severity::Warning => ("! ", theme::warning()),
        Severity::Information | Severity::Hint => ("· ", theme::faint()),
    };
    let step = if remark.step > 1 { format!("step {}, ", remark.step) } else { String::new() };
    let place = match (&remark.file, remark.line) {
        (Some(file), Some(line)) => format!("{step}{file} line {line}: "),
        (Some(file), None) => format!("{step}{file}: "),
        (None, _) => step,
    };
    let word = remark.severity.word();
    let text = format!("{sign}{word}: {place}{} [{}]", remark.message, remark.code);
    plain(&text, width, style)
}

fn plain(text: &str, width: usize, style: Style) -> Vec<Line> {
    wrapped(&[text.to_owned()], width).into_iter().map(|line| (line, style)).collect()
}

/// Every value with its source, then the other files.
fn preview(found: &PreviewedInputs, width: usize) -> Vec<Line> {
    let (step, count) = (found.step, found.steps.len());
    let name = usize::try_from(step - 1).ok().and_then(|index| found.steps.get(index));
    let name = name.map_or("", String::as_str);
    let others = if count > 1 { " (← → shows the others)" } else { "" };
    let mut lines = vec![(format!("Step {step} of {count}: {name}{others}"), theme::heading())];
    let symbols = found.potcar_symbols.join(" ");
    lines.push((format!("POTCAR: {symbols} ({})", found.potcar_functional), Style::new()));
    lines.push((String::new(), Style::new()));
    lines.push(("INCAR".to_owned(), theme::strong()));
    for setting in &found.incar {
        let text = format!("{:16} = {}", setting.tag, setting.value);
        let room = width.saturating_sub(12).max(1);
        lines.push((format!("{text:room$}  {}", setting.source.word()), Style::new()));
    }
    for (name, text) in found.files.iter().filter(|(name, _)| *name != "INCAR") {
        lines.push((String::new(), Style::new()));
        lines.push((name.clone(), theme::strong()));
        let shown = text.lines().take(FILE_LINES);
        lines.extend(shown.map(|line| (line.to_owned(), Style::new())));
        let n_left = text.lines().count().saturating_sub(FILE_LINES);
        if n_left > 0 {
            lines.push((format!("… and {n_left} lines more"), theme::faint()));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::wire::{InputRemarkSource, InputRemarks};

    fn remark(severity: Severity, code: &str) -> InputRemark {
        InputRemark {
            severity,
            code: code.to_owned(),
            message: format!("About {code}."),
            source: InputRemarkSource::Vasp,
            step: 2,
            file: Some("INCAR".to_owned()),
            line: Some(3),
            url: None,
        }
    }

    fn found(remarks: Vec<InputRemark>) -> Form {
        Form { check: Loaded::Known(InputRemarks { remarks }), ..Form::default() }
    }

    #[test]
    fn errors_come_first_with_their_place_and_say_when_they_are_waived() {
        let warning = remark(Severity::Warning, "slow");
        let mut form = found(vec![warning, remark(Severity::Error, "bad-tag")]);
        let texts: Vec<String> = findings(&form, 80).into_iter().map(|(text, _)| text).collect();
        let counted = "1 error stands in the way (Ctrl-O in the field waive lets it pass):";
        let expected = "✗ error: step 2, INCAR line 3: About bad-tag. [bad-tag]";
        assert_eq!(texts.get(..2), Some([counted, expected].map(str::to_owned).as_slice()));
        form.toggle_waiver("bad-tag");
        let texts: Vec<String> = findings(&form, 80).into_iter().map(|(text, _)| text).collect();
        assert!(texts.iter().any(|text| text.starts_with("✗ waived error")), "{texts:?}");
        assert!(texts.first().is_some_and(|text| text.starts_with("Nothing stands")), "{texts:?}");
    }

    #[test]
    fn a_long_file_is_cut_and_says_so() {
        let text = "0 0 0\n".repeat(600);
        let files = [("POSCAR".to_owned(), text)].into();
        let preview = PreviewedInputs { step: 1, files, ..PreviewedInputs::default() };
        let form = Form { preview: Loaded::Known(preview), ..found(Vec::new()) };
        let lines = lines(&form, 80);
        assert_eq!(lines.last().map(|(text, _)| text.as_str()), Some("… and 100 lines more"));
    }
}
