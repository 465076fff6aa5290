//! What a command gives back, and how it is printed: for people, as JSON, or as CSV.

use std::io::{IsTerminal, Write};
use std::process::{Command, Stdio};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::args::Global;
use super::text::{DIM, styled};
use crate::app::{Asking, Exit, Reply, Trouble};
use crate::view::{Answer, clean_json};

/// Made once it is asked for: what is told in words is not written as JSON as well.
type Pending = Box<dyn FnOnce() -> Result<Reply, Trouble>>;

/// An answer, and how it is told to people.
pub(super) struct Page {
    /// Absent where all that is asked for stands in the words.
    reply: Option<Pending>,
    human: String,
    /// Where the answer itself is bad news.
    exit: Option<Exit>,
}

impl Page {
    /// An answer; `table` names the list in its data that CSV prints.
    pub(super) fn new<T: Serialize + JsonSchema + 'static>(
        answer: Answer<T>,
        table: Option<&'static str>,
        human: String,
    ) -> Page {
        Page { reply: Some(Box::new(move || Reply::new(&answer, table))), human, exit: None }
    }

    /// One list, under its own name in `data`.
    pub(super) fn list<T: Serialize + JsonSchema + 'static>(
        asking: &Asking<'_>,
        name: &'static str,
        lines: Vec<T>,
        human: &str,
    ) -> Page {
        let frame = asking.answer(());
        let reply = move || Reply::list(frame, name, &lines);
        Page { reply: Some(Box::new(reply)), human: format!("{}{human}", header(asking)), exit: None }
    }

    /// What the app hands out, and the same in words.
    pub(super) fn of(reply: Reply, human: String) -> Page {
        Page { reply: Some(Box::new(|| Ok(reply))), human, exit: None }
    }

    /// JSON for everybody.
    pub(super) fn raw(json: Value) -> Page {
        let human = clean_json(&format!("{json:#}\n"));
        Page::with(json, human)
    }

    /// JSON, and the same in words.
    pub(super) fn with(json: Value, human: String) -> Page {
        Page::of(Reply::raw(json), human)
    }

    /// A table in `data`, outside the frame of an answer.
    pub(super) fn table(json: Value, table: &'static str, human: String) -> Page {
        Page::of(Reply::table(json, table), human)
    }

    /// Words alone, where no JSON is asked for.
    pub(super) fn told(human: String) -> Page {
        Page { reply: None, human, exit: None }
    }

    /// What was printed already.
    pub(super) fn silent() -> Page {
        Page::told(String::new())
    }

    /// With an exit code of its own.
    pub(super) fn ending(self, exit: Exit) -> Page {
        Page { exit: Some(exit), ..self }
    }

    /// Words for people; in JSON, the same under `help`.
    pub(super) fn text(text: &str) -> Page {
        Page::with(serde_json::json!({ "help": text }), text.into())
    }

    /// Prints it as the flags say.
    pub(super) fn print(self, global: &Global) -> Result<Option<Exit>, Trouble> {
        let exit = self.exit;
        self.print_out(global).map(|()| exit)
    }

    fn print_out(self, global: &Global) -> Result<(), Trouble> {
        match self.reply {
            Some(reply) if global.json => return write_out(&reply()?.json()),
            Some(reply) if global.csv => return write_out(&reply()?.csv()?),
            _ => {}
        }
        let rows = self.human.lines().count();
        let tall =
            terminal_size::terminal_size().is_some_and(|(_, terminal_size::Height(height))| rows > usize::from(height));
        if tall && !global.no_pager && std::io::stdout().is_terminal() && page(&self.human) {
            return Ok(());
        }
        write_out(&self.human)
    }
}

/// The title of a negotiation, or the name of its log.
pub(super) fn title<'a>(asking: &'a Asking<'_>) -> &'a str {
    match asking.asked().all.ground.title.as_str() {
        "" => asking.name(),
        title => title,
    }
}

/// The dates as they were understood, and the reading.
pub(super) fn dates(asking: &Asking<'_>) -> String {
    let mut dates = format!("as of {}", asking.as_of.echo);
    if let Some(point) = &asking.known_by {
        dates.push_str(&format!(", as known by {}", point.echo));
    }
    if let Some(point) = &asking.recorded_by {
        dates.push_str(&format!(", as recorded by {}", point.echo));
    }
    let frame = asking.answer(());
    if frame.certain {
        dates.push_str(", certain events only");
    }
    if let Some(party) = &frame.reading.accounts_of {
        dates.push_str(&format!(
            ", by the account of {} ({} events left out)",
            super::names::Names::new(asking).of(party),
            frame.reading.left_out
        ));
    }
    if frame.reading.corroborated {
        dates.push_str(&format!(", corroborated only ({} events left out)", frame.reading.left_out));
    }
    if !frame.complete {
        dates.push_str("; some records can't be read, see talks log");
    }
    dates
}

/// The first line of every screen: which log, and the dates as they were understood.
pub(super) fn header(asking: &Asking<'_>) -> String {
    let (title, dates) = (super::text::clean(title(asking)), dates(asking));
    let wide = super::text::width();
    let lines: String =
        super::text::wrap(&dates, wide).into_iter().map(|line| format!("{}\n", styled(DIM, &line))).collect();
    format!("{}\n{lines}\n", styled(super::text::BOLD, &title))
}

/// Writes to standard output; a reader that has gone away is no error.
pub(super) fn write_out(text: &str) -> Result<(), Trouble> {
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Trouble::failed("output", format!("can't write the output: {}", super::complain::plain(&error))))
        }
        _ => Ok(()),
    }
}

/// The pager, and what names it.
pub(super) fn pager() -> (String, &'static str) {
    let named = ["TALKS_PAGER", "PAGER"].into_iter().find_map(|name| Some((std::env::var(name).ok()?, name)));
    named.unwrap_or_else(|| ("less -FIRX".into(), "neither TALKS_PAGER nor PAGER"))
}

/// Through the pager; false if there is none to be had.
fn page(text: &str) -> bool {
    let (pager, _) = pager();
    let mut words = pager.split_whitespace();
    let Some(program) = words.next() else { return false };
    let Ok(mut child) = Command::new(program).args(words).stdin(Stdio::piped()).spawn() else { return false };
    if let Some(mut input) = child.stdin.take() {
        let plain = anstream::stdout().current_choice() == anstream::ColorChoice::Never;
        let text = if plain { anstream::adapter::strip_str(text).to_string() } else { text.to_string() };
        // A pager that is quit early closes its end; the rest is then simply not wanted.
        let _ = input.write_all(text.as_bytes());
    }
    child.wait().is_ok()
}
