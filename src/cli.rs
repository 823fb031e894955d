//! The command line: the only file that knows clap. Arguments become typed, validated options.

use crate::limits::{self, Change, Limits};
use crate::render::csv::Dialect;
use crate::render::format::Format;
use crate::table::narrow::Columns;
use crate::table::profiles::Profile;
use crate::text::wording::languages;
use crate::tracker::DateOrder;
use clap::builder::PossibleValue;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;
use std::ffi::OsString;
use std::path::PathBuf;

/// What the user asked for, validated.
#[derive(Debug)]
pub struct Request {
    /// The command with its options.
    pub command: Command,
    /// No progress and no messages but errors.
    pub quiet: bool,
    /// Say more about what is read.
    pub verbose: bool,
}

/// How an argument list ends when it is no request.
#[derive(Debug)]
pub struct Refusal {
    /// Help, version or a usage message, as clap words it.
    pub text: String,
    /// Whether it was asked for (`--help`): then it goes to standard output and is no error.
    pub asked: bool,
}

const EXIT_CODES: &str = "Exit codes:
  0  reports written, nothing failing
  1  at least one failing finding without a valid disposition
  2  usage, a snapshot that cannot be read as a whole, or a write error (the others are still written)
  3  no failure, but something is `review` or `not_evaluable`
  4  `verify` found a difference
When several apply: 2, then 1, then 3, then 0.";

/// Audit External Client Apps for the OAuth client credentials flow, offline, from exported Salesforce orgs.
#[derive(Debug, Parser)]
#[command(name = "shr", version, about, after_help = EXIT_CODES, max_term_width = 100, disable_help_subcommand = true)]
struct Line {
    #[command(subcommand)]
    command: Command,
    /// Print errors only
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Say what is read and decided
    #[arg(short, long, global = true)]
    verbose: bool,
}

/// How an explanation is printed.
#[derive(Debug, Args)]
pub struct Form {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Language.
    #[arg(long, value_name = "TAG", default_value = "en", help = format!("Language: {}", languages().join(", ")))]
    pub lang: String,
}

/// How large an input may be.
#[derive(Clone, Debug, Default, Args)]
pub struct Bounds {
    /// Change a limit, for example file-bytes=200MB; may be given several times (--help lists them)
    #[arg(long = "limit", value_name = "NAME=VALUE", long_help = limits::help())]
    pub limit: Vec<Change>,
}

impl Bounds {
    /// The limits of this run.
    #[must_use]
    pub fn limits(&self) -> Limits {
        Limits::with(&self.limit)
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read snapshots, judge every External Client App, write the reports
    Review(Review),
    /// Write what an admin needs to export a complete snapshot
    Request {
        /// Folder to write into
        #[arg(default_value = "shr-request")]
        dir: PathBuf,
    },
    /// Explain the control, a criterion, or a finding with its evidence and arithmetic
    Explain {
        /// `control`, a criterion, or a finding id; the control when left out
        #[arg(value_name = "CONTROL|CRITERION|FINDING-ID")]
        what: Option<String>,
        /// Report folder (or assessment.json) that holds the finding
        #[arg(long, value_name = "DIR", default_value = "shr-report")]
        from: PathBuf,
        /// How to print it
        #[command(flatten)]
        form: Form,
        /// How large an input may be
        #[command(flatten)]
        bounds: Bounds,
    },
    /// List the control and its criteria
    Controls(Form),
    /// Carry a tracker's typed columns into new findings, or check it
    Track(Track),
    /// Hand on one finding, or those of one owner: card, actions, questions and their part of the kit
    Pack(Pack),
    /// Combine assessments already written into one portfolio report
    Portfolio(Portfolio),
    /// Show what changed between two assessments
    Diff {
        /// Older report folder or assessment.json
        old: PathBuf,
        /// Newer report folder or assessment.json
        new: PathBuf,
        /// Print the differences as JSON
        #[arg(long)]
        json: bool,
        /// How large an input may be
        #[command(flatten)]
        bounds: Bounds,
    },
    /// Hash a report again; with --reproduce also review again and compare bytes
    Verify {
        /// Report folder
        dir: PathBuf,
        /// Snapshots that the report was made from
        #[arg(long, value_name = "SNAPSHOT", num_args = 1..)]
        reproduce: Vec<PathBuf>,
        /// Engagement file that the report was made with
        #[arg(long, value_name = "FILE")]
        engagement: Option<PathBuf>,
        /// Key file of a redacted report
        #[arg(long, value_name = "FILE")]
        redact_key: Option<PathBuf>,
        /// How large an input may be
        #[command(flatten)]
        bounds: Bounds,
    },
    /// Write the built-in templates and theme out for editing
    Templates {
        /// Folder to write into
        dir: PathBuf,
    },
    /// Print a completion script
    Completions {
        /// Shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page (troff)
    Man,
}

/// Options of `shr review`.
#[derive(Clone, Debug, Args)]
pub struct Review {
    /// Exported orgs: folders, mdapi zips, or a folder of them
    #[arg(required_unless_present = "check_templates", value_name = "SNAPSHOT")]
    pub snapshots: Vec<PathBuf>,
    /// Folder to write into
    #[arg(short, long, value_name = "DIR", default_value = "shr-report")]
    pub output: PathBuf,
    /// Engagement file: client, orgs, attestations, dispositions
    #[arg(long, value_name = "FILE")]
    pub engagement: Option<PathBuf>,
    /// Earlier report folder to compare with
    #[arg(long, value_name = "DIR")]
    pub baseline: Option<PathBuf>,
    /// What shapes the outputs.
    #[command(flatten)]
    pub rendering: Rendering,
    /// Print a JSON summary instead of the paths written
    #[arg(long)]
    pub json: bool,
    /// Render the templates against the snapshots, or against a built-in sample, and stop
    #[arg(long)]
    pub check_templates: bool,
}

/// Options that shape the outputs; recorded in the manifest.
#[derive(Clone, Debug, Args)]
pub struct Rendering {
    /// Outputs to write
    #[arg(long, value_enum, value_delimiter = ',', default_values = ["md", "pdf", "csv", "json"])]
    pub format: Vec<Format>,
    /// List every app in findings.csv, passing ones included
    #[arg(long)]
    pub all: bool,
    /// Sheet controls of the chapter count for the exit code, too
    #[arg(long)]
    pub strict: bool,
    /// Also write the workpapers: every test, all evidence, what proves each pass
    #[arg(long)]
    pub workpapers: bool,
    /// Day to judge expiry on (default: SOURCE_DATE_EPOCH, else today)
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub as_of: Option<Date>,
    /// CSV dialect
    #[arg(long, value_enum, default_value = "excel")]
    pub dialect: Dialect,
    /// Columns of findings.csv: `work`, or names with commas; a narrow file merges as well
    #[arg(long, value_name = "NAMES")]
    pub columns: Option<Columns>,
    /// Most finding cards in the report (default: 20); further findings are rows by cause
    #[arg(long, value_name = "N")]
    pub cards: Option<usize>,
    /// Open findings also as another tracker takes them
    #[arg(long, value_enum, value_delimiter = ',')]
    pub profile: Vec<Profile>,
    /// Language of the reports
    #[arg(long, default_value = "en")]
    pub lang: String,
    /// Theme file (colours, page size, logo)
    #[arg(long, value_name = "FILE")]
    pub theme: Option<PathBuf>,
    /// Folder with edited templates (see `shr templates`)
    #[arg(long, value_name = "DIR")]
    pub templates: Option<PathBuf>,
    /// Further font for text that the built-in fonts do not cover; `FILE#2` is the third face of a collection
    #[arg(long, value_name = "FILE")]
    pub font: Vec<PathBuf>,
    /// Replace user names, e-mails, persons and (portfolio) clients and orgs by pseudonyms
    ///
    /// The same name has the same pseudonym in every output and every run with the same key. With the built-in key
    /// this is pseudonymous, not anonymous: whoever guesses a name can check the guess. See --redact-key.
    #[arg(long)]
    pub redact: bool,
    /// File with a secret of at least 16 characters that pseudonyms are made with
    #[arg(long, value_name = "FILE", requires = "redact")]
    pub redact_key: Option<PathBuf>,
    /// Write pseudonyms with their names to a private file outside the report folder
    #[arg(long, value_name = "FILE", requires = "redact")]
    pub redact_map: Option<PathBuf>,
    /// Overwrite a final or an edited report
    #[arg(long)]
    pub force: bool,
    /// How large an input may be
    #[command(flatten)]
    pub bounds: Bounds,
}

/// Options of `shr track`.
#[derive(Clone, Debug, Args)]
pub struct Track {
    /// Tracker that people typed into (.csv or .xlsx); it is never changed
    #[arg(value_name = "TRACKER")]
    pub tracker: PathBuf,
    /// Report folder with the new findings
    #[arg(long, value_name = "DIR", required_unless_present_any = ["check", "due", "stats"])]
    pub from: Option<PathBuf>,
    /// Report folder that the tracker was written from: shows which machine cells were edited
    #[arg(long, value_name = "DIR")]
    pub baseline: Option<PathBuf>,
    /// Add rows for apps that pass, too
    #[arg(long)]
    pub all: bool,
    /// Tracker to write (.csv or .xlsx)
    #[arg(short, long, value_name = "FILE", required_unless_present_any = ["check", "due", "stats"])]
    pub output: Option<PathBuf>,
    /// Check the tracker and stop
    #[arg(long)]
    pub check: bool,
    /// List what is due within DAYS
    #[arg(long, value_name = "DAYS")]
    pub due: Option<u32>,
    /// Print counts and ages; with --from DIR also the movement over the runs in its history.json
    #[arg(long)]
    pub stats: bool,
    /// Print what is due, the counts and the movement as JSON
    #[arg(long)]
    pub json: bool,
    /// Columns of a new .csv tracker: `work`, or names with commas; your own stay
    #[arg(long, value_name = "NAMES")]
    pub columns: Option<Columns>,
    /// CSV dialect of the new tracker
    #[arg(long, value_enum, default_value = "excel")]
    pub dialect: Dialect,
    /// Language of the new tracker
    #[arg(long, value_name = "TAG", help = format!("Language of the new tracker: {} (default: that of the tracker)", languages().join(", ")))]
    pub lang: Option<String>,
    /// Day to judge expiry on (default: SOURCE_DATE_EPOCH, else today)
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub as_of: Option<Date>,
    /// Order of day and month in dates such as 03/04/2026
    #[arg(long, value_enum)]
    pub date_order: Option<DateOrder>,
    /// Overwrite an existing file
    #[arg(long)]
    pub force: bool,
    /// How large an input may be
    #[command(flatten)]
    pub bounds: Bounds,
}

/// Options of `shr pack`.
#[derive(Clone, Debug, Args)]
pub struct Pack {
    /// Finished report folder
    #[arg(value_name = "REPORT")]
    pub report: PathBuf,
    /// Folder to write into
    #[arg(short, long, value_name = "DIR", default_value = "shr-pack")]
    pub output: PathBuf,
    /// Finding to pack; may be given several times
    #[arg(long, value_name = "ID", required_unless_present = "owner")]
    pub finding: Vec<String>,
    /// Pack the findings of this owner, by the column `owner` of the tracker
    #[arg(long, value_name = "NAME", conflicts_with = "finding")]
    pub owner: Option<String>,
    /// Tracker with the owners (default: findings.csv of the report folder)
    #[arg(long, value_name = "FILE", requires = "owner")]
    pub tracker: Option<PathBuf>,
    /// What shapes the outputs.
    #[command(flatten)]
    pub rendering: Rendering,
}

/// Options of `shr portfolio`.
#[derive(Clone, Debug, Args)]
pub struct Portfolio {
    /// Report folders already written
    #[arg(required = true, value_name = "DIR")]
    pub reports: Vec<PathBuf>,
    /// Folder to write into
    #[arg(short, long, value_name = "DIR", default_value = "shr-portfolio")]
    pub output: PathBuf,
    /// What shapes the outputs.
    #[command(flatten)]
    pub rendering: Rendering,
}

macro_rules! value_enums {
    ($($name:ty),+) => {$(
        impl ValueEnum for $name {
            fn value_variants<'a>() -> &'a [Self] {
                Self::ALL
            }

            fn to_possible_value(&self) -> Option<PossibleValue> {
                Some(PossibleValue::new(self.word()).help(self.about()))
            }
        }
    )+};
}
value_enums!(Format, Dialect, Profile, DateOrder);

/// Turns arguments into a request. Refused are help, version, and what clap refuses, with its suggestion of the nearest
/// option.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Request, Refusal> {
    match Line::try_parse_from(args) {
        Ok(Line { command, quiet, verbose }) => Ok(Request { command, quiet, verbose }),
        Err(error) => Err(Refusal { asked: !error.use_stderr(), text: error.render().to_string() }),
    }
}

/// The completion script for a shell.
#[must_use]
pub fn completions(shell: clap_complete::Shell) -> Vec<u8> {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut Line::command(), "shr", &mut out);
    out
}

/// The manual page. It does not fail in practice, as writing to memory does not.
pub fn man() -> std::io::Result<Vec<u8>> {
    let mut out = Vec::new();
    clap_mangen::Man::new(Line::command()).render(&mut out)?;
    Ok(out)
}
