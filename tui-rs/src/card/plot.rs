//! Plots of a job: how it converges, and its bands.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::symbols::Marker;
use ratatui::widgets::{Axis, Chart, Dataset, GraphType, Widget};

use crate::api::wire::{Bands, Convergence};
use crate::widget::theme;

/// Room for the energies around the Fermi level.
const BANDS_BELOW_EV: f64 = 10.0;
const BANDS_ABOVE_EV: f64 = 8.0;

/// A line of a plot.
struct Series {
    name: &'static str,
    points: Vec<(f64, f64)>,
    style: Style,
}

/// Paint how a job converges: the energy and the largest force, or the electronic steps while there
/// is no ionic one.
pub fn convergence(found: &Convergence, area: Rect, buffer: &mut Buffer) {
    let half = area.height / 2;
    let upper = Rect { height: half, ..area };
    let lower = Rect { y: area.y + half, height: area.height - half, ..area };
    let last = found.ionic.last().map_or(0.0, |step| step.energy_ev);
    let energies = found.ionic.iter().map(|step| (number(step.number), step.energy_ev - last));
    let forces = found.ionic.iter().filter_map(|step| {
        Some((number(step.number), step.max_force_ev_per_angstrom?.max(1e-12).log10()))
    });
    let changes = (1..).zip(&found.electronic).filter_map(|(index, step)| {
        let change = step.change_ev.abs();
        (change > 0.0).then(|| (number(index), change.log10()))
    });
    let changes = Series {
        name: "log10 |dE| of the electronic steps (eV)",
        points: changes.collect(),
        style: theme::warning(),
    };
    if found.ionic.len() < 2 {
        plot(&[changes], area, buffer);
        return;
    }
    let energy =
        Series { name: "energy - last (eV)", points: energies.collect(), style: theme::well() };
    let force = Series {
        name: "log10 largest force (eV/Å)",
        points: forces.collect(),
        style: theme::alarm(),
    };
    plot(&[energy], upper, buffer);
    plot(&[if force.points.is_empty() { changes } else { force }], lower, buffer);
}

/// Paint the bands around the Fermi level.
pub fn bands(found: &Bands, area: Rect, buffer: &mut Buffer) {
    let fermi = found.fermi_energy_ev;
    let styles = [theme::well(), theme::alarm()];
    let mut series = Vec::new();
    for (spin, style) in found.energy_ev.iter().zip(styles) {
        for band in spin {
            let points = found.distance_per_angstrom.iter().copied().zip(band.iter().copied());
            let points = points.map(|(distance, energy)| (distance, energy - fermi));
            let near: Vec<(f64, f64)> = points
                .filter(|(_, energy)| (-BANDS_BELOW_EV..=BANDS_ABOVE_EV).contains(energy))
                .collect();
            series.push(Series { name: "", points: near, style });
        }
    }
    let end = found.distance_per_angstrom.last().copied().unwrap_or(1.0);
    series.push(Series { name: "", points: vec![(0.0, 0.0), (end, 0.0)], style: theme::faint() });
    let labels: Vec<String> = found.ticks.iter().map(|tick| tick.label.clone()).collect();
    let (low, high) =
        bounds(series.iter().flat_map(|line| line.points.iter().map(|point| point.1)));
    let datasets = series.iter().map(dataset).collect();
    let x_axis = Axis::default().bounds([0.0, end.max(1e-9)]).labels(labels);
    let y_axis = Axis::default().title("E - E_Fermi (eV)").bounds([low, high]).labels([
        format!("{low:.1}"),
        "0".to_owned(),
        format!("{high:.1}"),
    ]);
    Chart::new(datasets).x_axis(x_axis).y_axis(y_axis).render(area, buffer);
}

fn plot(series: &[Series], area: Rect, buffer: &mut Buffer) {
    let points = || series.iter().flat_map(|line| line.points.iter());
    if points().next().is_none() {
        return;
    }
    let (left, right) = bounds(points().map(|point| point.0));
    let (low, high) = bounds(points().map(|point| point.1));
    let title = series.first().map_or("", |line| line.name);
    let x_axis =
        Axis::default().bounds([left, right]).labels([format!("{left:.0}"), format!("{right:.0}")]);
    let y_axis = Axis::default()
        .title(title)
        .bounds([low, high])
        .labels([format!("{low:.3}"), format!("{high:.3}")]);
    let datasets = series.iter().map(dataset).collect();
    Chart::new(datasets).x_axis(x_axis).y_axis(y_axis).render(area, buffer);
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
    fn bounds_are_never_empty() {
        assert_eq!(bounds([1.0, 3.0, 2.0].into_iter()), (1.0, 3.0));
        assert_eq!(bounds([2.0].into_iter()), (1.5, 2.5));
        assert_eq!(bounds(std::iter::empty()), (0.0, 1.0));
        assert_eq!(bounds([f64::NAN].into_iter()), (0.0, 1.0));
    }
}
