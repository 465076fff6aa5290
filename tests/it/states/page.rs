//! A page of recorded states: questions, lines, and the reasons under them.

use std::fmt::Write;

/// A page as it is kept.
#[derive(Debug, Default)]
pub(super) struct Page {
    preface: Vec<String>,
    blocks: Vec<Block>,
}

/// One question and its answer.
#[derive(Debug, Default)]
struct Block {
    question: String,
    reasons: Vec<String>,
    lines: Vec<Line>,
}

/// One line of an answer, and why it is so.
#[derive(Debug, Default)]
struct Line {
    text: String,
    reasons: Vec<String>,
}

impl Page {
    pub(super) fn read(text: &str) -> Page {
        let mut page = Page::default();
        for line in text.lines().filter(|line| !line.is_empty()) {
            let is_reason = line.starts_with('#');
            let block = match (line.strip_prefix("$ "), page.blocks.last_mut()) {
                (Some(question), _) => {
                    page.blocks.push(Block { question: question.into(), ..Block::default() });
                    continue;
                }
                (None, Some(block)) => block,
                (None, None) => {
                    page.preface.push(line.into());
                    continue;
                }
            };
            match (is_reason, block.lines.last_mut()) {
                (true, Some(under)) => under.reasons.push(line.into()),
                (true, None) => block.reasons.push(line.into()),
                (false, _) => block.lines.push(Line { text: line.into(), reasons: Vec::new() }),
            }
        }
        page
    }

    /// The same questions, with what `answer` says to each, and no reasons under the lines.
    pub(super) fn answered(&self, answer: impl Fn(&str) -> Vec<String>) -> Page {
        let mut before = Vec::new();
        let mut block = |block: &Block| {
            let all = answer(&block.question);
            let lines = changed(&before, &all);
            if asks_for_a_day_alone(&block.question) {
                before = all;
            }
            Block { question: block.question.clone(), reasons: block.reasons.clone(), lines }
        };
        Page { preface: self.preface.clone(), blocks: self.blocks.iter().map(&mut block).collect() }
    }

    /// Puts the reasons of another page under the lines of the same labels, marked where the line has changed. Says which found none.
    pub(super) fn take_reasons(&mut self, from: &Page) -> Vec<String> {
        let mut lost = Vec::new();
        for (block, old) in self.blocks.iter_mut().zip(&from.blocks) {
            for line in old.lines.iter().filter(|line| !line.reasons.is_empty()) {
                let Some(under) = block.lines.iter_mut().find(|new| label_of(&new.text) == label_of(&line.text)) else {
                    lost.push(format!("$ {}\n{}\n{}", old.question, line.text, line.reasons.join("\n")));
                    continue;
                };
                let same = under.text == line.text;
                let mark = |reason: &String| if same { reason.clone() } else { marked(reason) };
                under.reasons.extend(line.reasons.iter().map(mark));
            }
        }
        lost
    }

    /// Where the lines are others than those found, and which reasons wait to be read again.
    pub(super) fn differences(&self, found: &Page) -> Vec<String> {
        let differ = |(recorded, found): (&Block, &Block)| {
            let gone =
                recorded.lines.iter().filter(|line| !found.has(&line.text)).map(|line| format!("- {}", line.text));
            let come =
                found.lines.iter().filter(|line| !recorded.has(&line.text)).map(|line| format!("+ {}", line.text));
            let all: Vec<String> = gone.chain(come).chain(recorded.unread()).collect();
            let in_order =
                || recorded.lines.iter().map(|line| &line.text).eq(found.lines.iter().map(|line| &line.text));
            match all.is_empty() {
                true if in_order() => None,
                true => Some(format!("$ {}\nthe lines stand in another order, or more than once", found.question)),
                false => Some(format!("$ {}\n{}", found.question, all.join("\n"))),
            }
        };
        self.blocks.iter().zip(&found.blocks).filter_map(differ).collect()
    }

    pub(super) fn count(&self) -> usize {
        self.blocks.len()
    }

    pub(super) fn text(&self) -> String {
        let mut text = self.preface.join("\n");
        for block in &self.blocks {
            _ = write!(text, "\n\n$ {}", block.question);
            block.reasons.iter().for_each(|reason| _ = write!(text, "\n{reason}"));
            for line in &block.lines {
                _ = write!(text, "\n{}", line.text);
                line.reasons.iter().for_each(|reason| _ = write!(text, "\n{reason}"));
            }
        }
        text.trim_start().to_owned() + "\n"
    }
}

impl Block {
    fn has(&self, text: &str) -> bool {
        self.lines.iter().any(|line| line.text == text)
    }

    /// Reasons that stand under a line that changed since they were written.
    fn unread(&self) -> impl Iterator<Item = String> {
        let marked = |line: &&Line| line.reasons.iter().any(|reason| reason.starts_with("#?"));
        self.lines
            .iter()
            .filter(marked)
            .map(|line| format!("read again and take the mark off: {}\n{}", line.text, line.reasons.join("\n")))
    }
}

/// The lines of an answer that the one before does not have, and the labels that it has no more.
fn changed(before: &[String], all: &[String]) -> Vec<Line> {
    let is_here = |label: &str| all.iter().any(|line| label_of(line) == label);
    let gone: Vec<&str> = before.iter().map(|line| label_of(line)).filter(|label| !is_here(label)).collect();
    let gone = (!gone.is_empty()).then(|| format!("gone        {}", gone.join(", ")));
    let come = all.iter().filter(|line| !before.contains(line)).cloned();
    come.chain(gone).map(|text| Line { text, reasons: Vec::new() }).collect()
}

/// Other questions stand beside the last of these, to show what they change.
fn asks_for_a_day_alone(question: &str) -> bool {
    question.matches("--").count() == 1
}

/// What a line is about: its words up to the first two blanks.
fn label_of(line: &str) -> &str {
    line.split("  ").next().unwrap_or_default()
}

fn marked(reason: &str) -> String {
    match reason.strip_prefix("# ") {
        Some(words) => format!("#? {words}"),
        None => reason.to_owned(),
    }
}

const KEPT: &str = "\
# The log.

$ status --as-of 2025-10-16
# The day between.
talks       not-begun
C2          in-force; day 2
# It was agreed on the 15th.
";

fn answers(line: &'static str) -> impl Fn(&str) -> Vec<String> {
    move |_| vec!["talks       not-begun".into(), line.into()]
}

#[test]
fn a_page_that_is_read_and_written_is_the_same() {
    assert_eq!(Page::read(KEPT).text(), KEPT);
}

#[test]
fn a_line_that_is_recorded_otherwise_is_found_out() {
    let page = Page::read(KEPT);
    let found = page.answered(answers("C2          in-force; day 3"));
    let said = page.differences(&found);
    assert_eq!(said, ["$ status --as-of 2025-10-16\n- C2          in-force; day 2\n+ C2          in-force; day 3"]);
    assert!(page.differences(&page.answered(answers("C2          in-force; day 2"))).is_empty());
}

#[test]
fn a_line_that_is_as_it_was_is_not_said_again_and_one_that_went_is() {
    let page = Page::read("$ status --as-of 1\n\n$ status --as-of 2\n");
    let found = page.answered(|question| match question {
        "status --as-of 1" => {
            vec!["talks       paused".into(), "C1          in-force".into(), "C2          pending".into()]
        }
        _ => vec!["talks       paused".into(), "C2          in-force".into()],
    });
    assert!(found.text().ends_with("$ status --as-of 2\nC2          in-force\ngone        C1\n"));
}

#[test]
fn a_question_that_asks_for_more_than_a_day_stands_beside_the_last_that_does_not() {
    let page = Page::read("$ status --as-of 1\n\n$ status --as-of 1 --certain\n\n$ status --as-of 2\n");
    let found = page.answered(|question| match question {
        "status --as-of 1 --certain" => vec!["C1          pending".into()],
        _ => vec!["C1          in-force".into()],
    });
    assert!(found.text().ends_with("--certain\nC1          pending\n\n$ status --as-of 2\n"));
}

#[test]
fn lines_in_another_order_are_found_out() {
    let page = Page::read(KEPT);
    let found = page.answered(|_| vec!["C2          in-force; day 2".into(), "talks       not-begun".into()]);
    assert_eq!(page.differences(&found).len(), 1);
}

#[test]
fn a_reason_stays_under_its_line() {
    let page = Page::read(KEPT);
    let mut found = page.answered(answers("C2          in-force; day 2"));
    assert!(found.take_reasons(&page).is_empty());
    assert_eq!(found.text(), KEPT);
}

#[test]
fn a_reason_under_a_line_that_changed_has_to_be_read_again() {
    let page = Page::read(KEPT);
    let mut found = page.answered(answers("C2          in-force; day 3"));
    assert!(found.take_reasons(&page).is_empty());
    assert!(found.text().contains("day 3\n#? It was agreed on the 15th.\n"));
    assert_eq!(Page::read(&found.text()).differences(&found).len(), 1);
}

#[test]
fn a_reason_whose_line_is_gone_is_named() {
    let page = Page::read(KEPT);
    let lost = page.answered(answers("C3          in-force; day 3")).take_reasons(&page);
    assert_eq!(lost, ["$ status --as-of 2025-10-16\nC2          in-force; day 2\n# It was agreed on the 15th."]);
}
