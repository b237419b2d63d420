//! Where things stand on the screen; painting and keys agree on it.

/// Lines above the body: the title and the line of the state.
pub const ABOVE: u16 = 2;
/// Lines below the body: what was last told, and the keys.
pub const BELOW: u16 = 2;

/// The rows of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rows {
    /// The line of the first one.
    pub y: u16,
    /// How many there are.
    pub height: usize,
}

impl Rows {
    /// Which row stands in a line of the screen.
    #[must_use]
    pub fn first_row(self, line: u16) -> Option<usize> {
        let row = usize::from(line.checked_sub(self.y)?);
        (row < self.height).then_some(row)
    }
}

/// How many lines the body has.
#[must_use]
pub fn body_height(size: (u16, u16)) -> usize {
    usize::from(size.1.saturating_sub(ABOVE + BELOW))
}

/// The rows of the list of jobs: the body without the line of the titles.
#[must_use]
pub fn list_rows(size: (u16, u16)) -> Rows {
    Rows { y: ABOVE + 1, height: body_height(size).saturating_sub(1) }
}

/// Below this the list has the whole width.
const MIN_WIDTH_FOR_PANE: u16 = 110;

/// How wide the list of jobs is, and the pane beside it; nothing where there is no room for one.
#[must_use]
pub fn list_and_pane(width: u16) -> (u16, u16) {
    if width < MIN_WIDTH_FOR_PANE {
        return (width, 0);
    }
    let pane = (width / 8 * 3).clamp(40, 64);
    (width - pane, pane)
}

/// How many lines of text the editor shows: the body without the names and the finding.
#[must_use]
pub fn text_height(size: (u16, u16)) -> usize {
    body_height(size).saturating_sub(2)
}

/// The first line to show, so that the selected one is in sight, moved as little as possible.
#[must_use]
pub fn top(before: usize, selected: usize, height: usize, count: usize) -> usize {
    let height = height.max(1);
    let lowest = (selected + 1).saturating_sub(height);
    before.min(selected).max(lowest).min(count.saturating_sub(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_selected_row_is_always_in_sight_and_no_row_is_wasted() {
        for count in [1, 5, 10, 1000] {
            for selected in 0..count {
                for before in [0, selected, count] {
                    let top = top(before, selected, 10, count);
                    assert!(top <= selected && selected < top + 10, "{selected} of {count}: {top}");
                    assert!(count <= 10 || top + 10 <= count);
                }
            }
        }
    }

    #[test]
    fn a_step_inside_the_screen_does_not_scroll() {
        assert_eq!(top(5, 8, 10, 100), 5);
        assert_eq!(top(5, 15, 10, 100), 6);
        assert_eq!(top(5, 4, 10, 100), 4);
    }
}
