//! One file per command. Input and output happen here and in [`crate::source`], nowhere else.

mod batch;
mod checking;
mod ending;
mod explain;
mod folder;
mod formats;
mod histories;
mod kept;
mod outputs;
mod overrides;
mod pack;
mod portfolio;
mod profiles;
mod pseudonyms;
mod renamed;
mod renewed;
pub mod request;
mod review;
mod settings;
mod stage;
mod tables;
mod templates;
mod threads;
mod track;
mod verify;

pub use ending::clean_up_when_ended;
pub use threads::prepare as prepare_threads;

use crate::cli::{self, Command};
use crate::limits::{self, Limits};
use crate::text::visible::{self, terminal};
use jiff::civil::Date;
use std::ffi::OsString;
use std::fmt;
use std::io::Write;
use std::path::Path;

/// What the process knows of its surroundings; read once, in `main`.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// Today in UTC; `None` when the clock makes no sense.
    pub today: Option<Date>,
    /// `SOURCE_DATE_EPOCH`, unparsed.
    pub source_date_epoch: Option<String>,
    /// Whether a progress bar may be drawn.
    pub progress: bool,
}

/// Exit codes, as documented in `--help` and the README.
pub mod exit {
    /// Reports written, nothing failing.
    pub const CLEAN: u8 = 0;
    /// A failing finding without a valid disposition.
    pub const FAILING: u8 = 1;
    /// Usage, an unreadable snapshot, or a write error.
    pub const ERROR: u8 = 2;
    /// Something is `review` or `not_evaluable`.
    pub const OPEN: u8 = 3;
    /// `verify` found a difference.
    pub const DIFFERENT: u8 = 4;
}

/// An error as the user sees it: what is wrong with which file, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// `PATH[:LINE[:COL]]`, or empty.
    pub place: String,
    /// What is wrong, in one lower-case line.
    pub message: String,
    /// What to do; may be empty.
    pub hint: String,
}

impl Failure {
    /// A failure at a place with a hint.
    pub fn new(place: impl fmt::Display, message: impl fmt::Display, hint: impl fmt::Display) -> Self {
        Self { place: place.to_string(), message: message.to_string(), hint: hint.to_string() }
    }

    /// A file that could not be read or written.
    pub fn io(path: &Path, error: &std::io::Error, hint: &str) -> Self {
        Self::new(path.display(), error.to_string().to_lowercase(), hint)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let separator = if self.place.is_empty() { "" } else { ": " };
        write!(f, "shr: {}{separator}{}", self.place, self.message)?;
        if self.hint.is_empty() { Ok(()) } else { write!(f, "\nhint: {}", self.hint) }
    }
}

/// Standard output and standard error of a run.
pub struct Console<'a> {
    out: Box<dyn Write + 'a>,
    err: Box<dyn Write + 'a>,
    quiet: bool,
    verbose: bool,
    /// Standard output went away (a closed pipe): nothing more is written there, and that is no error.
    closed: bool,
    /// A line about the progress stands on the terminal.
    marked: bool,
}

impl<'a> Console<'a> {
    /// Over two streams.
    #[must_use]
    pub fn new(out: Box<dyn Write + 'a>, err: Box<dyn Write + 'a>) -> Self {
        Self { out, err, quiet: false, verbose: false, closed: false, marked: false }
    }

    /// Writes what was asked for to standard output. Fails when standard output cannot be written; a closed pipe is no
    /// error.
    pub fn print(&mut self, text: &str) -> Result<(), Failure> {
        self.print_bytes(terminal(text).as_bytes())
    }

    /// Writes bytes to standard output, as [`Console::print`] does. Fails as that.
    pub fn print_bytes(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        if self.closed {
            return Ok(());
        }
        match self.out.write_all(bytes).and_then(|()| self.out.flush()) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            Err(error) => Err(Failure::new("standard output", error.to_string().to_lowercase(), "")),
        }
    }

    /// Writes a value to standard output as JSON. Fails as [`Console::print`] does.
    pub fn json<T: serde::Serialize>(&mut self, value: &T) -> Result<(), Failure> {
        let text = visible::json(value).map_err(|error| Failure::new("standard output", error, ""))?;
        self.print(&text)
    }

    /// Shows how far the run is on a line that the next one takes the place of; for terminals alone.
    pub fn progress(&mut self, text: &str) {
        let text: String = terminal(text).chars().take(70).collect();
        let _ = write!(self.err, "\r{text}\x1b[K").and_then(|()| self.err.flush());
        self.marked = true;
    }

    /// Takes the line about the progress away.
    pub fn clear(&mut self) {
        if std::mem::take(&mut self.marked) {
            let _ = write!(self.err, "\r\x1b[K").and_then(|()| self.err.flush());
        }
    }

    /// Tells an error.
    pub fn error(&mut self, failure: &Failure) {
        self.clear();
        // Nothing can be told about standard error failing.
        let _ = writeln!(self.err, "{}", terminal(&failure.to_string()));
    }

    /// Tells something that does not stop the run, unless quiet.
    pub fn warn(&mut self, failure: &Failure) {
        if !self.quiet {
            self.error(failure);
        }
    }

    /// Tells a result on standard error, unless quiet.
    pub fn tell(&mut self, text: &str) {
        if !self.quiet {
            self.clear();
            let _ = writeln!(self.err, "shr: {}", terminal(text));
        }
    }

    /// Tells what is being done, when verbose.
    pub fn note(&mut self, text: &str) {
        if self.verbose {
            self.clear();
            let _ = writeln!(self.err, "shr: {}", terminal(text));
        }
    }
}

/// Runs a command line; gives the exit code.
pub fn run(args: impl IntoIterator<Item = OsString>, surroundings: &Surroundings, console: &mut Console<'_>) -> u8 {
    let request = match cli::parse(args) {
        Ok(request) => request,
        Err(refusal) if refusal.asked => return finish(console.print(&refusal.text).map(|()| exit::CLEAN), console),
        Err(refusal) => {
            let _ = write!(console.err, "{}", terminal(&refusal.text));
            return exit::ERROR;
        }
    };
    console.quiet = request.quiet;
    console.verbose = request.verbose;
    finish(dispatch(&request.command, surroundings, console), console)
}

fn dispatch(command: &Command, surroundings: &Surroundings, console: &mut Console<'_>) -> Result<u8, Failure> {
    match command {
        Command::Review(options) => review::review(options, surroundings, console),
        Command::Request { dir } => write_request(dir, console),
        Command::Explain { what, from, form, bounds } => {
            explain::explain(what.as_deref(), from, form, &bounds.limits(), console)
        }
        Command::Controls(form) => explain::controls(form, console),
        Command::Track(options) => track::track(options, surroundings, console),
        Command::Pack(options) => pack::pack(options, surroundings, console),
        Command::Portfolio(options) => portfolio::portfolio(options, surroundings, console),
        Command::Diff { old, new, json, bounds } => track::diff(old, new, *json, &bounds.limits(), console),
        Command::Verify { dir, reproduce, engagement, redact_key, bounds } => {
            let from = verify::From {
                snapshots: reproduce,
                engagement: engagement.as_deref(),
                key: redact_key.as_deref(),
                limits: bounds.limits(),
            };
            verify::verify(dir, &from, surroundings, console)
        }
        Command::Templates { dir } => templates::templates(dir, console),
        Command::Completions { shell } => console.print_bytes(&cli::completions(*shell)).map(|()| exit::CLEAN),
        Command::Man => {
            let page = cli::man().map_err(|error| Failure::new("", error, ""))?;
            console.print_bytes(&page).map(|()| exit::CLEAN)
        }
    }
}

/// `shr request`: never over files that somebody may have filled in.
fn write_request(dir: &Path, console: &mut Console<'_>) -> Result<u8, Failure> {
    let files = request::files(&load_control()?);
    folder::write_new(dir, &files, "choose a new folder, so that nothing filled in is lost", console)
}

fn finish(result: Result<u8, Failure>, console: &mut Console<'_>) -> u8 {
    result.unwrap_or_else(|failure| {
        console.error(&failure);
        exit::ERROR
    })
}

/// The civil date (UTC) of a Unix time.
#[must_use]
pub fn date_of_epoch(seconds: i64) -> Option<Date> {
    let stamp = jiff::Timestamp::from_second(seconds).ok()?;
    Some(jiff::tz::Offset::UTC.to_datetime(stamp).date())
}

/// The day to judge on: the option, else `SOURCE_DATE_EPOCH`, else today.
fn as_of(option: Option<Date>, surroundings: &Surroundings) -> Result<Date, Failure> {
    let hint = "pass --as-of YYYY-MM-DD";
    if let Some(day) = option {
        return Ok(day);
    }
    match &surroundings.source_date_epoch {
        Some(text) => {
            text.parse().ok().and_then(date_of_epoch).ok_or_else(|| {
                Failure::new("SOURCE_DATE_EPOCH", format!("`{text}` is not a Unix time in seconds"), hint)
            })
        }
        None => surroundings.today.ok_or_else(|| Failure::new("", "the clock gives no date", hint)),
    }
}

/// Reads a text file that the user named.
fn read_text(path: &Path, limits: &Limits, hint: &str) -> Result<String, Failure> {
    let text = crate::source::regular::read_text(path, limits.text_bytes);
    text.map_err(|error| unread(path, &error, "text-bytes", hint))
}

/// A file that could not be read; of one that is too large, with the option that lets it through.
fn unread(path: &Path, error: &std::io::Error, limit: &'static str, hint: &str) -> Failure {
    if error.kind() != std::io::ErrorKind::FileTooLarge {
        return Failure::io(path, error, hint);
    }
    let bytes = std::fs::metadata(path).map_or(0, |data| data.len());
    Failure::io(path, error, &format!("pass {}, if it is what it should be", limits::option(limit, bytes)))
}

/// The one control of this version that has findings, from the built-in catalogue.
fn load_control() -> Result<crate::catalogue::Catalogue, Failure> {
    load_control_in("en")
}

/// The same with its prose in a language.
fn load_control_in(language: &str) -> Result<crate::catalogue::Catalogue, Failure> {
    crate::controls::catalogue(language)
        .map_err(|error| Failure::new("built-in catalogue", error, "this is a defect of shr: please report it"))
}

fn load_wording(language: &str) -> Result<crate::text::wording::Wording, Failure> {
    crate::controls::wording(language).map_err(|error| Failure::new("--lang", error, ""))
}
