//! How two texts differ, line by line.

/// So many pairs of lines are compared; of more, the whole stretch counts as another.
const MAX_PAIRS: usize = 4_000_000;
/// Lines that are the same and stand beside one that is not.
const AROUND: usize = 2;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Both,
    Disk,
    Here,
}

/// The lines that differ, with those around them: `-` is on disk, `+` is here, `|` is the same.
#[must_use]
pub fn lines(disk: &str, here: &str) -> Vec<String> {
    let (disk, here): (Vec<&str>, Vec<&str>) = (disk.lines().collect(), here.lines().collect());
    let all = aligned(&disk, &here);
    let differs = |index: usize| all.get(index).is_some_and(|(side, _)| *side != Side::Both);
    let mut shown = Vec::new();
    let mut left_out = false;
    for (index, (side, text)) in all.iter().enumerate() {
        if (index.saturating_sub(AROUND)..=index + AROUND).any(differs) {
            if std::mem::take(&mut left_out) && !shown.is_empty() {
                shown.push("…".to_owned());
            }
            shown.push(format!("{} {text}", sign(*side)));
        } else {
            left_out = true;
        }
    }
    if shown.is_empty() {
        shown.push("Only the ends of the lines differ.".to_owned());
    }
    shown
}

const fn sign(side: Side) -> char {
    match side {
        Side::Both => '|',
        Side::Disk => '-',
        Side::Here => '+',
    }
}

/// All lines of both, those that are the same once.
fn aligned<'a>(disk: &[&'a str], here: &[&'a str]) -> Vec<(Side, &'a str)> {
    let begin = disk.iter().zip(here).take_while(|(one, other)| one == other).count();
    let room = disk.len().min(here.len()) - begin;
    let backwards = disk.iter().rev().zip(here.iter().rev()).take(room);
    let end = backwards.take_while(|(one, other)| one == other).count();
    let middle = |lines: &[&'a str]| -> Vec<&'a str> {
        lines.get(begin..lines.len() - end).unwrap_or_default().to_vec()
    };
    let both = |lines: &[&'a str]| -> Vec<(Side, &'a str)> {
        lines.iter().map(|line| (Side::Both, *line)).collect()
    };
    let mut all = both(disk.get(..begin).unwrap_or_default());
    all.extend(compared(&middle(disk), &middle(here)));
    all.extend(both(disk.get(disk.len() - end..).unwrap_or_default()));
    all
}

/// The longest common part of two stretches, with what is beside it.
fn compared<'a>(disk: &[&'a str], here: &[&'a str]) -> Vec<(Side, &'a str)> {
    let width = here.len() + 1;
    let is_small = disk.len().saturating_mul(here.len()) <= MAX_PAIRS;
    let common = if is_small { common_lengths(disk, here) } else { Vec::new() };
    let length = |i: usize, j: usize| common.get(i * width + j).copied().unwrap_or(0);
    let (mut i, mut j) = (0, 0);
    let mut all = Vec::new();
    loop {
        match (disk.get(i), here.get(j)) {
            (Some(one), Some(other)) if is_small && one == other => {
                all.push((Side::Both, *one));
                (i, j) = (i + 1, j + 1);
            }
            (Some(one), other) if other.is_none() || length(i + 1, j) >= length(i, j + 1) => {
                all.push((Side::Disk, *one));
                i += 1;
            }
            (_, Some(other)) => {
                all.push((Side::Here, *other));
                j += 1;
            }
            (_, None) => return all,
        }
    }
}

/// For each pair of places, how many lines the rests behind them have in common, row by row.
fn common_lengths(disk: &[&str], here: &[&str]) -> Vec<u32> {
    let width = here.len() + 1;
    let mut lengths = vec![0_u32; (disk.len() + 1) * width];
    for (i, one) in disk.iter().enumerate().rev() {
        for (j, other) in here.iter().enumerate().rev() {
            let at = |i: usize, j: usize| lengths.get(i * width + j).copied().unwrap_or(0);
            let best =
                if one == other { at(i + 1, j + 1) + 1 } else { at(i + 1, j).max(at(i, j + 1)) };
            if let Some(length) = lengths.get_mut(i * width + j) {
                *length = best;
            }
        }
    }
    lengths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_differ_are_shown_with_those_around() {
        let disk = "a\nb\nc\nd\ne\nf\ng\n";
        let here = "a\nb\nc\nD\ne\nf\ng\nh\n";
        assert_eq!(lines(disk, here), ["| b", "| c", "- d", "+ D", "| e", "| f", "| g", "+ h"]);
        let far = format!("x\n{}y\n", "same\n".repeat(9));
        let other = format!("{}z\n", "same\n".repeat(9));
        let shown = ["- x", "| same", "| same", "…", "| same", "| same", "- y", "+ z"];
        assert_eq!(lines(&far, &other), shown);
    }

    #[test]
    fn texts_without_common_lines_and_empty_ones_are_compared() {
        assert_eq!(lines("a\n", ""), ["- a"]);
        assert_eq!(lines("", "a\n"), ["+ a"]);
        assert_eq!(lines("a\r\n", "a\n"), ["Only the ends of the lines differ."]);
        let (many, others) = ("a\n".repeat(3000), "b\n".repeat(3000));
        assert_eq!(lines(&many, &others).len(), 6000);
    }
}
