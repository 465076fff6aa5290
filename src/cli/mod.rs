//! The first front door: the command line.
//!
//! A command asks the app and prints what a view says; it decides nothing. Data goes to standard output, talk to standard error.
//! Text from events is data: whatever could steer a terminal is shown as what it is.

mod add;
mod amend;
mod args;
mod complain;
mod complete;
mod dialogue;
mod editor;
mod fields;
mod form;
mod load;
mod man;
mod names;
mod page;
mod place;
mod progress;
mod prompt;
mod receipt;
mod table;
mod text;

mod accusations;
mod agreements;
mod board;
mod brief;
mod ceasefires;
mod check;
mod claims;
mod commitments;
mod deadlines;
mod demands;
mod demo;
mod diff;
mod doctor;
mod due;
mod handover;
mod help;
mod import;
mod incidents;
mod log;
mod measures;
mod offers;
mod open;
mod parties;
mod party;
mod picture;
mod query;
mod readings;
mod replay;
mod revise;
mod rounds;
mod schema;
mod search;
mod serve;
mod settings;
mod show;
mod source;
mod sources;
mod status;
mod strip;
mod tables;
mod timeline;
mod twin;
mod watch;
mod why;

use std::process::ExitCode;

use clap::Parser;

use crate::app::{Afterwards, Asking, Book, Depth, Env, Trouble};
use crate::domain::when::Instant;
use crate::view::dates;
use args::{Cli, Command, Global};
use page::Page;

/// What a command works with.
struct Context<'a> {
    global: &'a Global,
    env: Env,
}

/// Parses, runs, prints; the exit code says how it went.
pub fn main() -> ExitCode {
    if let Some(exit) = complete::answer() {
        return exit;
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return complain::about_usage(&error),
    };
    cli.global.color.apply();
    let context = Context::now(&cli.global);
    match run(&cli.command, &context).and_then(|page| page.print(&cli.global)) {
        Ok(exit) => exit.map_or(ExitCode::SUCCESS, |exit| ExitCode::from(exit.code())),
        Err(trouble) => complain::about(&trouble, cli.global.json),
    }
}

fn run(command: &Option<Command>, context: &Context<'_>) -> Result<Page, Trouble> {
    let Some(command) = command else {
        let nowhere = context.global.log.is_empty() && place::store_file(context.global).is_none();
        return if nowhere { Ok(Page::text(args::SHORT_HELP)) } else { status::page(context) };
    };
    match command {
        Command::Demo(args) => demo::page(args, context),
        Command::Init { file } => open::init(file.as_deref(), context.global.store.as_deref()),
        Command::Open(args) => open::page(args, context),
        Command::Negotiations => open::negotiations(context),
        Command::Add(args) => add::page(args, context),
        Command::Import(args) => import::page(args, context),
        Command::Correct(args) => amend::correct(args, context),
        Command::Retract(args) => amend::retract(args, context),
        Command::Reinstate(args) => amend::reinstate(args, context),
        Command::Undo(args) => amend::undo(args, context),
        Command::Source(args) => source::page(args, context),
        Command::Erase(args) => amend::erase(args, context),
        Command::Export(args) => handover::export(args, context),
        Command::Receive { file } => handover::receive(file, context),
        Command::Verify { root, receipts } => handover::verify(root.as_deref(), receipts.as_deref(), context),
        Command::Rebuild => handover::rebuild(context),
        Command::Backup { file } => handover::backup(file, context),
        Command::Status => status::page(context),
        Command::Check(args) => context.ask(|asking| check::page(asking, args)),
        Command::Search { words } => context.ask(|asking| search::page(asking, words)),
        Command::Board => board::page(context),
        Command::Due => context.ask_state(due::page),
        Command::Demands => context.ask_state(demands::page),
        Command::Offers => context.ask_state(offers::page),
        Command::Ceasefires => context.ask_state(ceasefires::page),
        Command::Agreements => context.ask_state(agreements::page),
        Command::Commitments => context.ask_state(commitments::page),
        Command::Measures => context.ask_state(measures::page),
        Command::Rounds(args) => context.ask_state(|asking| rounds::page(asking, args)),
        Command::Claims => context.ask_state(claims::page),
        Command::Deadlines => context.ask_state(deadlines::page),
        Command::Incidents(args) if args.by_accuser => context.ask(accusations::page),
        Command::Incidents(args) if args.picture.svg => {
            context.ask(|asking| picture::losses(asking, &args.picture, context))
        }
        Command::Incidents(_) => context.ask(incidents::page),
        Command::Parties => context.ask_state(parties::page),
        Command::Party { name } => context.ask(|asking| party::page(asking, name)),
        Command::Sources => context.ask(sources::page),
        Command::Timeline(args) if args.picture.svg => {
            context.ask(|asking| picture::timeline(asking, &args.picture, context))
        }
        Command::Timeline(args) => context.ask(|asking| timeline::page(asking, args)),
        Command::Log(args) => context.ask(|asking| log::page(asking, args)),
        Command::Watch(args) => watch::page(args, context),
        Command::Query(args) => query::page(args, context),
        Command::Serve(args) => serve::page(args, context),
        Command::Show { name } => context.ask(|asking| show::page(asking, name)),
        Command::Why { name } => context.ask(|asking| why::page(asking, name)),
        Command::Replay(args) => context.ask(|asking| replay::page(asking, args, context)),
        Command::Diff(args) => diff::page(args, context),
        Command::Brief(args) => brief::page(args, context),
        Command::Schema { of } => schema::page(of.as_deref()),
        Command::Doctor => Ok(doctor::page(context)),
        Command::Config => Ok(settings::page(context)),
        Command::Completions { shell } => complete::page(*shell),
        Command::Man { command } => man::page(command.as_deref()),
        Command::Help { topic } => help::page(topic.as_deref()),
    }
}

impl<'a> Context<'a> {
    /// With these flags, and the time of day.
    fn now(global: &'a Global) -> Context<'a> {
        Context { global, env: Env { now: Instant(chrono::Utc::now().timestamp()) } }
    }

    /// The log that is asked: a file, or a negotiation in the store.
    fn book(&self) -> Result<Book, Trouble> {
        if self.global.log.is_empty() { self.book_in_store() } else { load::book(self.global) }
    }

    /// Asks where things stand: from what a store keeps beside the log, where that can tell.
    fn ask_state<T>(&self, answer: impl FnOnce(&Asking<'_>) -> Result<T, Trouble>) -> Result<T, Trouble> {
        self.ask_rows(Depth::Whole, answer)
    }

    /// The same, no deeper than needed.
    fn ask_rows<T>(&self, depth: Depth, answer: impl FnOnce(&Asking<'_>) -> Result<T, Trouble>) -> Result<T, Trouble> {
        if !self.global.log.is_empty() {
            return self.ask(answer);
        }
        let store = self.store()?;
        let slug = store.choose(self.global.negotiation.as_deref())?;
        store.ask(&slug, &self.global.question(), depth, &self.env, Afterwards::Remember, answer)
    }

    /// Asks the log what the flags ask, and hands the answer on.
    fn ask<T>(&self, answer: impl FnOnce(&Asking<'_>) -> Result<T, Trouble>) -> Result<T, Trouble> {
        let book = self.book()?;
        answer(&Asking::new(&book, &self.global.question(), &self.env)?)
    }
}
