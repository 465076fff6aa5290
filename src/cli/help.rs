//! `talks help`: a page on a topic, the help of a command, or what a kind of event says.

use std::io::IsTerminal;

use clap::CommandFactory;

use super::args::Cli;
use super::page::Page;
use super::text::{folded, indented, width};
use crate::app::Trouble;
use crate::exchange::schema::{FieldDoc, KindDoc, TypeDoc, fields_at, kinds, value_types};
use crate::exchange::short::{kind_named, needed, short_name};

/// What there is a page on, beside commands and kinds.
pub(super) const TOPICS: [&str; 6] = ["dates", "readings", "kinds", "formats", "exit-codes", "environment"];

const DATES: &str = "\
Dates, as they can be typed wherever a day is asked for:

  2023-10-26              a day; it counts to its end
  2023-10                 a month; 2023 a year
  \"20 Oct 2023\"           a month in English, in either order
  \"Thu 26 Oct 2023\"       the weekday must be the one of that date
  today, yesterday        and \"3 days ago\"
  monday                  the past one
  2023-10-26T18:00+05:00  an instant (RFC 3339)
  2023-10-26?             uncertain; ~ approximate (EDTF)
  [..2023-10-26]          that day or earlier (EDTF)
  e8                      when an event of the log happened

A day is a day in the time zone of the log. 10/11/2023 is refused, because it
can be read in two ways. The date as understood stands on top of every answer.
";

const READINGS: &str = "\
Which world is asked about. Any answer can be had of any of these; the first
lines of the answer say which it was:

  --as-of WHEN        the world of this day, to its end; without it, now
  --known-by WHEN     only what had been reported by then; corrections that
                      came later are not known yet
  --recorded-by WHEN  only what had been recorded in this log by then
  --certain           leave out what may lie after the day. A line that may is
                      marked ?, and --json says what the certain events say

By whose account:

  (none)                everything that is said, with who disputes it, marked !
  --accounts-of PARTY   one party's account: what others alone assert falls out
  --corroborated        only what independent sources, or the other side,
                        support

talks diff --between sets two of them beside each other; talks why says what a
line rests on. A statement is never taken for a fact: a denied claim stays
disputed until somebody takes it back.
";

const ENVIRONMENT: &str = "\
Variables; a flag goes before each of them, and talks config shows what is in
effect:

  TALKS_STORE      the store [--store]
  TALKS_RECORDER   who you are, as the log should have it [--recorder]
  TALKS_PAGER      the pager for long output on a terminal; else PAGER, else
                   less -FIRX [--no-pager: none]
  NO_COLOR         if not empty: no colour. CLICOLOR=0 and TERM=dumb likewise;
                   CLICOLOR_FORCE=1: colour also in a pipe [--color]
  COLUMNS          how wide to write where there is no terminal
  XDG_DATA_HOME    the data folder; else ~/.local/share
  TALKS_COMPLETE   set by a shell that completes names; leave it alone

A store is looked for in this order: --store, TALKS_STORE, the nearest talks.db
from this folder upwards, talks/talks.db in the data folder.
";

const EXIT_CODES: &str = "\
Exit codes:

  0  done
  1  it could not be done: no such name, a log that does not read, an event
     that does not fit; nothing was stored; or doctor found something amiss
  2  it was asked wrongly: no such command, flag, party or date; nothing was
     stored
  3  check found something odd, or verify something that does not hold
  4  the log is not at the version that --expect-version gave; nothing was stored
  5  it is not known whether it was stored: repeat the command with --id
  130  interrupted at a prompt; nothing was stored
";

const FORMATS: &str = "\
Formats:

  in    a log is a file of drafts, one JSON object a line, in UTF-8;
        --log - reads standard input; talks schema prints the JSON Schema
  out   text for people; --json, one object, with what was asked and the
        answer in \"data\" (talks schema status, talks schema demands ...);
        --csv, where the answer is a table
  sql   talks query asks a question in SQL; talks export --format sqlite
        writes what the list commands print into a file for other programs
  over  talks export writes sealed lines, talks receive takes them in

Data goes to standard output. Errors and warnings go to standard error; with
--json an error is one problem object (RFC 9457).
";

pub(super) fn page(topic: Option<&str>) -> Result<Page, Trouble> {
    let text = text(topic)?;
    Ok(Page::text(&if std::io::stdout().is_terminal() { folded(&text, width()) } else { text }))
}

fn text(topic: Option<&str>) -> Result<String, Trouble> {
    match topic {
        None => Ok(format!(
            "{}\n\nMore: talks help TOPIC, where TOPIC is a command, a kind of event, or one of {}\n",
            Cli::command().render_help().to_string().trim_end(),
            TOPICS.join(", ")
        )),
        Some("dates") => Ok(DATES.into()),
        Some("kinds") => Ok(kinds_page()),
        Some("readings") => Ok(READINGS.into()),
        Some("environment") => Ok(ENVIRONMENT.into()),
        Some("exit-codes") => Ok(EXIT_CODES.into()),
        Some("formats") => Ok(FORMATS.into()),
        Some(name) => command(name).or_else(|trouble| kind(name).ok_or(trouble)),
    }
}

/// The page of a kind, by its name in full or short; a command of that name goes before.
fn kind(name: &str) -> Option<String> {
    let kind = kind_named(name).ok()?;
    kinds().iter().find(|doc| doc.kind == kind).map(kind_page)
}

/// Every kind that a line can have, by group.
fn kinds_page() -> String {
    let mut text = String::from("Kinds of event (talks help demand.raised has the fields of that kind):\n");
    let mut group = "";
    for kind in kinds() {
        if kind.group != group {
            group = kind.group;
            text.push_str(&format!("\n{group}\n"));
        }
        text.push_str(&format!("  {}\n{}", kind.kind, indented(&kind.definition, 6, width())));
    }
    text
}

/// What a kind means, and what may be said of it.
fn kind_page(doc: &KindDoc) -> String {
    let date = if doc.dated { " --when 2023-10-26" } else { "" };
    let needed = doc.fields.iter().filter(|field| field.required).map(|field| format!(" {}=...", field.name));
    let mut text = format!("{}\n{}", doc.kind, indented(&doc.definition, 2, width()));
    text.push_str(&format!("\nAs in\n  talks add {}{}{date}\n", doc.kind, needed.collect::<String>()));
    text.push_str(&short_form(doc));
    if !doc.dated {
        text.push_str("It keeps the record and happens nowhere in the world, so it has no date.\n");
    }
    let context = fields_at(Some(&doc.kind), &["context"]);
    for (heading, fields) in [("Its fields", &doc.fields), ("As any kind can have them", &context)] {
        text.push_str(&format!("\n{heading}\n{}", fields.iter().map(field_text).collect::<String>()));
    }
    let shared = value_types();
    let used = shared.iter().filter(|shared| doc.fields.iter().chain(&context).any(|field| is_of(field, shared)));
    text.push_str(&format!("\nwhere\n{}", used.map(type_text).collect::<String>()));
    text.push_str(
        "\nThe same key again makes a list; key:=JSON gives any value as it is; talks help dates\n\
         by=\"pakistan: Khawaja Asif\" names who speaks for a party; source.title=... registers a source with it\n",
    );
    text
}

/// The same in the short spelling, where there is one.
fn short_form(doc: &KindDoc) -> String {
    let Ok(kind) = kind_named(&doc.kind) else { return String::new() };
    let values: String = needed(kind).map(|field| format!(" {}", field.to_uppercase())).collect();
    let date = if doc.dated { " -w 2023-10-26" } else { "" };
    format!("or in short\n  talks add {}{values}{date}\n", short_name(kind))
}

fn field_text(field: &FieldDoc) -> String {
    let needed = if field.required { ", needed" } else { "" };
    format!("  {}: {}{needed}\n{}", field.name, field.type_words, indented(&field.doc, 6, width()))
}

fn is_of(field: &FieldDoc, shared: &TypeDoc) -> bool {
    field.type_words == shared.name || field.type_words == format!("list of {}", shared.name)
}

fn type_text(shared: &TypeDoc) -> String {
    let names: Vec<&str> = shared.fields.iter().map(|field| field.name.as_str()).collect();
    let fields = if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) };
    format!("  {}{fields}\n{}", shared.name, indented(&shared.doc, 6, width()))
}

fn command(name: &str) -> Result<String, Trouble> {
    let mut cli = Cli::command();
    cli.build();
    if let Some(command) = cli.find_subcommand_mut(name) {
        return Ok(format!("{}\n", command.render_help().to_string().trim_end()));
    }
    let commands = cli.get_subcommands().map(|command| command.get_name().to_string());
    let kinds = kinds().into_iter().map(|doc| doc.kind);
    let known: Vec<String> = TOPICS.iter().map(ToString::to_string).chain(commands).chain(kinds).collect();
    Err(Trouble::unknown("no-such-topic", format!("no help on \"{name}\""), name, &known)
        .help(format!("talks help, then a command, a kind of event or one of {}", TOPICS.join(", "))))
}
