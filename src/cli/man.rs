//! `talks man`: manual pages, made of the help texts.

use clap::{Command, CommandFactory};
use clap_mangen::Man;
use serde_json::json;

use super::args::Cli;
use super::page::Page;
use crate::app::Trouble;

pub(super) fn page(name: Option<&str>) -> Result<Page, Trouble> {
    let mut cli = Cli::command();
    cli.build();
    let command = match name {
        None => cli,
        Some(name) => named(&cli, name)?,
    };
    let mut roff = Vec::new();
    Man::new(command).render(&mut roff).map_err(|error| Trouble::failed("man", error.to_string()))?;
    let roff = String::from_utf8_lossy(&roff).into_owned();
    Ok(Page::with(json!({ "man": roff }), roff))
}

fn named(cli: &Command, name: &str) -> Result<Command, Trouble> {
    let Some(command) = cli.find_subcommand(name) else {
        let known: Vec<String> = cli.get_subcommands().map(|command| command.get_name().to_string()).collect();
        let what = format!("no manual page on \"{name}\"");
        return Err(Trouble::unknown("no-such-command", what, name, &known).help("talks man, then a command"));
    };
    // A page is looked for by this name: man talks-demands.
    Ok(command.clone().name(format!("talks-{name}")))
}
