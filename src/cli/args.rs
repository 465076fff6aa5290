//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::engine::{ArgValueCandidates, ArgValueCompleter};

use super::complete;
use crate::app::Question;

const EXAMPLES: &str = "Examples:
  talks demo                      a store with the story that ships with it
  talks add statement.made by=union act=position text=No --when yesterday
  talks why C1                    what a ceasefire's line rests on
  talks status --log talks.jsonl --as-of 2023-10-26

A log is a file of drafts, one JSON object a line (docs/events.md).
Dates: 2023-10-26, \"20 Oct 2023\", yesterday, monday (the past one),
RFC 3339, EDTF, or an event (e8).
Exit codes: 0 done, 1 failed, 2 asked wrongly; talks help exit-codes has all.";

/// What `talks` alone says where there is no log to ask.
pub(super) const SHORT_HELP: &str = "\
talks keeps negotiations: a log of events, folded into what holds now.

Try it on the story that ships with it:
  talks demo                a folder with a report of peace talks, as printed
                            and with its dates put right

Then, with a store of your own:
  talks init                an empty store here: talks.db
  talks open SLUG --title TITLE --party SLUG=NAME
  talks add demand.raised by=... of=... text=... --when yesterday
  talks import FILE.jsonl   or take in drafts from a file
  talks                     everything that is so, on one screen

  talks help kinds          what can be added
  talks --help              every command and flag
";

/// What holds, what is open, who says so: negotiations kept as an append-only log.
#[derive(Debug, Parser)]
#[command(name = "talks", version, after_help = EXAMPLES, max_term_width = 100, disable_help_subcommand = true)]
pub(super) struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Flags that every reading command takes.
#[derive(Debug, Args)]
pub(super) struct Global {
    /// The store [default: $TALKS_STORE, else the nearest talks.db upwards, else the one in your data folder]
    #[arg(long, value_name = "FILE", global = true, conflicts_with = "log")]
    pub store: Option<PathBuf>,
    /// The negotiation in the store [default: the only one]
    #[arg(short, long, value_name = "SLUG", global = true, conflicts_with = "log", add = ArgValueCandidates::new(complete::slugs))]
    pub negotiation: Option<String>,
    /// Read a file instead of a store (`-`: standard input); given again, the files are read as one log
    #[arg(long, value_name = "FILE", global = true)]
    pub log: Vec<PathBuf>,
    #[command(flatten)]
    pub cut: Cut,
    /// Print JSON: one object, with what was asked and the answer in `data`
    #[arg(long, global = true, conflicts_with = "csv")]
    pub json: bool,
    /// Print CSV, where the answer is a table
    #[arg(long, global = true)]
    pub csv: bool,
    /// When to use colour
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    pub color: Color,
    /// Never page long output
    #[arg(long, global = true)]
    pub no_pager: bool,
    /// Print no warnings and no hints
    #[arg(short, long, global = true)]
    pub quiet: bool,
}

/// Which world, as known when, by whose account.
#[derive(Debug, Args)]
pub(super) struct Cut {
    /// The world of this day, to its end [default: now]
    #[arg(long, value_name = "WHEN", global = true, help_heading = "Time and readings")]
    pub as_of: Option<String>,
    /// Only what had been reported by then
    #[arg(long, value_name = "WHEN", global = true, help_heading = "Time and readings")]
    pub known_by: Option<String>,
    /// Only what had been recorded here by then
    #[arg(long, value_name = "WHEN", global = true, help_heading = "Time and readings")]
    pub recorded_by: Option<String>,
    /// Leave out what may lie after the day
    #[arg(long, global = true, help_heading = "Time and readings")]
    pub certain: bool,
    /// One party's account: what others alone assert falls out
    #[arg(long, value_name = "PARTY", global = true, help_heading = "Time and readings", add = ArgValueCandidates::new(complete::parties))]
    pub accounts_of: Option<String>,
    /// Only what independent sources, or the other side, support
    #[arg(long, global = true, help_heading = "Time and readings")]
    pub corroborated: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Build a store with the story that ships with the program, and show what can be asked of it
    Demo(DemoArgs),
    /// Make an empty store
    Init {
        /// The file [default: what --store names, else talks.db]
        file: Option<PathBuf>,
    },
    /// Open a negotiation: its title and its parties
    Open(OpenArgs),
    /// The negotiations of the store
    Negotiations,
    /// Append one development
    Add(AddArgs),
    /// Append the drafts of a file, all of them or none
    Import(ImportArgs),
    /// Correct what an event says; what it said before stays in the log
    Correct(CorrectArgs),
    /// Say that an event does not count
    Retract(JudgeArgs),
    /// Say that a retracted event counts after all
    Reinstate(JudgeArgs),
    /// Retract your last entry
    Undo(UndoArgs),
    /// Register a source, so that it can be cited
    Source(SourceArgs),
    /// Erase parts of an event: the bytes go, the record that they were there stays
    Erase(EraseArgs),
    /// Write a negotiation as sealed lines, for a colleague or for safe keeping; as an SQLite file, for other programs; or as a page
    Export(ExportArgs),
    /// Take in sealed lines as they are
    Receive {
        /// The file (`-`: standard input)
        file: PathBuf,
    },
    /// Compute everything again: which versions hold
    Verify {
        /// A root that was noted earlier: is that much of the log still the same?
        #[arg(long, value_name = "HASH", value_parser = root)]
        root: Option<String>,
        /// Receipts that were kept (what appends print with --json): is all of that there?
        #[arg(long, value_name = "FILE")]
        receipts: Option<PathBuf>,
    },
    /// Derive anew what is kept beside the log to answer faster
    Rebuild,
    /// Copy the store into a new file, safe while others write
    Backup {
        /// The new file
        file: PathBuf,
    },
    /// Everything that is so, on one screen
    Status,
    /// What to look at again: odd dates, missing sources, one-sided agreements ...
    Check(CheckArgs),
    /// The events in which words stand: in what they say, or in their quotes
    Search {
        /// All of them must stand in one text; letter case does not matter
        #[arg(required = true)]
        words: Vec<String>,
    },
    /// Every negotiation of the store, a line each
    Board,
    /// What waits for a date or for an answer: the overdue first
    Due,
    /// What is asked of whom, the answers, and whose move it is
    Demands,
    /// What is on the table
    Offers,
    /// Ceasefires: by their terms, and what is said of them
    Ceasefires,
    /// How far each agreement has got
    Agreements,
    /// What is owed, by when, and how far it is carried out
    Commitments,
    /// What is done and lasts: strikes, closures, sanctions
    Measures,
    /// The rounds of talks, and who sat at the table
    Rounds(RoundsArgs),
    /// Who claims what, who denies it
    Claims,
    /// Dates that were set
    Deadlines,
    /// What happened on the ground, with the dead and injured by account
    Incidents(IncidentsArgs),
    /// Who negotiates, who helps
    Parties,
    /// All of one party: what it asks and owes, what binds it, what it claims, and what it said on each issue
    Party {
        /// Its name, as the log, an alias or a source has it
        #[arg(add = ArgValueCandidates::new(complete::parties))]
        name: String,
    },
    /// What is cited, and for what
    Sources,
    /// What happened, in the order of the world
    Timeline(TimelineArgs),
    /// The records, in the order they were kept
    Log(LogArgs),
    /// Print what comes into a negotiation of the store, as it comes, with what it changes
    Watch(WatchArgs),
    /// Ask a question in SQL; it reads, and does nothing else
    Query(QueryArgs),
    /// Serve the store over HTTP: a page, and the answers of the commands as JSON and CSV
    Serve(ServeArgs),
    /// Everything on one event (e7) or one life (D1, C1, A1 ...)
    Show {
        /// An event or a handle
        #[arg(add = ArgValueCandidates::new(complete::names))]
        name: String,
    },
    /// What a line rests on: events, sources and their words
    Why {
        /// A handle or an event
        #[arg(add = ArgValueCandidates::new(complete::names))]
        name: String,
    },
    /// The events one by one, each with what it changed
    Replay(ReplayArgs),
    /// What changed between two days: in the world, in what was reported or recorded; or two readings of one day
    Diff(DiffArgs),
    /// A briefing in Markdown, of one to two pages: what holds, what changed, what is asked, what is disputed
    Brief(BriefArgs),
    /// Print a JSON Schema (2020-12): of a draft, or of what a command prints
    Schema {
        /// `event` (the default), or a reading command: status, demands, timeline ...
        of: Option<String>,
    },
    /// Whether the program has what it needs here: the store, its file, the terminal
    Doctor,
    /// What is in effect, and which flag or variable says so
    Config,
    /// Print what makes a shell complete names as you type: commands, flags, and the names in your log
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print a manual page: of the program, or of a command
    Man {
        /// The command
        #[arg(add = ArgValueCandidates::new(complete::command_names))]
        command: Option<String>,
    },
    /// Help on a command, a kind of event, or a topic: dates, readings, kinds, formats, exit-codes, environment
    Help {
        /// A command, a kind (demand.raised), or a topic
        #[arg(add = ArgValueCandidates::new(complete::topics))]
        topic: Option<String>,
    },
}

#[derive(Debug, Args)]
pub(super) struct DemoArgs {
    /// The folder to make
    #[arg(default_value = "talks-demo")]
    pub folder: PathBuf,
}

/// How something is appended.
#[derive(Clone, Debug, Args)]
pub(super) struct Writing {
    /// Who you are, as the log should have it [default: $TALKS_RECORDER]
    #[arg(long, value_name = "NAME", help_heading = "Appending")]
    pub recorder: Option<String>,
    /// Append only if the log stands at this version (3 or e3; 0: is still empty)
    #[arg(long, value_name = "N", value_parser = standing_at, help_heading = "Appending")]
    pub expect_version: Option<u64>,
    /// Decide and show what would change; write nothing
    #[arg(long, help_heading = "Appending")]
    pub dry_run: bool,
    /// Store what does not fit, marked as such
    #[arg(long, help_heading = "Appending")]
    pub force: bool,
}

/// For a single record, what makes its command safe to repeat.
#[derive(Clone, Debug, Args)]
pub(super) struct Once {
    /// The record's id: repeated with the same id, the command changes nothing
    #[arg(long, value_name = "UUID", value_parser = id, help_heading = "Appending")]
    pub id: Option<uuid::Uuid>,
    /// Store once more what is there word for word
    #[arg(long, help_heading = "Appending")]
    pub again: bool,
}

/// Who says so.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Citing {
    /// A registered source: S1
    #[arg(short, long, value_name = "SOURCE", help_heading = "Sources", add = ArgValueCandidates::new(complete::sources))]
    pub source: Vec<String>,
    /// Its exact words
    #[arg(short = 'Q', long, value_name = "TEXT", value_parser = words, help_heading = "Sources")]
    pub quote: Option<String>,
    /// Where in it: "para 2"
    #[arg(short, long, value_name = "TEXT", help_heading = "Sources")]
    pub locator: Option<String>,
    /// When it said so [default: when it was published]
    #[arg(long, value_name = "WHEN", help_heading = "Sources")]
    pub reported: Option<String>,
    /// Whom it names as its own source
    #[arg(long, value_name = "TEXT", help_heading = "Sources")]
    pub attribution: Option<String>,
    /// Who it got this from: a source, or an agency's name
    #[arg(long, value_name = "SOURCE", help_heading = "Sources", add = ArgValueCandidates::new(complete::sources))]
    pub relays: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct OpenArgs {
    /// The name to type: letters a to z, digits, hyphens
    pub slug: String,
    /// Its title
    #[arg(long)]
    pub title: String,
    /// What it is about
    #[arg(long)]
    pub subject: Option<String>,
    /// A party, as SLUG=NAME, SLUG=NAME:KIND or SLUG=NAME:KIND:ROLE (kinds: state, armed-group, union, company ..)
    #[arg(long = "party", value_name = "PARTY")]
    pub parties: Vec<String>,
    /// The zone in which a day is a day: +05:00
    #[arg(long)]
    pub zone: Option<String>,
    /// When it was opened [default: today]
    #[arg(long, value_name = "WHEN", default_value = "today")]
    pub when: String,
    #[command(flatten)]
    pub writing: Writing,
    #[command(flatten)]
    pub once: Once,
}

#[derive(Debug, Args)]
pub(super) struct AddArgs {
    /// The kind of event, in full or as short as only one is meant: statement, demand.a (talks help kinds); without one it is
    /// asked for, or with --json a draft is read from standard input
    #[arg(add = ArgValueCandidates::new(complete::event_kinds))]
    pub kind: Option<String>,
    /// What it needs, in the order of talks help KIND, then or between them its other fields: key=value, key:=JSON, key=@FILE; the
    /// same key again makes a list; source.title=... registers the source with it
    #[arg(value_name = "VALUE | KEY=VALUE", add = ArgValueCompleter::new(complete::fields))]
    pub fields: Vec<String>,
    /// When it happened
    #[arg(short, long, value_name = "WHEN")]
    pub when: Option<String>,
    /// Where: place=...
    #[arg(short, long, value_name = "TEXT", value_parser = words)]
    pub place: Option<String>,
    /// Fill it in in your editor: $VISUAL, else $EDITOR
    #[arg(short, long)]
    pub edit: bool,
    /// Store it without asking, also where check would newly find something
    #[arg(short, long)]
    pub yes: bool,
    #[command(flatten)]
    pub citing: Citing,
    #[command(flatten)]
    pub writing: Writing,
    #[command(flatten)]
    pub once: Once,
}

#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// Drafts, one JSON object a line (`-`: standard input)
    pub file: PathBuf,
    #[command(flatten)]
    pub writing: Writing,
}

#[derive(Debug, Args)]
pub(super) struct CorrectArgs {
    /// An event (e3), or a handle (D1: the event that creates it)
    #[arg(add = ArgValueCandidates::new(complete::names))]
    pub name: String,
    /// What it should say: key=value, key:=JSON (null removes), key=@FILE
    #[arg(value_name = "KEY=VALUE")]
    pub fields: Vec<String>,
    /// When it happened
    #[arg(short, long, value_name = "WHEN")]
    pub when: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT", value_parser = words, required_unless_present = "edit")]
    pub reason: Option<String>,
    /// Change it in your editor: $VISUAL, else $EDITOR
    #[arg(short, long, conflicts_with_all = ["fields", "when"])]
    pub edit: bool,
    #[command(flatten)]
    pub citing: Citing,
    #[command(flatten)]
    pub writing: Writing,
    #[command(flatten)]
    pub once: Once,
}

#[derive(Debug, Args)]
pub(super) struct JudgeArgs {
    /// An event (e3), or a handle (D1: the event that creates it)
    #[arg(add = ArgValueCandidates::new(complete::names))]
    pub name: String,
    /// Why
    #[arg(long, value_name = "TEXT", value_parser = words)]
    pub reason: String,
    #[command(flatten)]
    pub writing: Writing,
    #[command(flatten)]
    pub once: Once,
}

#[derive(Debug, Args)]
pub(super) struct UndoArgs {
    #[command(flatten)]
    pub writing: Writing,
    #[command(flatten)]
    pub once: Once,
}

#[derive(Debug, Args)]
pub(super) struct SourceArgs {
    #[command(subcommand)]
    pub command: SourceCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum SourceCommand {
    /// Register one: title=... publisher=... published=... url=...
    Add {
        /// Its fields: key=value
        #[arg(value_name = "KEY=VALUE", required_unless_present = "file")]
        fields: Vec<String>,
        /// Your copy of it: its SHA-256 is kept with the source, the copy itself is not
        #[arg(long, value_name = "PATH")]
        file: Option<PathBuf>,
        #[command(flatten)]
        writing: Writing,
        #[command(flatten)]
        once: Once,
    },
}

#[derive(Debug, Args)]
pub(super) struct EraseArgs {
    /// An event (e3), or a handle (D1: the event that creates it)
    #[arg(add = ArgValueCandidates::new(complete::names))]
    pub name: String,
    /// What to erase: data, context, sources
    #[arg(long, value_name = "PART", required = true)]
    pub part: Vec<String>,
    /// Why
    #[arg(long, value_name = "TEXT", value_parser = words)]
    pub reason: String,
    /// The legal or editorial ground
    #[arg(long, value_name = "TEXT", value_parser = words)]
    pub basis: String,
    #[command(flatten)]
    pub writing: Writing,
    #[command(flatten)]
    pub once: Once,
}

#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// The file to make [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Sealed lines, which can be received and verified; an SQLite file of what the list commands print, for other programs; or a page
    /// in one file, which opens without a network
    #[arg(long, value_name = "FORMAT", default_value = "sealed")]
    pub format: Format,
    /// Leave this part of every record out: data, context, sources; the root stays the same
    #[arg(long, value_name = "PART")]
    pub withhold: Vec<String>,
}

/// What is exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Sealed,
    Sqlite,
    Html,
}

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// The checks to run [default: all]
    pub names: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct DiffArgs {
    /// The earlier day, or an event
    #[arg(required_unless_present_any = ["since", "between"])]
    pub from: Option<String>,
    /// The later day [default: --as-of, else now; on another clock: everything]
    pub to: Option<String>,
    /// Since then, up to now: monday, yesterday, e8
    #[arg(long, value_name = "WHEN", conflicts_with = "from")]
    pub since: Option<String>,
    /// Which clock goes on: what happened, what was reported, or what was recorded here
    #[arg(long, value_name = "CLOCK", default_value = "world")]
    pub clock: ClockArg,
    /// Two readings of one day: a party's account, `corroborated`, or `everyone`
    #[arg(long, value_name = "READING", num_args = 2, conflicts_with_all = ["from", "since", "clock"])]
    pub between: Vec<String>,
}

/// A clock, as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ClockArg {
    World,
    Knowledge,
    Recording,
}

#[derive(Debug, Args)]
pub(super) struct BriefArgs {
    /// What changed since then: monday, yesterday, e8 [default: seven days before the day asked about]
    #[arg(long, value_name = "WHEN")]
    pub since: Option<String>,
    /// Use this template instead of the built-in one (`-`: standard input)
    #[arg(long, value_name = "FILE", conflicts_with = "print_template")]
    pub template: Option<PathBuf>,
    /// Print the built-in template, to begin one of your own with
    #[arg(long)]
    pub print_template: bool,
    /// The file to make [default: standard output]
    #[arg(short, long, value_name = "FILE", conflicts_with_all = ["json", "csv", "print_template"])]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct RoundsArgs {
    /// Only rounds with this party or mediator, or with somebody of this name in a delegation
    #[arg(long, value_name = "NAME")]
    pub with: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct TimelineArgs {
    /// Only events that name this party
    #[arg(long, value_name = "PARTY", conflicts_with = "svg", add = ArgValueCandidates::new(complete::parties))]
    pub party: Option<String>,
    /// Only events of this kind, or kinds that begin so: ceasefire
    #[arg(long, value_name = "KIND", conflicts_with = "svg", add = ArgValueCandidates::new(complete::kind_prefixes))]
    pub kind: Option<String>,
    /// Only events that cite this source
    #[arg(long, value_name = "SOURCE", conflicts_with = "svg", add = ArgValueCandidates::new(complete::sources))]
    pub source: Option<String>,
    /// One line of marks, for a quick look
    #[arg(long, conflicts_with = "svg")]
    pub strip: bool,
    #[command(flatten)]
    pub picture: Picture,
}

/// A picture instead of words.
#[derive(Debug, Args)]
pub(super) struct Picture {
    /// A picture, as SVG
    #[arg(long, help_heading = "Pictures")]
    pub svg: bool,
    /// From this day on
    #[arg(long, value_name = "WHEN", requires = "svg", help_heading = "Pictures")]
    pub from: Option<String>,
    /// Up to this day
    #[arg(long, value_name = "WHEN", requires = "svg", help_heading = "Pictures")]
    pub to: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct IncidentsArgs {
    /// Who lays what to whom and what the accused answer; the dead as claimed and as acknowledged
    #[arg(long, conflicts_with = "svg")]
    pub by_accuser: bool,
    #[command(flatten)]
    pub picture: Picture,
}

#[derive(Debug, Args)]
pub(super) struct LogArgs {
    /// Newest first
    #[arg(long)]
    pub reverse: bool,
    /// At most so many records
    #[arg(short = 'N', long, value_name = "N")]
    pub limit: Option<usize>,
}

#[derive(Debug, Args)]
pub(super) struct WatchArgs {
    /// End with exit code 0 once an event of this kind comes, or of kinds that begin so: ceasefire
    #[arg(long, value_name = "KIND", add = ArgValueCandidates::new(complete::kind_prefixes))]
    pub exit_on: Option<String>,
    /// Begin with what came after this version (7 or e7) [default: with what is new]
    #[arg(long, value_name = "N", value_parser = standing_at)]
    pub after: Option<u64>,
    /// Print the status anew after what came
    #[arg(long, conflicts_with = "json")]
    pub status: bool,
}

#[derive(Debug, Args)]
pub(super) struct QueryArgs {
    /// One statement that reads: SELECT, WITH, VALUES, EXPLAIN (`-`: from standard input) [default: show the tables]
    #[arg(value_name = "SQL")]
    pub question: Option<String>,
    /// Show the tables that can be asked, and their columns
    #[arg(long, conflicts_with = "question")]
    pub schema: bool,
}

#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    /// The port; 0 takes any that is free
    #[arg(long, value_name = "N", default_value_t = 7070)]
    pub port: u16,
    /// Open it in a browser
    #[arg(long)]
    pub open: bool,
    /// Let events be added, by whoever shows the token that is printed
    #[arg(long)]
    pub write: bool,
    /// Who records what is added without saying who [default: $TALKS_RECORDER]
    #[arg(long, value_name = "NAME", requires = "write")]
    pub recorder: Option<String>,
    /// The address to listen on [default: 127.0.0.1]
    #[arg(long, value_name = "ADDRESS")]
    pub bind: Option<std::net::IpAddr>,
    /// Listen on an address that other machines can reach; every request then has to show the token, and nothing is encrypted
    #[arg(long)]
    pub beyond_loopback: bool,
    /// A name by which it is reached besides its own: talks.example.org
    #[arg(long, value_name = "NAME")]
    pub host: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct ReplayArgs {
    /// One event at a time, on a terminal: enter goes on, b goes back, q quits
    #[arg(long)]
    pub step: bool,
    /// Only events that change something
    #[arg(long)]
    pub only_changes: bool,
}

/// A shell that can be taught.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Shell {
    Bash,
    Zsh,
    Fish,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

/// A version as a receipt has it, or as an event is called; none before the first.
fn standing_at(text: &str) -> Result<u64, String> {
    let digits = text.strip_prefix('e').unwrap_or(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits
        .parse()
        .ok()
        .filter(|_| is_number)
        .ok_or_else(|| format!("\"{text}\" is no version; write it as talks log does, e7, or as a number"))
}

fn root(text: &str) -> Result<String, String> {
    let text = text.to_ascii_lowercase();
    let is_root = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_root { Ok(text) } else { Err(format!("\"{text}\" is no root; give its 64 digits as a receipt prints them")) }
}

fn words(text: &str) -> Result<String, String> {
    if text.trim().is_empty() { Err("it is empty; say it in a few words".into()) } else { Ok(text.into()) }
}

fn id(text: &str) -> Result<uuid::Uuid, String> {
    let help = "write one such as 01890a5d-ac96-774b-bcce-b302099a8057, or leave it out for a new one";
    text.parse().map_err(|_| format!("\"{text}\" is no UUID; {help}"))
}

impl Color {
    /// Sets it for everything that is printed from here on; `auto` honours `NO_COLOR`, `CLICOLOR` and a dumb terminal.
    pub(super) fn apply(self) {
        let choice = match self {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        };
        choice.write_global();
    }
}

impl Global {
    /// What the flags ask.
    pub(super) fn question(&self) -> Question {
        let Cut { as_of, known_by, recorded_by, certain, accounts_of, corroborated } = &self.cut;
        Question {
            as_of: as_of.clone(),
            known_by: known_by.clone(),
            recorded_by: recorded_by.clone(),
            certain: *certain,
            accounts_of: accounts_of.clone(),
            corroborated: *corroborated,
        }
    }
}
