//! The `shr` binary: reads arguments, clock and environment, runs a command, sets the exit code.

use shr::run::{self, Console, Surroundings};
use std::io::IsTerminal;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    run::prepare_threads();
    run::clean_up_when_ended();
    let stdout = std::io::stdout();
    let stderr = std::io::stderr();
    let surroundings = Surroundings {
        today: today(),
        source_date_epoch: std::env::var("SOURCE_DATE_EPOCH").ok(),
        progress: stderr.is_terminal(),
    };
    let mut console = Console::new(Box::new(stdout.lock()), Box::new(stderr));
    ExitCode::from(run::run(std::env::args_os(), &surroundings, &mut console))
}

/// The civil date in UTC, so that two auditors on one day get one report.
fn today() -> Option<jiff::civil::Date> {
    let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).ok()?.as_secs();
    run::date_of_epoch(i64::try_from(seconds).ok()?)
}
