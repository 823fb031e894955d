//! How many threads do the work: one for each core, or this one alone where the system starts no more.

use std::sync::mpsc::{Sender, channel};
use std::thread::{Builder, JoinHandle, available_parallelism};

/// Prepares the thread pool. Called once, by `main`.
///
/// The pool cannot be made again after it failed, so threads are tried out first: in a container with a limit of
/// processes the work is done on the one thread that there is.
pub fn prepare() {
    let cores = available_parallelism().map_or(1, usize::from);
    let pool = rayon::ThreadPoolBuilder::new();
    let pool = if can_start(cores + 1) { pool.num_threads(cores) } else { pool.num_threads(1).use_current_thread() };
    // It fails only when there is a pool already, which then does the work.
    let _ = pool.build_global();
}

/// Whether the system starts so many threads at once. One more than the pool has is for the signals.
fn can_start(threads: usize) -> bool {
    let started: Vec<_> = (0..threads).map_while(|_| start()).collect();
    let all = started.len() == threads;
    let (held, running): (Vec<_>, Vec<_>) = started.into_iter().unzip();
    drop(held);
    running.into_iter().for_each(|thread| drop(thread.join()));
    all
}

/// A thread that waits until its sender goes, so that all of them are there at one time.
fn start() -> Option<(Sender<()>, JoinHandle<bool>)> {
    let (held, gone) = channel::<()>();
    let thread = Builder::new().spawn(move || gone.recv().is_err()).ok()?;
    Some((held, thread))
}
