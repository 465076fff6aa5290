//! `talks replay`

use std::io::IsTerminal;

use crossterm::event::{Event as Input, KeyCode, KeyEventKind, KeyModifiers, read};
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};

use super::Context;
use super::args::ReplayArgs;
use super::dates::maybe;
use super::page::{Page, header, write_out};
use super::table::joined;
use super::text::{BAD, BOLD, DIM, GOOD, WARN, clean, indented, styled, width};
use crate::app::{Asking, Trouble};
use crate::view::{Change, Changed, ReplayStep};

pub(super) fn page(asking: &Asking<'_>, args: &ReplayArgs, context: &Context<'_>) -> Result<Page, Trouble> {
    let replay = asking.steps(args.only_changes);
    let total = replay.steps.len();
    let texts: Vec<String> = replay.steps.iter().enumerate().map(|(i, step)| step_text(step, i + 1, total)).collect();
    let on_a_terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    if args.step && on_a_terminal && !context.global.json && !context.global.csv {
        write_out(&header(asking))?;
        walk(&texts)?;
        return Ok(Page::new(asking.answer(replay), Some("steps"), String::new()));
    }
    let text = if texts.is_empty() { "Nothing happened by then, as far as is known.\n".into() } else { texts.concat() };
    Ok(Page::new(asking.answer(replay), Some("steps"), format!("{}{text}", header(asking))))
}

fn step_text(step: &ReplayStep, place: usize, total: usize) -> String {
    let head = format!("{}  {}  {}", step.event, step.kind, maybe(step.when.as_ref()));
    let sources = if step.sources.is_empty() { String::new() } else { format!("  {}", joined(&step.sources)) };
    let head = indented(&clean(&format!("[{place}/{total}] {head}{sources}")), 4, width());
    let mut text: String = head.trim_start().lines().map(|line| format!("{}\n", styled(BOLD, line))).collect();
    text.push_str(&indented(&clean(&step.text), 2, width()));
    step.changes.iter().for_each(|change| text.push_str(&change_text(change)));
    for anomaly in &step.anomalies {
        text.push_str(&format!("    {} {}\n", styled(BAD, "does not fit:"), clean(anomaly)));
    }
    text
}

/// `~ talks  in-session, R2  ->  not-in-session, R2, no-agreement`.
pub(super) fn change_text(change: &Change) -> String {
    let (mark, style) = match change.changed {
        Changed::Opened => ("+", GOOD),
        Changed::Moved => ("~", WARN),
        Changed::Gone => ("-", BAD),
    };
    let nothing = || "nothing".to_string();
    let (before, after) = (change.before.clone().unwrap_or_else(nothing), change.after.clone().unwrap_or_else(nothing));
    let course = if change.changed == Changed::Opened { after } else { format!("{before}  ->  {after}") };
    let about = if change.text.is_empty() { String::new() } else { format!("  ({})", change.text) };
    let line = format!("{:<10} {course}{about}", change.what);
    let lines = indented(&clean(&line), 6, width());
    format!("    {} {}", styled(style, mark), lines.trim_start())
}

/// One step at a time: enter goes on, b goes back, q quits.
fn walk(texts: &[String]) -> Result<(), Trouble> {
    let mut place = 0;
    while let Some(text) = texts.get(place) {
        write_out(text)?;
        write_out(&styled(DIM, "[enter] next  [b] back  [q] quit"))?;
        let key = key();
        write_out("\r\u{1b}[K")?;
        place = match key? {
            KeyCode::Char('q') | KeyCode::Esc => return Ok(()),
            KeyCode::Char('b') | KeyCode::Left | KeyCode::Up => place.saturating_sub(1),
            _ => place + 1,
        };
    }
    Ok(())
}

/// One key, read raw; the terminal is put back whatever happens.
fn key() -> Result<KeyCode, Trouble> {
    let broken = |error: std::io::Error| {
        Trouble::failed("terminal", format!("can't read the keyboard: {}", super::complain::plain(&error)))
    };
    enable_raw_mode().map_err(broken)?;
    let pressed = loop {
        match read() {
            Ok(Input::Key(key)) if key.kind == KeyEventKind::Press => {
                let interrupted = key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL);
                break Ok(if interrupted { KeyCode::Esc } else { key.code });
            }
            Ok(_) => {}
            Err(error) => break Err(broken(error)),
        }
    };
    disable_raw_mode().map_err(broken)?;
    pressed
}
