//! `talks serve`: the store over HTTP, for a page and for programs.

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::process::{Command, Stdio};

use chrono::Utc;
use serde_json::json;

use super::args::{Global, ServeArgs};
use super::page::{Page, write_out};
use super::place::{dice, recorder};
use super::text::{BOLD, DIM, clean, styled};
use super::{Context, complain};
use crate::app::{Env, Trouble};
use crate::domain::when::Instant;
use crate::web::{self, Ready, Settings};

pub(super) fn page(args: &ServeArgs, context: &Context<'_>) -> Result<Page, Trouble> {
    if !context.global.log.is_empty() {
        return Err(Trouble::usage("plain-log", "a store is served, not a plain log")
            .help("talks init and talks import FILE put it into a store"));
    }
    if context.global.negotiation.is_some() {
        return Err(Trouble::usage("whole-store", "the whole store is served, and -n names one negotiation")
            .help("leave -n out; talks export and talks receive put one into a store of its own"));
    }
    let store = context.store()?.path().to_path_buf();
    let bind = SocketAddr::new(args.bind.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)), args.port);
    let settings = Settings {
        store,
        bind,
        beyond_loopback: args.beyond_loopback,
        hosts: args.host.clone(),
        write: args.write,
        recorder: recorder(args.recorder.as_ref()),
        clock: || Env { now: Instant(Utc::now().timestamp()) },
        random: dice(),
    };
    if args.beyond_loopback && !bind.ip().is_loopback() {
        let what = format!("other machines can reach this: {bind}; what goes over the network is not encrypted");
        complain::remark(&what, "anybody who listens there can read the log and the token; ssh -L is safer");
    }
    web::serve(settings, &mut |ready| told(ready, args, context.global))?;
    Ok(Page::silent())
}

/// Says where it answers: on standard output, for whoever started it.
fn told(ready: &Ready, args: &ServeArgs, global: &Global) -> Result<(), Trouble> {
    let Ready { address, token } = ready;
    if global.json {
        write_out(&format!("{}\n", json!({ "address": address, "token": token })))?;
    } else {
        write_out(&format!("{address}\n"))?;
        let shown = token.as_ref().map(|token| format!("token {token}\n")).unwrap_or_default();
        write_out(&shown)?;
    }
    if !global.quiet && !global.json {
        let how = if args.write { "reads, and adds events for whoever shows the token" } else { "only reads" };
        let text = format!("{}\n", styled(DIM, &clean(&format!("It {how}; Ctrl-C ends it"))));
        let _ = anstream::stderr().lock().write_all(text.as_bytes());
    }
    if args.open && !opened(address) {
        let text = format!("{} no browser could be started; open the address in one\n", styled(BOLD, "hint:"));
        let _ = anstream::stderr().lock().write_all(text.as_bytes());
    }
    Ok(())
}

/// Opens an address in the browser of whoever is at this machine: that of `BROWSER`, else the usual one.
fn opened(address: &str) -> bool {
    let usual: &[&str] = match std::env::consts::OS {
        "macos" => &["open"],
        "windows" => &["explorer"],
        _ => &["xdg-open"],
    };
    let named = std::env::var("BROWSER").ok().filter(|browser| !browser.is_empty());
    let words: Vec<&str> = named.as_deref().map_or(usual.to_vec(), |browser| browser.split_whitespace().collect());
    let Some((program, rest)) = words.split_first() else { return false };
    let mut command = Command::new(program);
    command.args(rest).arg(address).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().is_ok()
}
