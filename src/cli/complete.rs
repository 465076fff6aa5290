//! `talks completions`, and what a shell is answered when it asks how a word can go on.
//!
//! The shell runs the program with the line so far. Names are those of the log that the line names, or of the store that the command
//! would find. Where anything is wrong there is simply nothing to offer: nobody who presses the tab key wants to read an error.

use std::ffi::{OsStr, OsString};
use std::process::ExitCode;

use clap::builder::StyledStr;
use clap::{CommandFactory, Parser};
use clap_complete::engine::CompletionCandidate;
use clap_complete::env::{Bash, CompleteEnv, EnvCompleter, Fish, Shells, Zsh};

use super::Context;
use super::args::{Cli, Shell};
use super::dialogue::Dialogue;
use super::page::Page;
use super::text::{clean, first_line};
use crate::app::{Asking, Fields, Known, Trouble};
use crate::domain::event::Event;
use crate::domain::ids::Handle;
use crate::exchange::schema::kinds;
use crate::exchange::short::{is_named, kind_named, needed};
use crate::view::{self, Choice};

/// Set by the shell to its own name when it asks.
const VARIABLE: &str = "TALKS_COMPLETE";
/// How much of a title is shown beside a name.
const HELP_CHARS: usize = 60;

pub(super) fn page(shell: Shell) -> Result<Page, Trouble> {
    let shell: &dyn EnvCompleter = match shell {
        Shell::Bash => &Bash,
        Shell::Zsh => &Zsh,
        Shell::Fish => &Fish,
    };
    let mut script = Vec::new();
    let written = shell.write_registration(VARIABLE, "talks", "talks", "talks", &mut script);
    written.map_err(|error| Trouble::failed("completions", error.to_string()))?;
    let script = String::from_utf8_lossy(&script).trim_start().to_string();
    Ok(Page::with(serde_json::json!({ "script": script }), script))
}

/// Answers a shell, if it is one that asks.
pub(super) fn answer() -> Option<ExitCode> {
    let asked = CompleteEnv::with_factory(command).var(VARIABLE).shells(Shells(&[&Bash, &Zsh, &Fish]));
    let folder = std::env::current_dir().ok();
    match asked.try_complete(std::env::args_os(), folder.as_deref()) {
        Ok(false) => None,
        Ok(true) => Some(ExitCode::SUCCESS),
        Err(_) => Some(ExitCode::FAILURE),
    }
}

/// What can be typed; the flags only where one is begun, or nothing else would do.
fn command() -> clap::Command {
    let (words, at) = words();
    let is_flag = words.get(at).is_some_and(|word| word.starts_with('-'));
    let hide = |arg: clap::Arg| if arg.is_positional() { arg } else { arg.hide(true) };
    if is_flag { Cli::command() } else { each(Cli::command(), &hide) }
}

fn each(command: clap::Command, change: &impl Fn(clap::Arg) -> clap::Arg) -> clap::Command {
    command.disable_help_flag(true).mut_args(change).mut_subcommands(|command| each(command, change))
}

/// The words of the line, and the place of the one that is asked for.
fn words() -> (Vec<String>, usize) {
    let typed = std::env::args_os().skip_while(|word| word != "--").skip(1);
    let words: Vec<String> = typed.map(|word| word.to_string_lossy().into_owned()).collect();
    let at = std::env::var("_CLAP_COMPLETE_INDEX").ok().and_then(|at| at.parse().ok());
    let at = at.unwrap_or(words.len().saturating_sub(1));
    (words, at)
}

/// The flags of the line that say which log is meant.
fn line_so_far() -> Option<Cli> {
    let typed: Vec<OsString> = std::env::args_os().skip_while(|word| word != "--").skip(1).collect();
    let mut words: Vec<OsString> = ["talks", "--quiet"].map(OsString::from).to_vec();
    for (place, word) in typed.iter().enumerate() {
        let text = word.to_string_lossy();
        let named = ["--log", "--store", "--negotiation", "-n"].into_iter().find(|flag| text == *flag);
        let joined = ["--log=", "--store=", "--negotiation="]
            .into_iter()
            .any(|flag| text.starts_with(flag) && text != "--log=-");
        match (named, typed.get(place + 1)) {
            // Standard input is the terminal that waits for the answer.
            (Some(_), Some(value)) if !value.is_empty() && value != "-" => words.extend([word.clone(), value.clone()]),
            _ if joined => words.push(word.clone()),
            _ => {}
        }
    }
    Cli::try_parse_from(words).ok()
}

fn of_the_log(names: impl FnOnce(&Asking<'_>) -> Vec<(String, String)>) -> Vec<CompletionCandidate> {
    candidates(asked(|asking, _| names(asking)).unwrap_or_default())
}

fn asked<T>(answer: impl FnOnce(&Asking<'_>, &Context<'_>) -> T) -> Option<T> {
    let cli = line_so_far()?;
    let context = Context::now(&cli.global);
    context.ask(|asking| Ok(answer(asking, &context))).ok()
}

/// What can stand in the fields of an event: what the next needed field takes, and the names of the others; after a name and `=`, what
/// that one takes.
pub(super) fn fields(current: &OsStr) -> Vec<CompletionCandidate> {
    let current = current.to_string_lossy();
    let Some((kind, before)) = kind_so_far() else { return Vec::new() };
    let offered = asked(|asking, context| {
        let known = Known::of(asking, &context.env);
        let mut dialogue = Dialogue::new(&known);
        dialogue.answer(kind);
        let fields = Fields::of(kind, &known);
        // bash takes `of=` for two words, and forgets the second at its end. A field's name alone is no value.
        let named = |word: &&String| word.ends_with('=') || dialogue.fields().iter().any(|(field, _)| field == *word);
        if let Some(field) = before.last().filter(named).map(|word| word.trim_end_matches('=')) {
            return fields.choices(field).into_iter().map(|choice| (choice.value, choice.about)).collect();
        }
        if let Some((field, _)) = current.split_once('=') {
            let value = |choice: Choice| (format!("{field}={}", choice.value), choice.about);
            return fields.choices(field).into_iter().map(value).collect();
        }
        let (named, values): (Vec<&str>, Vec<&str>) =
            before.iter().map(String::as_str).partition(|word| is_named(word));
        let is_given = |field: &String| named.iter().any(|word| word.split(['=', ':']).next() == Some(field.as_str()));
        let next = needed(kind).filter(|field| !is_given(field)).nth(values.len());
        let choices = next.iter().flat_map(|field| fields.choices(field)).map(|choice| (choice.value, choice.about));
        let others = dialogue.fields().into_iter().filter(|(field, _)| !is_given(field));
        choices.chain(others.map(|(field, about)| (format!("{field}="), about))).collect::<Vec<_>>()
    });
    let begins = |(value, _): &(String, String)| value.starts_with(&*current);
    candidates(offered.unwrap_or_default().into_iter().filter(begins).collect())
}

/// The kind that is being added, and the words after it that are no flags, up to the one that is asked for.
fn kind_so_far() -> Option<(&'static str, Vec<String>)> {
    let (words, at) = words();
    let mut cli = Cli::command();
    cli.build();
    let add = cli.find_subcommand("add")?;
    let takes_value = |flag: &str| {
        let is = |arg: &&clap::Arg| {
            let long = arg.get_long().is_some_and(|long| flag.strip_prefix("--") == Some(long));
            long || arg.get_short().is_some_and(|short| flag.strip_prefix('-') == Some(&*short.to_string()))
        };
        add.get_arguments().find(is).is_some_and(|arg| arg.get_action().takes_values())
    };
    let mut plain: Vec<String> = Vec::new();
    let mut before = words.iter().take(at).skip_while(|word| *word != "add").skip(1);
    while let Some(word) = before.next() {
        match word.starts_with('-') {
            true if takes_value(word) => drop(before.next()),
            true => {}
            false => match plain.last_mut() {
                Some(named) if word == "=" || named.ends_with('=') => named.push_str(word),
                _ => plain.push(word.clone()),
            },
        }
    }
    let kind = kind_named(plain.first()?).ok()?;
    Some((kind, plain.split_off(1)))
}

/// What stands in a log is shown beside a name, and steers no terminal.
fn candidates(names: Vec<(String, String)>) -> Vec<CompletionCandidate> {
    let candidate = |(place, (name, help)): (usize, (String, String))| {
        let help = first_line(&clean(&help), HELP_CHARS);
        let help = (!help.is_empty()).then(|| StyledStr::from(help));
        CompletionCandidate::new(name).help(help).display_order(Some(place))
    };
    names.into_iter().enumerate().map(candidate).collect()
}

/// Handles, then events.
pub(super) fn names() -> Vec<CompletionCandidate> {
    of_the_log(|asking| {
        let entries = view::timeline(&asking.asked());
        let events = entries.into_iter().map(|line| (line.item.event.to_string(), line.item.text));
        handles(asking).into_iter().chain(events).collect()
    })
}

fn handles(asking: &Asking<'_>) -> Vec<(String, String)> {
    let asked = asking.asked();
    let creators = asked.all.ground.creators.iter();
    let words = |event| {
        let record = asking.records().iter().find(|record| record.version() == event);
        record.map(|record| view::sentence::of_record(record, &asked.all.ground)).unwrap_or_default()
    };
    creators.map(|(handle, event)| (handle.to_string(), words(*event))).collect()
}

pub(super) fn parties() -> Vec<CompletionCandidate> {
    of_the_log(|asking| {
        view::parties(&asking.asked()).into_iter().map(|line| (line.item.party.to_string(), line.item.name)).collect()
    })
}

pub(super) fn sources() -> Vec<CompletionCandidate> {
    let title = |line: view::Line<view::SourceView>| {
        let handle: Handle = line.item.handle;
        (handle.to_string(), line.item.title.unwrap_or_default())
    };
    of_the_log(|asking| view::sources(&asking.asked()).into_iter().map(title).collect())
}

/// The negotiations of the store.
pub(super) fn slugs() -> Vec<CompletionCandidate> {
    let offered = || {
        let cli = line_so_far()?;
        let context = Context::now(&cli.global);
        context.store().ok()?.negotiations().ok()
    };
    let named = offered().unwrap_or_default().into_iter();
    candidates(named.map(|(slug, version, _)| (slug, format!("up to e{version}"))).collect())
}

/// The kinds of event that can be added.
pub(super) fn event_kinds() -> Vec<CompletionCandidate> {
    candidates(kinds().into_iter().map(|kind| (kind.kind, kind.definition)).collect())
}

/// The kinds, and the groups in which they begin alike.
pub(super) fn kind_prefixes() -> Vec<CompletionCandidate> {
    let mut groups: Vec<&str> =
        Event::KINDS.iter().filter_map(|kind| kind.split_once('.')).map(|(group, _)| group).collect();
    groups.dedup();
    let groups = groups.into_iter().map(|group| (group.to_string(), String::new()));
    candidates(groups.chain(kinds().into_iter().map(|kind| (kind.kind, kind.definition))).collect())
}

/// What there is help on.
pub(super) fn topics() -> Vec<CompletionCandidate> {
    let topics = super::help::TOPICS.iter().map(|topic| (topic.to_string(), String::new()));
    let kinds = kinds().into_iter().map(|kind| (kind.kind, kind.definition));
    candidates(topics.chain(commands()).chain(kinds).collect())
}

/// The commands, each with what it does.
pub(super) fn command_names() -> Vec<CompletionCandidate> {
    candidates(commands().collect())
}

fn commands() -> impl Iterator<Item = (String, String)> {
    let commands: Vec<(String, String)> = Cli::command()
        .get_subcommands()
        .map(|each| (each.get_name().to_string(), each.get_about().map(ToString::to_string).unwrap_or_default()))
        .collect();
    commands.into_iter()
}
