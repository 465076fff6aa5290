//! `talks add` on a terminal: asks question by question, shows what would be stored, and stores it when told to.

use std::io::{IsTerminal, Write};

use rustyline::completion::{Completer, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::MemHistory;
use rustyline::validate::Validator;
use rustyline::{Behavior, CompletionType, Config, Editor, Helper};

use super::args::{AddArgs, Writing};
use super::dialogue::{Dialogue, Question, Reply};
use super::page::Page;
use super::text::{BOLD, DIM, clean, first_line, indented, pad, styled, width};
use super::{Context, add, complain, fields, form, receipt};
use crate::app::{Asking, Exit, Known, Question as Asked, Receipt, Trouble, Typed};
use crate::view::Choice;

/// The line editor, with what can be completed.
type Lines = Editor<Completing, MemHistory>;

pub(super) fn page(args: &AddArgs, context: &Context<'_>) -> Result<Page, Trouble> {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Err(Trouble::usage("no-terminal", "the kind is missing, and there is no terminal to ask for it")
            .help("talks add KIND key=value ... --when ...; talks help kinds lists the kinds"));
    }
    // What can't be written to is said before anything is asked.
    context.store_to_write()?;
    let book = context.book()?;
    let asking = Asking::new(&book, &Asked::default(), &context.env)?;
    let known = Known::of(&asking, &context.env);
    let mut lines = lines()?;
    say(&styled(DIM, "tab completes, ? explains, < goes back, ctrl-c leaves"));
    let mut dialogue = Dialogue::new(&known);
    loop {
        ask(&mut dialogue, &mut lines)?;
        match decide(dialogue.typed()?, true, args, context, &mut lines)? {
            Decided::Done(page) => return Ok(page),
            Decided::Back => drop(dialogue.back()),
        }
    }
}

/// Shows what `check` would find of a draft that was typed at once, and stores it when told to.
pub(super) fn confirm(draft: (String, Typed), args: &AddArgs, context: &Context<'_>) -> Result<Page, Trouble> {
    match decide(draft, false, args, context, &mut lines()?)? {
        Decided::Done(page) => Ok(page),
        Decided::Back => Err(dropped()),
    }
}

/// Whether there is somebody to ask, who sees the answer.
pub(super) fn is_attended() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal() && std::io::stdout().is_terminal()
}

/// Asks until all is answered.
fn ask(dialogue: &mut Dialogue<'_>, lines: &mut Lines) -> Result<(), Trouble> {
    while let Some(question) = dialogue.question() {
        let text = put(&question, lines)?;
        match dialogue.answer(&text) {
            Reply::Taken(echo) => echo.iter().for_each(|echo| say_under("=", echo)),
            Reply::Explained(text) => text.lines().for_each(|line| say_under("?", line)),
            Reply::Wrong(trouble) => complain::aside(&trouble),
        }
    }
    Ok(())
}

enum Decided {
    Done(Page),
    Back,
}

/// Shows what would become of a draft, and does with it what is said.
fn decide(
    (mut kind, mut typed): (String, Typed),
    can_go_back: bool,
    args: &AddArgs,
    context: &Context<'_>,
    lines: &mut Lines,
) -> Result<Decided, Trouble> {
    let mut version = None;
    loop {
        if version.is_none() {
            version = Some(preview(&kind, &typed, args, context));
        }
        let fits = version.as_ref().is_some_and(Result::is_ok);
        let (prompt, words) = match (fits, can_go_back) {
            (true, true) => ("store it? y yes, n no, e edit, < back: ", "y n e <"),
            (true, false) => ("store it? y yes, n no, e edit: ", "y n e"),
            (false, true) => ("e edit, < back, n leave: ", "n e <"),
            (false, false) => ("e edit, n leave: ", "n e"),
        };
        let choices = words.split(' ').map(|word| Choice::new(word, String::new())).collect();
        let question = Question { prompt: prompt.into(), choices, ..Question::default() };
        match put(&question, lines)?.trim() {
            "y" | "yes" if fits => {
                let expected = version.take().and_then(Result::ok);
                let writing = Writing { expect_version: expected, ..args.writing.clone() };
                match store(&kind, &typed, &writing, args, context) {
                    Ok(done) => return Ok(Decided::Done(receipt::page("Added", &done)?)),
                    // Somebody was quicker: what it would change is shown anew.
                    Err(trouble) if trouble.exit == Exit::Moved && args.writing.expect_version.is_none() => {
                        complain::aside(
                            &Trouble::failed("moved-on", "the log moved on; look again").help("y stores it"),
                        );
                    }
                    Err(trouble) => return Err(trouble),
                }
            }
            "n" | "no" | "q" => return Err(dropped()),
            "<" if can_go_back => return Ok(Decided::Back),
            "e" | "edit" => {
                (kind, typed) = add::edited(Some(&kind), &typed, |kind, typed| Ok((kind.to_string(), typed.clone())))?;
                version = None;
            }
            _ => say_under("?", words),
        }
    }
}

fn dropped() -> Trouble {
    Trouble::failed("dropped", "nothing was stored")
}

/// What would be stored and what it would change; at which version, or that it does not fit.
fn preview(kind: &str, typed: &Typed, args: &AddArgs, context: &Context<'_>) -> Result<u64, ()> {
    say("");
    form::lines(kind, typed).iter().for_each(|line| say(&styled(DIM, indented(&clean(line), 2, width()).trim_end())));
    let writing = Writing { dry_run: true, ..args.writing.clone() };
    match store(kind, typed, &writing, args, context) {
        Ok(would) => {
            say(receipt::preview("Added", &would).trim_end());
            receipt::warn_of_findings(context.global.quiet, &would);
            Ok(would.version)
        }
        Err(trouble) => {
            complain::aside(&trouble);
            Err(())
        }
    }
}

fn store(
    kind: &str,
    typed: &Typed,
    writing: &Writing,
    args: &AddArgs,
    context: &Context<'_>,
) -> Result<Receipt, Trouble> {
    context.append(writing, Some(&args.once), |desk| desk.add_typed(kind, typed)).map_err(fields::of_pairs)
}

/// Puts a question, and waits for the answer.
fn put(question: &Question, lines: &mut Lines) -> Result<String, Trouble> {
    question.note.iter().for_each(|note| say(&styled(DIM, indented(&clean(note), 0, width()).trim_end())));
    lines.set_helper(Some(Completing(question.clone())));
    let answer = lines.readline_with_initial(&clean(&question.prompt), (&clean(&question.kept), ""));
    answer.map_err(|error| match error {
        ReadlineError::Interrupted => {
            Trouble { exit: Exit::Interrupted, ..Trouble::failed("interrupted", "interrupted; nothing was stored") }
        }
        ReadlineError::Eof => Trouble::failed("dropped", "left; nothing was stored"),
        error => Trouble::failed("terminal", format!("can't read the keyboard: {error}")),
    })
}

fn lines() -> Result<Lines, Trouble> {
    let config = Config::builder()
        .completion_type(CompletionType::List)
        .completion_show_all_if_ambiguous(true)
        .behavior(Behavior::PreferTerm)
        .auto_add_history(false)
        .build();
    Editor::with_history(config, MemHistory::new())
        .map_err(|error| Trouble::failed("terminal", format!("can't use the terminal: {error}")))
}

fn say(text: &str) {
    // With the terminal gone there is nobody to tell.
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

fn say_under(mark: &str, text: &str) {
    let lines = indented(&clean(text), 4, width());
    say(&format!("  {} {}", styled(BOLD, mark), lines.trim()));
}

/// Completes the word before the cursor, by how names begin, else by what is in them, else by the words of what they are.
struct Completing(Question);

impl Completing {
    /// Where the word begins, what it can be, and what follows it.
    fn word<'q>(&'q self, before: &str) -> (usize, &'q [Choice], &'static str) {
        let value = |(key, choices): &'q (String, Vec<Choice>)| {
            let rest = before.strip_prefix(key.as_str())?.strip_prefix('=')?;
            Some((before.len() - rest.len(), &choices[..], ""))
        };
        let begin = if self.0.several { self.begin(before) } else { 0 };
        let follows = if self.0.values.is_empty() { "" } else { "=" };
        self.0.values.iter().find_map(value).unwrap_or((begin, &self.0.choices, follows))
    }

    /// Where the last of several answers begins; where one of them may have spaces, only separators end it.
    fn begin(&self, before: &str) -> usize {
        let is_spaced = self.0.choices.iter().any(|choice| choice.value.contains(' '));
        let ends = |c: char| c == ',' || c == ';' || c == ' ' && !is_spaced;
        let begin = before.rfind(ends).map_or(0, |at| at + 1);
        begin + before[begin..].len() - before[begin..].trim_start().len()
    }
}

fn matching<'q>(choices: &'q [Choice], typed: &str) -> Vec<&'q Choice> {
    let typed = typed.to_lowercase();
    let fits = |has: &dyn Fn(&Choice) -> bool| choices.iter().filter(|choice| has(choice)).collect::<Vec<_>>();
    let within = |text: &str| text.to_lowercase().contains(&typed);
    let begins = fits(&|choice| choice.value.to_lowercase().starts_with(&typed));
    let named = if begins.is_empty() { fits(&|choice| within(&choice.value)) } else { begins };
    if named.is_empty() { fits(&|choice| within(&choice.about)) } else { named }
}

impl Completer for Completing {
    type Candidate = Pair;

    fn complete(&self, line: &str, at: usize, _: &rustyline::Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        let before = line.get(..at).unwrap_or(line);
        let (begin, choices, follows) = self.word(before);
        let found = matching(choices, &before[begin..]);
        // A column of its own for what each is, as far as the screen goes.
        let longest = found.iter().map(|choice| choice.value.len()).max().unwrap_or_default();
        let shown = |choice: &Choice| {
            let about = first_line(&choice.about, width().saturating_sub(longest + 4).max(20));
            format!("{}  {about}", pad(&choice.value, longest)).trim_end().to_string()
        };
        let pair =
            |choice: &&Choice| Pair { display: shown(choice), replacement: format!("{}{follows}", choice.value) };
        Ok((begin, found.iter().map(pair).collect()))
    }
}

impl Helper for Completing {}
impl Validator for Completing {}
impl Hinter for Completing {
    type Hint = String;
}
impl Highlighter for Completing {}
