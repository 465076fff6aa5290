//! `talks demo`: the story that ships with the program.

use super::Context;
use super::args::DemoArgs;
use super::page::Page;
use super::text::{BOLD, DIM, clean, styled};
use super::{status, timeline};
use crate::app::{Asking, Question, Trouble, demo_book};

/// The last day the report tells of, as it prints it, and the day it really was.
const LAST_DAY: [&str; 2] = ["2023-10-26", "2025-10-30"];

pub(super) fn page(args: &DemoArgs, context: &Context<'_>) -> Result<Page, Trouble> {
    let book = demo_book(args.corrected)?;
    let mut question = context.global.question();
    question.as_of.get_or_insert_with(|| LAST_DAY[usize::from(args.corrected)].to_string());
    let asking = Asking::new(&book, &question, &context.env)?;
    let told = if args.corrected {
        "with the corrections that move it to what happened"
    } else {
        "as one news report printed it"
    };
    let intro = format!(
        "The Afghanistan-Pakistan talks in Istanbul, {told}.\n{} records, no network used.\n\n",
        book.records.len()
    );
    let status = crate::view::status(&asking.asked());
    let events = crate::view::timeline(&asking.asked());
    let text = format!(
        "{intro}{}{}\n{}\n{}\n{}",
        super::page::header(&asking),
        status::text(&status, super::names::Names::new(&asking)),
        styled(BOLD, "What happened"),
        timeline::text(&events),
        next(&question, args)
    );
    Page::new(&asking.answer(status), None, text)
}

fn next(question: &Question, args: &DemoArgs) -> String {
    let day = question.as_of.as_deref().map(clean).unwrap_or_default();
    let log = if args.corrected {
        "--log events/istanbul-talks-as-printed.jsonl --log events/istanbul-talks-corrections.jsonl"
    } else {
        "--log events/istanbul-talks-as-printed.jsonl"
    };
    let hint = |what: &str, command: &str| format!("  {}\n      {command}\n", styled(DIM, what));
    let mut text = format!("{}\n", styled(BOLD, "What to type next"));
    text.push_str(&hint(
        "what the ceasefire's line rests on, in whose words",
        &format!("talks why C1 {log} --as-of {day}"),
    ));
    text.push_str(&hint("each event with what it changed", &format!("talks replay {log} --as-of {day}")));
    if args.corrected {
        text.push_str(&hint(
            "what was known at the end of 2023",
            "talks demo --corrected --known-by 2023-12-31 --as-of 2023-10-26",
        ));
    } else {
        text.push_str(&hint("the same story, corrected: the report has its dates wrong", "talks demo --corrected"));
    }
    text
}
