//! Plots of a job: how it converges, and its bands.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::symbols::Marker;
use ratatui::widgets::{Axis, Chart, Dataset, GraphType, Widget};

use crate::api::wire::{Bands, Convergence};
use crate::widget::text::line;
use crate::widget::theme;

/// Room for the energies around the Fermi level.
const BANDS_BELOW_EV: f64 = 10.0;
const BANDS_ABOVE_EV: f64 = 8.0;

/// A line of a plot.
struct Series {
    points: Vec<(f64, f64)>,
    style: Style,
}

/// A quantity over the steps of a run.
struct Course {
    title: String,
    points: Vec<(f64, f64)>,
    style: Style,
    /// Whether the values are decadic logarithms.
    is_log: bool,
}

/// Paint how a job converges: the energy and the largest force, or the electronic steps while there
/// is no ionic one.
pub fn convergence(found: &Convergence, area: Rect, buffer: &mut Buffer) {
    let courses = courses(found);
    let count = u16::try_from(courses.len()).unwrap_or(1).max(1);
    let height = area.height / count;
    for (index, course) in (0..).zip(&courses) {
        let y = area.y + index * height;
        let height = if index + 1 == count { area.bottom() - y } else { height };
        plot(course, Rect { y, height, ..area }, buffer);
    }
}

fn courses(found: &Convergence) -> Vec<Course> {
    let steps = &found.ionic;
    let changes = (1..).zip(&found.electronic).filter_map(|(index, step)| {
        let change = step.change_ev.abs();
        (change > 0.0).then(|| (number(index), change.log10()))
    });
    let changes = Course {
        title: "energy change of each electronic step (eV, logarithmic)".to_owned(),
        points: changes.collect(),
        style: theme::warning(),
        is_log: true,
    };
    let Some(last) = steps.last().filter(|_| steps.len() > 1) else { return vec![changes] };
    let energies = steps.iter().map(|step| (number(step.number), step.energy_ev - last.energy_ev));
    let energy = Course {
        title: format!("energy - last (eV) over the ionic steps; last: {:.6} eV", last.energy_ev),
        points: energies.collect(),
        style: theme::well(),
        is_log: false,
    };
    let forces = steps.iter().filter_map(|step| {
        Some((number(step.number), step.max_force_ev_per_angstrom?.max(1e-12).log10()))
    });
    let force = last.max_force_ev_per_angstrom.map_or(String::new(), |force| format!("{force:.6}"));
    let force = Course {
        title: format!("largest force (eV/Å, logarithmic); last: {force}"),
        points: forces.collect(),
        style: theme::alarm(),
        is_log: true,
    };
    vec![energy, if force.points.is_empty() { changes } else { force }]
}

/// Paint the bands around the Fermi level; lines and labels mark the special points where they are.
pub fn bands(found: &Bands, area: Rect, buffer: &mut Buffer) {
    let fermi = found.fermi_energy_ev;
    let styles = [theme::well(), theme::alarm()];
    let end = found.distance_per_angstrom.last().copied().unwrap_or(1.0).max(1e-9);
    let mut series: Vec<Series> = Vec::new();
    for (spin, style) in found.energy_ev.iter().zip(styles) {
        for band in spin {
            let points = found.distance_per_angstrom.iter().zip(band);
            let points: Vec<(f64, f64)> =
                points.map(|(distance, energy)| (*distance, energy - fermi)).collect();
            let pieces = found.segments.iter().flat_map(|segment| near(within(&points, segment)));
            series.extend(pieces.map(|points| Series { points, style }));
        }
    }
    let energies = series.iter().flat_map(|line| line.points.iter().map(|point| point.1));
    let (low, high) = bounds(energies);
    let mut lines = vec![Series { points: vec![(0.0, 0.0), (end, 0.0)], style: theme::faint() }];
    lines.extend(found.ticks.iter().map(|tick| {
        let at = tick.distance_per_angstrom;
        Series { points: vec![(at, low), (at, high)], style: theme::faint() }
    }));
    lines.extend(series);
    let title = format!("energy - Fermi energy (eV); Fermi energy: {fermi:.4} eV");
    line(&title, area.x, area.y, area.width, theme::faint(), buffer);
    let y_labels = [format!("{low:.1}"), String::new(), format!("{high:.1}")];
    let left = y_labels.iter().map(String::len).max().unwrap_or(0);
    let chart = Rect { y: area.y + 1, height: area.height.saturating_sub(2), ..area };
    let x_axis = Axis::default().bounds([0.0, end]);
    let y_axis = Axis::default().bounds([low, high]).labels(y_labels);
    Chart::new(lines.iter().map(dataset).collect())
        .x_axis(x_axis)
        .y_axis(y_axis)
        .render(chart, buffer);
    let first = area.x + u16::try_from(left).unwrap_or(0) + 1;
    let ticks = found.ticks.iter().map(|tick| (tick.distance_per_angstrom / end, &*tick.label));
    labels(ticks, Rect { x: first, width: area.right().saturating_sub(first), ..chart }, buffer);
}

/// The points of a piece of the path, given by its first and its last k-point.
fn within<'a>(points: &'a [(f64, f64)], segment: &[i64]) -> &'a [(f64, f64)] {
    let end = |index: Option<&i64>| index.and_then(|index| usize::try_from(*index).ok());
    let range = end(segment.first()).zip(end(segment.last()));
    range.and_then(|(first, last)| points.get(first..=last)).unwrap_or_default()
}

/// The stretches of a band that are near the Fermi level, each up to where it leaves.
fn near(points: &[(f64, f64)]) -> Vec<Vec<(f64, f64)>> {
    let is_near = |energy: f64| (-BANDS_BELOW_EV..=BANDS_ABOVE_EV).contains(&energy);
    let mut stretches = Vec::new();
    let mut stretch: Vec<(f64, f64)> = Vec::new();
    let mut before: Option<(f64, f64)> = None;
    for &(distance, energy) in points {
        let crossing =
            before.filter(|(_, energy_before)| is_near(*energy_before) != is_near(energy));
        if let Some((distance_before, energy_before)) = crossing {
            let outside = if is_near(energy) { energy_before } else { energy };
            let edge = outside.clamp(-BANDS_BELOW_EV, BANDS_ABOVE_EV);
            let part = (edge - energy_before) / (energy - energy_before);
            stretch.push((distance_before + part * (distance - distance_before), edge));
        }
        if is_near(energy) {
            stretch.push((distance, energy));
        } else {
            stretches.push(std::mem::take(&mut stretch));
        }
        before = Some((distance, energy));
    }
    stretches.push(stretch);
    stretches.retain(|points| !points.is_empty());
    stretches
}

/// Write labels below a plot, each where it belongs as a fraction of the width; one that would touch
/// the one before is left out.
fn labels<'a>(ticks: impl Iterator<Item = (f64, &'a str)>, chart: Rect, buffer: &mut Buffer) {
    let mut free = chart.x;
    for (fraction, label) in ticks {
        let width = u16::try_from(label.chars().count()).unwrap_or(u16::MAX);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // within the chart
        let offset =
            (f64::from(chart.width.saturating_sub(1)) * fraction.clamp(0.0, 1.0)).round() as u16;
        let x =
            (chart.x + offset).saturating_sub(width / 2).min(chart.right().saturating_sub(width));
        if x >= free {
            line(label, x, chart.bottom(), width, Style::new(), buffer);
            free = x + width + 1;
        }
    }
}

fn plot(course: &Course, area: Rect, buffer: &mut Buffer) {
    line(&course.title, area.x, area.y, area.width, theme::faint(), buffer);
    let chart = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    if course.points.is_empty() {
        return;
    }
    let (left, right) = bounds(course.points.iter().map(|point| point.0));
    let (low, high) = bounds(course.points.iter().map(|point| point.1));
    let value = |value: f64| {
        if course.is_log { format!("{:.1e}", 10_f64.powf(value)) } else { format!("{value:.4}") }
    };
    let x_axis =
        Axis::default().bounds([left, right]).labels([format!("{left:.0}"), format!("{right:.0}")]);
    let y_axis = Axis::default().bounds([low, high]).labels([value(low), value(high)]);
    let series = Series { points: course.points.clone(), style: course.style };
    Chart::new(vec![dataset(&series)]).x_axis(x_axis).y_axis(y_axis).render(chart, buffer);
}

fn dataset(series: &Series) -> Dataset<'_> {
    Dataset::default()
        .marker(Marker::Braille)
        .graph_type(GraphType::Line)
        .style(series.style)
        .data(&series.points)
}

/// The smallest and the largest value, apart even when there is only one.
fn bounds(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = values
        .filter(|value| value.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        });
    if low < high {
        (low, high)
    } else if low.is_finite() {
        (low - 0.5, low + 0.5)
    } else {
        (0.0, 1.0)
    }
}

#[allow(clippy::cast_precision_loss)] // steps are few
fn number(index: i64) -> f64 {
    index as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_stand_where_they_belong_and_do_not_touch() {
        let area = Rect { x: 0, y: 0, width: 21, height: 3 };
        let mut buffer = Buffer::empty(area);
        let ticks = [(0.0, "Γ"), (0.3, "X"), (0.35, "U"), (1.0, "K|U")];
        labels(ticks.into_iter(), Rect { height: 2, ..area }, &mut buffer);
        let row: String = (0..21).map(|x| buffer[(x, 2)].symbol().to_owned()).collect();
        assert_eq!(row, "Γ     X           K|U");
    }

    #[test]
    fn a_band_that_leaves_the_picture_is_not_joined_where_it_comes_back() {
        let band = [(0.0, 7.0), (1.0, 9.0), (2.0, 12.0), (3.0, 4.0), (4.0, 3.0)];
        let stretches = near(&band);
        assert_eq!(
            stretches,
            [vec![(0.0, 7.0), (0.5, 8.0)], vec![(2.5, 8.0), (3.0, 4.0), (4.0, 3.0)]]
        );
        assert!(near(&[(0.0, 20.0), (1.0, 20.0)]).is_empty());
    }

    #[test]
    fn a_piece_of_the_path_has_its_own_points() {
        let points = [(0.0, 1.0), (1.0, 2.0), (1.0, 3.0), (2.0, 4.0)];
        assert_eq!(within(&points, &[2, 3]), [(1.0, 3.0), (2.0, 4.0)]);
        assert!(within(&points, &[2, 9]).is_empty());
    }

    #[test]
    fn bounds_are_never_empty() {
        assert_eq!(bounds([1.0, 3.0, 2.0].into_iter()), (1.0, 3.0));
        assert_eq!(bounds([2.0].into_iter()), (1.5, 2.5));
        assert_eq!(bounds(std::iter::empty()), (0.0, 1.0));
        assert_eq!(bounds([f64::NAN].into_iter()), (0.0, 1.0));
    }
}
