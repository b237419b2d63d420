//! What a job asks of the machine, as it is written.

use crate::api::wire::Resources;

/// Read a number of ranks or threads; nothing takes what the code was registered with.
pub fn count(text: &str) -> Result<Option<i64>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse() {
        Ok(number) if number >= 1 => Ok(Some(number)),
        _ => Err(format!("{text:?} is no count: write a whole number from 1.")),
    }
}

/// Read a wall time. A number without a unit is refused: it could be hours, minutes or seconds.
pub fn seconds(text: &str) -> Result<Option<i64>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let refusal = || format!("{text:?} is no wall time: write 2h, 90min, 3600s or 1:30:00.");
    let found = if text.contains(':') { clock(text) } else { with_unit(text) };
    found.filter(|seconds| *seconds >= 1).map(Some).ok_or_else(refusal)
}

/// `1:30:00`, and `2-12:00:00` for days before it.
fn clock(text: &str) -> Option<i64> {
    let (days, time) = text.split_once('-').unwrap_or(("0", text));
    let parts: Vec<i64> = time.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [hours, minutes, seconds] = *parts.as_slice() else { return None };
    let is_clock = (0..60).contains(&minutes) && (0..60).contains(&seconds) && hours >= 0;
    let days: i64 = days.parse().ok().filter(|days| *days >= 0)?;
    let hours = days.checked_mul(24)?.checked_add(hours).filter(|_| is_clock)?;
    hours.checked_mul(3600)?.checked_add(minutes * 60 + seconds)
}

fn with_unit(text: &str) -> Option<i64> {
    let digits = text.trim_end_matches(|letter: char| letter.is_alphabetic() || letter == ' ');
    let factor = match text.strip_prefix(digits)?.trim() {
        "s" | "sec" => 1,
        "m" | "min" => 60,
        "h" => 3600,
        "d" => 86400,
        _ => return None,
    };
    digits.parse::<i64>().ok()?.checked_mul(factor)
}

/// A wall time as it is written.
#[must_use]
pub fn written(seconds: i64) -> String {
    match seconds {
        seconds if seconds % 3600 == 0 => format!("{}h", seconds / 3600),
        seconds if seconds % 60 == 0 => format!("{}min", seconds / 60),
        seconds => format!("{seconds}s"),
    }
}

/// What is asked for, or nothing when all is left to the code.
pub fn read(ranks: &str, threads: &str, wall_time: &str) -> Result<Option<Resources>, String> {
    let asked = Resources {
        ranks: count(ranks)?,
        threads: count(threads)?,
        walltime_s: seconds(wall_time)?,
    };
    Ok((asked != Resources::default()).then_some(asked))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wall_time_has_a_unit_or_is_a_clock() {
        for (text, expected) in [
            ("2h", 7200),
            ("90 min", 5400),
            ("45s", 45),
            ("1d", 86400),
            ("1:30:00", 5400),
            ("2-12:00:00", 216_000),
        ] {
            assert_eq!(seconds(text), Ok(Some(expected)), "{text}");
        }
        for text in ["2", "0h", "-1h", "1:60:00", "1:30", "h", "9999999999999999999h", "2 weeks"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_written_wall_time_is_read_as_the_same() {
        for number in [1, 59, 60, 3600, 5400, 86400, 100_000] {
            assert_eq!(seconds(&written(number)), Ok(Some(number)));
        }
    }

    #[test]
    fn nothing_written_asks_for_nothing() {
        assert_eq!(read("", "", ""), Ok(None));
        let asked = read("4", "", "1h").unwrap().unwrap();
        assert_eq!((asked.ranks, asked.threads, asked.walltime_s), (Some(4), None, Some(3600)));
        assert!(read("0", "", "").is_err() && read("", "two", "").is_err());
    }
}
