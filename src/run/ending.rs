//! What happens when a run is ended from outside, or by a defect.

use super::stage;

/// Removes what the run has made so far when a signal or a panic ends it. Called once, by `main`.
///
/// Where no thread can be started the signals keep their usual effect, and the next run clears up.
pub fn clean_up_when_ended() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        usual(panic);
        stage::remove_all(false);
    }));
    #[cfg(unix)]
    {
        // The thread comes first: a handler without anybody to look at it would make the run deaf to its signals.
        let _ = std::thread::Builder::new().name("signals".to_owned()).spawn(watch);
    }
}

#[cfg(unix)]
fn watch() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    // What whoever started the run has chosen to ignore (`nohup`) stays ignored.
    let ignored = ignored_signals();
    let wanted: Vec<i32> = [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|n| ignored & (1 << (n - 1)) == 0).collect();
    let Ok(mut signals) = signal_hook::iterator::Signals::new(wanted) else { return };
    if let Some(signal) = signals.forever().next() {
        stage::remove_all(true);
        let _ = signal_hook::low_level::emulate_default_handler(signal);
    }
}

/// The set of signals that the process was started to ignore, as Linux tells it; empty elsewhere.
#[cfg(unix)]
fn ignored_signals() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default()
}
