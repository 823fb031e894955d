//! The folder beside the target in which a report is made, and the exchange of old and new.
//!
//! An ended run leaves nothing: the stages of this process are removed on SIGINT, SIGTERM, SIGHUP and panic, and a
//! later run removes those of runs that were killed. A stage is known to be alive by the lock on its folder, not by a
//! process number, because in a container every process may have the same one.

use super::Failure;
use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

/// Stages of this process, and old reports that are about to go.
static LIVE: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
/// Set when a signal has ended the run: nothing more is written.
static ENDED: AtomicBool = AtomicBool::new(false);

/// Held while a folder or file is made, so that none comes up behind the back of who removes them all.
static MAKING: RwLock<()> = RwLock::new(());

/// Whether a signal has ended the run.
fn ended() -> bool {
    ENDED.load(Ordering::Acquire)
}

/// Leave to make a folder or a file, for as long as it is held; `None` once a signal has ended the run.
pub(super) fn making() -> Option<RwLockReadGuard<'static, ()>> {
    let leave = MAKING.read().unwrap_or_else(PoisonError::into_inner);
    (!ended()).then_some(leave)
}

/// Makes a private folder whose name nobody can foresee, so that nobody can have put something there.
fn make_new(parent: &Path, lead: &str) -> std::io::Result<PathBuf> {
    let mut folder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    loop {
        // The keys of a hasher are the randomness that the standard library has.
        let path = parent.join(format!("{lead}{:016x}", RandomState::new().hash_one(lead)));
        match folder.create(&path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
}

/// A folder of this run beside its target. It is removed when it is dropped, unless it has become the target.
pub(super) struct Stage {
    path: PathBuf,
    /// The lock that tells other runs that this one is alive; it goes with the process.
    _alive: Option<fs::File>,
}

impl Stage {
    /// Removes the stages of dead runs beside the target and makes a new one with a random name.
    pub(super) fn beside(target: &Path) -> Result<Self, Failure> {
        let parent = parent_of(target);
        make_folder(&parent).map_err(|e| Failure::io(&parent, &e, "choose another folder with -o"))?;
        let name = target.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        if name.is_empty() {
            let hint = "name a folder that may be replaced as a whole, such as -o report";
            return Err(Failure::new(target.display(), "is no folder name to write a report into", hint));
        }
        let lead = format!(".{name}.shr-");
        let turn = locked(&parent, true);
        if turn.is_some() {
            clear(&parent, &lead, target);
        }
        let Some(making) = making() else {
            return Err(Failure::new(target.display(), "was not written: the run was ended", ""));
        };
        let path = make_new(&parent, &lead).map_err(|e| Failure::io(&parent, &e, "choose another folder with -o"))?;
        let alive = locked(&path, false);
        // `replace` takes its turn with the list of stages in hand: whoever has the turn must not wait for the list.
        drop(turn);
        live().push(path.clone());
        drop(making);
        Ok(Self { path, _alive: alive })
    }

    /// A folder among the temporary files, for what is compared and thrown away.
    pub(super) fn temporary(purpose: &str) -> Result<Self, Failure> {
        Self::beside(&std::env::temp_dir().join(format!("shr-{purpose}")))
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Puts the stage in the place of the target: in one step where the platform can, else in two of which the first
    /// is taken back when the second fails (and by the next run when this one is killed in between).
    pub(super) fn replace(self, target: &Path) -> Result<(), Failure> {
        let hint = "check that the folder is not open elsewhere";
        // A signal waits until old and new are in their places.
        let mut live = live();
        let turn = locked(&parent_of(target), true);
        if ended() {
            return Err(Failure::new(target.display(), "was not written: the run was ended", ""));
        }
        if !target.exists() {
            fs::rename(&self.path, target).map_err(|e| Failure::io(target, &e, hint))?;
            live.retain(|path| *path != self.path);
            return Ok(());
        }
        if exchange(&self.path, target) {
            drop(turn);
            drop(live);
            // The stage's name now holds the old report; dropping the stage removes it.
            return Ok(());
        }
        let aside = aside_of(&self.path);
        fs::rename(target, &aside).map_err(|e| Failure::io(target, &e, hint))?;
        if let Err(error) = fs::rename(&self.path, target) {
            // Put the old report back; if that fails too, the next run does it.
            let _ = fs::rename(&aside, target);
            return Err(Failure::io(target, &error, hint));
        }
        live.retain(|path| *path != self.path);
        drop(turn);
        drop(live);
        fs::remove_dir_all(&aside).map_err(|e| Failure::io(&aside, &e, "remove it by hand"))
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        let mut live = live();
        if live.contains(&self.path) {
            // What cannot be removed now, the next run removes.
            let _ = fs::remove_dir_all(&self.path);
            live.retain(|path| *path != self.path);
        }
    }
}

/// Removes the stages of this process. Called when a signal or a panic ends it.
pub(super) fn remove_all(may_wait: bool) {
    ENDED.store(true, Ordering::Release);
    // A thread that panics may hold the leave itself.
    let _quiet = if may_wait { MAKING.write().ok() } else { MAKING.try_write().ok() };
    let held = if may_wait { Some(live()) } else { LIVE.try_lock().ok() };
    let Some(held) = held else { return };
    // Other threads may be in the middle of writing a file: what they still make is removed in a second round.
    for _ in 0..3 {
        let left = held.iter().filter(|path| path.exists() && fs::remove_dir_all(path).is_err()).count();
        if left == 0 && held.iter().all(|path| !path.exists()) {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn live() -> std::sync::MutexGuard<'static, Vec<PathBuf>> {
    LIVE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes the stages of runs that are no longer alive. An old report that a killed run had put aside goes back when
/// the target is missing.
fn clear(parent: &Path, lead: &str, target: &Path) {
    let Ok(entries) = fs::read_dir(parent) else { return };
    let mut paths: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let Some(rest) = name.strip_prefix(lead) else { continue };
        let (own, is_aside) = rest.strip_suffix(ASIDE).map_or((rest, false), |own| (own, true));
        let ours = !own.is_empty() && own.bytes().all(|b| b.is_ascii_alphanumeric());
        if !ours || !path.symlink_metadata().is_ok_and(|data| data.is_dir()) {
            continue;
        }
        if is_aside && !target.exists() {
            let _ = fs::rename(&path, target);
        } else if locked(&path, false).is_some() {
            let _ = fs::remove_dir_all(&path);
        }
    }
}

const ASIDE: &str = "-old";

fn aside_of(stage: &Path) -> PathBuf {
    let mut name = stage.as_os_str().to_owned();
    name.push(ASIDE);
    PathBuf::from(name)
}

/// Locks a folder; `None` when another run holds the lock, or when the file system knows no locks.
#[cfg(unix)]
fn locked(folder: &Path, wait: bool) -> Option<fs::File> {
    use rustix::fs::FlockOperation::{LockExclusive, NonBlockingLockExclusive};
    let file = fs::File::open(folder).ok()?;
    let operation = if wait { LockExclusive } else { NonBlockingLockExclusive };
    rustix::fs::flock(&file, operation).ok().map(|()| file)
}

/// Without locks nobody can tell whether a run is alive, so the stages of others stay.
#[cfg(not(unix))]
fn locked(_: &Path, _: bool) -> Option<fs::File> {
    None
}

/// Swaps two folders in one step; `false` when the platform or the file system cannot.
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn exchange(one: &Path, other: &Path) -> bool {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE).is_ok()
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn exchange(_: &Path, _: &Path) -> bool {
    false
}

/// Makes a folder and those above it, for the owner alone: reports hold findings.
pub(super) fn make_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// The folder that a path lies in.
pub(super) fn parent_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}
