//! What frames cost, for the benchmark: with `$CRYSTALMATH_TUI_STATS` the program writes it there at its end.

use std::path::PathBuf;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

const VARIABLE: &str = "CRYSTALMATH_TUI_STATS";

/// The time of the processor that each frame took.
#[derive(Debug)]
pub struct Stats {
    path: Option<PathBuf>,
    frames: Vec<Duration>,
}

impl Stats {
    /// Measure only if the benchmark wants it.
    #[must_use]
    pub fn from_environment() -> Self {
        Self { path: std::env::var_os(VARIABLE).map(PathBuf::from), frames: Vec::new() }
    }

    /// Do something, which is a frame.
    pub fn frame<T>(&mut self, paint: impl FnOnce() -> T) -> T {
        if self.path.is_none() {
            return paint();
        }
        let before = processor_time();
        let painted = paint();
        self.frames.push(processor_time().saturating_sub(before));
        painted
    }
}

impl Drop for Stats {
    fn drop(&mut self) {
        let Some(path) = &self.path else { return };
        self.frames.sort_unstable();
        let last = self.frames.len().saturating_sub(1);
        let at = |percent: usize| {
            let frame = self.frames.get(last * percent / 100).copied().unwrap_or_default();
            frame.as_secs_f64() * 1000.0
        };
        let text = serde_json::json!({
            "frames": self.frames.len(),
            "frame_cpu_p50_ms": at(50),
            "frame_cpu_p99_ms": at(99),
            "frame_cpu_max_ms": at(100),
        });
        // The benchmark misses it and says so.
        let _unwritten = std::fs::write(path, text.to_string());
    }
}

fn processor_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap_or_default()
}
