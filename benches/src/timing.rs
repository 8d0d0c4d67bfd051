//! Times measured against each other in one run: rounds take turns, medians are compared.
//!
//! The machine is shared, so figures of different runs must not be compared; ratios may.

use std::any::Any;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Median of a function's times over rounds in which all functions take turns; what they give is dropped untimed.
pub fn medians<const N: usize>(rounds: usize, mut run: [&mut dyn FnMut() -> Box<dyn Any>; N]) -> [Duration; N] {
    let mut times: [Vec<Duration>; N] = std::array::from_fn(|_| Vec::with_capacity(rounds));
    for _ in 0..rounds {
        for (function, times) in run.iter_mut().zip(&mut times) {
            let start = Instant::now();
            let kept = black_box(function());
            times.push(start.elapsed());
            drop(kept);
        }
    }
    times.map(|mut times| {
        times.sort_unstable();
        times[times.len() / 2]
    })
}

/// Megabytes a second.
pub fn rate(bytes: usize, time: Duration) -> f64 {
    bytes as f64 / 1e6 / time.as_secs_f64()
}

/// How much memory this process gains while something is made and kept, in bytes. To be asked once in a process:
/// what an allocator has got it may not give back.
pub fn gain<T>(make: impl FnOnce() -> T) -> usize {
    let before = resident();
    let kept = black_box(make());
    let after = resident();
    drop(kept);
    after.saturating_sub(before)
}

/// Resident memory of this process in bytes; 0 where the system does not tell.
fn resident() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    statm.split_whitespace().nth(1).and_then(|pages| pages.parse::<usize>().ok()).unwrap_or(0) * 4096
}
