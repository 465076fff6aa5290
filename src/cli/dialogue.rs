//! The questions of `talks add`, as a machine without a terminal: it asks, takes an answer, goes back, explains, and ends in a draft.
//!
//! What a kind asks for is read from the schema of its fields. An answer is read by the reader of `key=value` pairs, so that a prompt
//! takes nothing that a command line would not.

use std::collections::BTreeMap;

use crate::app::{Cited, Fields, Known, SOURCE_FIELDS, Trouble, Typed, WORDS, sha256_of};
use crate::exchange::pairs::{Given, Pair};
use crate::exchange::schema::{is_dated, kinds};
use crate::exchange::short::{kind_named, listed, needed as needed_fields};
use crate::view::Choice;

/// What is asked of a source that is not registered yet; the copy is kept as its hash.
const OF_NEW: [&str; 5] = ["publisher", "title", "published", "url", "file"];
/// The answer that registers a source.
const NEW: &str = "new";

/// One question.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Kind,
    /// A field, by its path.
    Field(String),
    When,
    Source,
    /// A field of a source that is registered with the event.
    New(&'static str),
    /// Something about the source.
    Word(&'static str),
    More,
}

/// A question, to be put to somebody.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Question {
    /// Its name, with the default in brackets.
    pub prompt: String,
    /// What to know before it is answered.
    pub note: Option<String>,
    /// What was answered before.
    pub kept: String,
    /// What can be answered.
    pub choices: Vec<Choice>,
    /// What can be answered after a name and `=`.
    pub values: Vec<(String, Vec<Choice>)>,
    /// Whether several answers can stand side by side, with commas or spaces between them.
    pub several: bool,
}

/// What an answer led to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Reply {
    /// It was taken; where it can be read in several ways, how.
    Taken(Option<String>),
    /// It does not do, and is asked for again.
    Wrong(Box<Trouble>),
    /// What the question means.
    Explained(String),
}

/// The course of the questions.
#[derive(Debug)]
pub(super) struct Dialogue<'k> {
    known: &'k Known<'k>,
    answers: Vec<(Step, String)>,
    ahead: Vec<Step>,
    /// What was once answered, to be shown when it is asked again.
    kept: BTreeMap<Step, String>,
}

impl<'k> Dialogue<'k> {
    pub(super) fn new(known: &'k Known<'k>) -> Dialogue<'k> {
        Dialogue { known, answers: Vec::new(), ahead: vec![Step::Kind], kept: BTreeMap::new() }
    }

    /// The question that is open, until all are answered.
    pub(super) fn question(&self) -> Option<Question> {
        let step = self.ahead.first()?;
        let default = self.default(step).filter(|_| !self.kept.contains_key(step));
        let shown = default.map(|default| format!(" [{default}]")).unwrap_or_default();
        let name = match step {
            Step::Kind => "kind",
            Step::Field(path) => path,
            Step::When => "when",
            Step::Source => "source",
            Step::New(field) => field,
            Step::Word(word) => word,
            Step::More => "more",
        };
        Some(Question {
            prompt: format!("{name}{shown}: "),
            note: self.note(step),
            kept: self.kept.get(step).cloned().unwrap_or_default(),
            choices: self.choices(step),
            values: if *step == Step::More { self.values() } else { Vec::new() },
            several: self.takes_several(step),
        })
    }

    fn note(&self, step: &Step) -> Option<String> {
        match step {
            Step::More => Some(self.note_of_more()),
            Step::Source if self.known.sources.is_empty() => {
                Some("no source is registered yet: new registers one".into())
            }
            _ => None,
        }
    }

    /// The names of what can be added are told once.
    fn note_of_more(&self) -> String {
        let is_extra = |step: &Step| match step {
            Step::Field(path) => !self.of_kind().doc(path).is_some_and(|doc| doc.required),
            Step::Word(_) | Step::More => true,
            _ => false,
        };
        match self.answers.iter().any(|(step, _)| is_extra(step)) {
            true => "something else, or enter to go on; tab lists what".into(),
            false => format!("can be added: {}; enter to go on", self.optional().join(" ")),
        }
    }

    /// Takes an answer: `<` goes back, `?` explains, nothing takes the default, `-` is none.
    pub(super) fn answer(&mut self, text: &str) -> Reply {
        let Some(step) = self.ahead.first().cloned() else { return Reply::Taken(None) };
        let typed = text.trim();
        match typed {
            "<" => self.back(),
            "?" => Reply::Explained(self.explain(&step)),
            _ => {
                let default = self.default(&step).filter(|_| typed.is_empty() && !self.kept.contains_key(&step));
                let text = default.unwrap_or_else(|| if typed == "-" { String::new() } else { typed.into() });
                match self.take(&step, &text) {
                    Ok(echo) => Reply::Taken(echo),
                    Err(trouble) => {
                        self.kept.insert(step, text);
                        Reply::Wrong(trouble.into())
                    }
                }
            }
        }
    }

    /// Opens the last question again.
    pub(super) fn back(&mut self) -> Reply {
        let Some((step, text)) = self.answers.pop() else {
            return Reply::Explained("this is the first question; ctrl-c leaves".into());
        };
        // What a kind, a new source or a list of names asks for falls away with it.
        match step {
            Step::Kind | Step::More => self.ahead.clear(),
            Step::Source => self.ahead.retain(|step| !matches!(step, Step::New(_))),
            _ => {}
        }
        self.kept.insert(step.clone(), text);
        self.ahead.insert(0, step);
        Reply::Taken(None)
    }

    /// The draft, as it would be typed.
    pub(super) fn typed(&self) -> Result<(String, Typed), Trouble> {
        let mut typed = Typed { pairs: Vec::new(), when: None, cited: Cited::default() };
        for (step, text) in self.answers.iter().filter(|(_, text)| !text.is_empty()) {
            match step {
                Step::Field(path) => typed.pairs.extend(self.of_kind().pairs(path, text)?),
                Step::When => typed.when = Some(text.clone()),
                Step::Source => {
                    typed.cited.sources = listed(text, ',').into_iter().filter(|source| source != NEW).collect()
                }
                Step::New("file") => typed.pairs.push(of_source("sha256", sha256_of(text.as_ref())?)),
                Step::New(field) => typed.pairs.push(of_source(field, text.clone())),
                Step::Word("reported") => typed.cited.reported = Some(text.clone()),
                Step::Word(word) => typed.cited.words.push((word, text.clone())),
                Step::Kind | Step::More => {}
            }
        }
        Ok((self.kind().into(), typed))
    }

    /// The fields of the kind.
    fn of_kind(&self) -> Fields<'_> {
        Fields::of(self.kind(), self.known)
    }

    fn kind(&self) -> &str {
        self.answers.first().map_or("", |(_, kind)| kind)
    }

    fn take(&mut self, step: &Step, text: &str) -> Result<Option<String>, Trouble> {
        match step {
            Step::Kind => self.take_kind(text),
            Step::More => self.take_more(text),
            Step::Field(path) => {
                let echo =
                    if text.is_empty() { self.unless_needed(path)? } else { self.of_kind().check(path, text)? };
                self.taken(step, text);
                Ok(echo)
            }
            Step::When if text.is_empty() => Err(needed("when", "a day, or \"[..2023-10-26]\" for \"by then\"")),
            Step::When | Step::Word("reported") if !text.is_empty() => {
                let echo = self.known.date(text)?;
                self.taken(step, text);
                Ok(Some(echo))
            }
            Step::Source => {
                let sources = listed(text, ',');
                let registers = sources.iter().any(|source| source == NEW);
                let titles = sources
                    .iter()
                    .filter(|source| *source != NEW)
                    .map(|source| self.known.title(source, &self.known.sources, false));
                let titles = titles.collect::<Result<Vec<_>, _>>()?;
                self.taken(step, text);
                if registers {
                    self.ahead.splice(..0, OF_NEW.map(Step::New));
                }
                Ok((!titles.is_empty()).then(|| titles.join("; ")))
            }
            Step::New(field) => {
                let echo = self.check_new(field, text)?;
                self.taken(step, text);
                Ok(echo)
            }
            Step::When | Step::Word(_) => {
                self.taken(step, text);
                Ok(None)
            }
        }
    }

    fn taken(&mut self, step: &Step, text: &str) {
        self.ahead.remove(0);
        self.kept.remove(step);
        self.answers.push((step.clone(), text.into()));
    }

    /// Whether an answer about a new source does, and how it is understood.
    fn check_new(&self, field: &str, text: &str) -> Result<Option<String>, Trouble> {
        let has_publisher =
            || self.answers.iter().any(|(step, text)| *step == Step::New(OF_NEW[0]) && !text.is_empty());
        match (field, text) {
            ("title", "") if !has_publisher() => {
                Err(needed("title or publisher", "what the source is called; < goes back"))
            }
            (_, "") => Ok(None),
            ("published", _) => self.known.date(text).map(Some),
            ("file", _) => Ok(Some(format!("sha256 {}", sha256_of(text.as_ref())?))),
            _ => Ok(None),
        }
    }

    fn take_kind(&mut self, text: &str) -> Result<Option<String>, Trouble> {
        if text.is_empty() {
            return Err(needed("kind", "tab lists the kinds, ? tells them by group"));
        }
        let kind = kind_named(text)?;
        self.taken(&Step::Kind, kind);
        self.ahead = needed_fields(kind).map(Step::Field).collect();
        if is_dated(kind) {
            // Who comes before when, and what after it.
            let who = self
                .ahead
                .iter()
                .take_while(|step| matches!(step, Step::Field(path) if self.of_kind().is_who(path)))
                .count();
            self.ahead.insert(who, Step::When);
        }
        if kind != "source.registered" {
            self.ahead.push(Step::Source);
        }
        self.ahead.push(Step::More);
        let doc = kinds().into_iter().find(|doc| doc.kind == kind);
        Ok(doc.map(|doc| format!("{kind}: {}", doc.definition)))
    }

    /// Names of fields, which are asked for in turn, or a pair.
    fn take_more(&mut self, text: &str) -> Result<Option<String>, Trouble> {
        let is_path = |key: &str| !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || "_.".contains(c));
        if let Some((key, value)) = text.split_once('=').filter(|(key, _)| is_path(key)) {
            let step = self.step(key)?;
            self.ahead.insert(0, step.clone());
            let taken = self.take(&step, value.trim());
            match &taken {
                Ok(_) => drop(self.kept.remove(&Step::More)),
                Err(_) => drop(self.ahead.remove(0)),
            }
            return taken;
        }
        let steps = text.split([' ', ',']).filter(|name| !name.is_empty()).map(|name| self.step(name));
        let steps = steps.collect::<Result<Vec<_>, _>>()?;
        self.taken(&Step::More, text);
        if !steps.is_empty() {
            self.ahead = steps;
            self.ahead.push(Step::More);
        }
        Ok(None)
    }

    /// What asks for something by that name.
    fn step(&self, name: &str) -> Result<Step, Trouble> {
        if let Some(word) = WORDS.iter().find(|word| **word == name && self.cites_one()) {
            return Ok(Step::Word(word));
        }
        let is_field = self.of_kind().has(name);
        let unknown = || {
            let what = format!("{} has no field \"{name}\"", self.kind());
            Trouble::unknown("unknown-key", what, name, &self.optional()).help("tab completes the names")
        };
        is_field.then(|| Step::Field(name.into())).ok_or_else(unknown)
    }

    fn cites_one(&self) -> bool {
        self.answers.iter().any(|(step, text)| *step == Step::Source && listed(text, ',').len() == 1)
    }

    /// The fields that the kind can have, each with what it is.
    pub(super) fn fields(&self) -> Vec<(String, String)> {
        self.optional().into_iter().map(|name| (name.clone(), self.doc_of(&name))).collect()
    }

    /// The names of what was not asked for.
    fn optional(&self) -> Vec<String> {
        let asked = |name: &str| self.answers.iter().any(|(step, _)| *step == Step::Field(name.into()));
        let mut names: Vec<String> =
            self.of_kind().all().into_iter().map(|field| field.name).filter(|name| !asked(name)).collect();
        let words = WORDS.into_iter().filter(|_| self.cites_one());
        let answered = |word: &'static str| self.answers.iter().any(|(step, _)| *step == Step::Word(word));
        names.extend(words.filter(|word| !answered(word)).map(String::from));
        names
    }

    /// Whether several answers can stand side by side.
    fn takes_several(&self, step: &Step) -> bool {
        match step {
            Step::Field(path) => self.of_kind().is_list(path),
            Step::Source | Step::More => true,
            _ => false,
        }
    }

    fn unless_needed(&self, path: &str) -> Result<Option<String>, Trouble> {
        match self.of_kind().doc(path).filter(|doc| doc.required && !path.contains('.')) {
            Some(doc) => Err(needed(path, &format!("{}; < goes back, ctrl-c leaves", doc.type_words))),
            None => Ok(None),
        }
    }

    /// What was said last for this kind, of what seldom changes.
    fn default(&self, step: &Step) -> Option<String> {
        match step {
            Step::Source => self.known.last_source.clone(),
            Step::Field(path) => self.of_kind().default(path),
            _ => None,
        }
    }

    fn choices(&self, step: &Step) -> Vec<Choice> {
        match step {
            Step::Kind => self.known.kinds.clone(),
            Step::When | Step::Word("reported") => self.known.dates.clone(),
            Step::Source => {
                let new = Choice::new(NEW, "register one with this event".into());
                self.known.sources.iter().cloned().chain([new]).collect()
            }
            Step::Word("relays") => self.known.sources.clone(),
            Step::New("published") => self.known.dates.clone(),
            Step::New("publisher") => self.known.publishers(),
            Step::New(_) | Step::Word(_) => Vec::new(),
            Step::More => self.optional().iter().map(|name| Choice::new(name, self.doc_of(name))).collect(),
            Step::Field(path) => self.of_kind().choices(path),
        }
    }

    fn values(&self) -> Vec<(String, Vec<Choice>)> {
        self.optional().into_iter().map(|name| (name.clone(), self.of_kind().choices(&name))).collect()
    }

    fn doc_of(&self, name: &str) -> String {
        self.of_kind().doc(name).map(|doc| doc.doc).unwrap_or_else(|| "of the source".into())
    }

    fn explain(&self, step: &Step) -> String {
        match step {
            Step::Kind => groups(),
            Step::When => "When it happened: 2023-10-26, \"20 Oct 2023\", yesterday, monday, or \"[..2023-10-26]\" \
                for \"by then\"; talks help dates has more."
                .into(),
            Step::Source => {
                "Registered sources that say so, with commas between them; new for one that is not registered yet; \
                - for none."
                    .into()
            }
            Step::New("file") => "Your copy of it: its SHA-256 is kept, the copy itself is not. Enter for none.".into(),
            Step::New(field) => format!("The {field} of the new source; enter where it is not known."),
            Step::Word(word) => format!("The {word} of the source."),
            Step::More => "Names of fields, with spaces between them, or a field with its value: place=Doha.".into(),
            Step::Field(path) => {
                let doc = self.of_kind().doc(path);
                let who = if self.of_kind().takes(path) == "actor" {
                    " Whoever speaks for a party stands after it and a colon."
                } else {
                    ""
                };
                doc.map(|doc| format!("{} It takes: {}.{who}", doc.doc, doc.type_words)).unwrap_or_default()
            }
        }
    }
}

/// The kinds by group, a line each group.
fn groups() -> String {
    let mut text = String::new();
    let mut group = "";
    for doc in kinds() {
        if doc.group != group {
            let newline = if group.is_empty() { "" } else { "\n" };
            group = doc.group;
            text.push_str(&format!("{newline}{group}:"));
        }
        text.push_str(&format!(" {}", doc.kind));
    }
    text
}

/// A field of the source that is registered with the event.
fn of_source(field: &str, text: String) -> Pair {
    Pair { key: format!("{SOURCE_FIELDS}{field}"), value: Given::Text(text) }
}

fn needed(name: &str, what: &str) -> Trouble {
    Trouble::usage("needed", format!("{name} is needed")).help(what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Asking, Book, Env, Question as Asked};
    use crate::domain::when::Instant;
    use crate::exchange::drafts::Reader;

    /// Wednesday 29 October 2025.
    const ENV: Env = Env { now: Instant(1_761_732_000) };

    const LOG: &str = r#"
{"kind":"negotiation.opened","occurred":"2025-10-01","data":{"title":"T","parties":[{"party":"north","name":"The North","kind":"state","role":"party"},{"party":"south","name":"The South","kind":"state","role":"party"}]}}
{"kind":"source.registered","data":{"title":"A paper","published":"2025-10-20"}}
{"kind":"demand.raised","occurred":"2025-10-19","data":{"by":"north","of":["south"],"text":"Open\u001b[31m the border"},"sources":[{"source":"S1"}]}
"#;

    fn with(test: impl FnOnce(Dialogue<'_>)) {
        let mut reader = Reader::default();
        assert_eq!(reader.push(LOG.trim().as_bytes()), []);
        let book = Book::of_drafts("talks", reader.finish().records);
        let asking = Asking::new(&book, &Asked::default(), &ENV).expect("the log is folded");
        test(Dialogue::new(&Known::of(&asking, &ENV)));
    }

    #[track_caller]
    fn asks(dialogue: &Dialogue<'_>, prompt: &str, kept: &str) {
        let question = dialogue.question().expect("a question is open");
        assert_eq!((question.prompt.as_str(), question.kept.as_str()), (prompt, kept));
    }

    #[track_caller]
    fn takes(dialogue: &mut Dialogue<'_>, text: &str, echo: Option<&str>) {
        assert_eq!(dialogue.answer(text), Reply::Taken(echo.map(String::from)), "{text}");
    }

    #[track_caller]
    fn refuses(dialogue: &mut Dialogue<'_>, text: &str, what: &str) {
        let Reply::Wrong(trouble) = dialogue.answer(text) else { panic!("\"{text}\" was taken") };
        assert_eq!(trouble.what, what);
        assert!(trouble.help.is_some(), "no remedy for {text}");
    }

    #[test]
    fn a_demand_is_asked_for_in_the_order_who_when_what_source() {
        with(|mut dialogue| {
            asks(&dialogue, "kind: ", "");
            assert!(
                matches!(dialogue.answer("demand.raised"), Reply::Taken(Some(echo)) if echo.starts_with("demand.raised: A party asks"))
            );
            asks(&dialogue, "by [north]: ", "");
            takes(&mut dialogue, "", Some("The North"));
            asks(&dialogue, "of [south]: ", "");
            takes(&mut dialogue, "the south, north", Some("The South, The North"));
            takes(&mut dialogue, "27 Oct 2025", Some("Mon 27 Oct 2025, end of day (+00:00)"));
            takes(&mut dialogue, "{Act} now", None);
            asks(&dialogue, "source [S1]: ", "");
            takes(&mut dialogue, "", Some("A paper"));
            takes(&mut dialogue, "weight=red-line", None);
            takes(&mut dialogue, "quote place", None);
            takes(&mut dialogue, "Act now", None);
            takes(&mut dialogue, "Doha", None);
            asks(&dialogue, "more: ", "");
            takes(&mut dialogue, "", None);
            assert_eq!(dialogue.question(), None);
            let (kind, typed) = dialogue.typed().expect("it is a draft");
            let lines = super::super::form::lines(&kind, &typed);
            assert_eq!(
                lines,
                [
                    "kind=demand.raised",
                    "when=27 Oct 2025",
                    "by=north",
                    "of=south",
                    "of=north",
                    "text={Act} now",
                    "weight=red-line",
                    "place=Doha",
                    "source=S1",
                    "quote=Act now"
                ]
            );
        });
    }

    #[test]
    fn a_wrong_answer_is_told_at_once_with_a_remedy_and_is_kept() {
        with(|mut dialogue| {
            refuses(&mut dialogue, "", "kind is needed");
            refuses(&mut dialogue, "demand.riased", "no kind \"demand.riased\"");
            asks(&dialogue, "kind: ", "demand.riased");
            refuses(&mut dialogue, "demand.", "\"demand.\" may be demand.raised or 4 other kinds");
            takes_kind(&mut dialogue, "demand.a", "demand.answered");
        });
        with(|mut dialogue| {
            takes_kind(&mut dialogue, "demand.answered", "demand.answered");
            refuses(&mut dialogue, "D7", "nothing here is called D7");
            takes(&mut dialogue, "D1", Some("Open\\u{1b}[31m the border"));
            refuses(&mut dialogue, "nroth", "no party \"nroth\" in this negotiation");
            asks(&dialogue, "by: ", "nroth");
            takes(&mut dialogue, "south", Some("The South"));
            refuses(&mut dialogue, "10/11/2025", "\"10/11/2025\" can be 10 November or 11 October");
            refuses(&mut dialogue, "-", "when is needed");
            takes(&mut dialogue, "<", None);
            takes(&mut dialogue, "<", None);
            refuses(&mut dialogue, "e1", "nothing here is called e1");
            takes(&mut dialogue, "D1", Some("Open\\u{1b}[31m the border"));
            takes(&mut dialogue, "south", Some("The South"));
            takes(&mut dialogue, "yesterday", Some("Tue 28 Oct 2025, end of day (+00:00)"));
            refuses(&mut dialogue, "acepted", "answer can't be \"acepted\"");
        });
    }

    #[test]
    fn a_source_that_is_new_is_named_with_the_event_and_cited_by_it() {
        with(|mut dialogue| {
            takes_kind(&mut dialogue, "note", "note.added");
            takes(&mut dialogue, "A remark", None);
            let question = dialogue.question().expect("a question is open");
            assert_eq!(question.choices.iter().map(|choice| &*choice.value).collect::<Vec<_>>(), ["S1", "new"]);
            takes(&mut dialogue, "new", None);
            asks(&dialogue, "publisher: ", "");
            takes(&mut dialogue, "", None);
            refuses(&mut dialogue, "", "title or publisher is needed");
            takes(&mut dialogue, "<", None);
            takes(&mut dialogue, "<", None);
            asks(&dialogue, "source: ", "new");
            takes(&mut dialogue, "S1, new", Some("A paper"));
            takes(&mut dialogue, "Dawn", None);
            takes(&mut dialogue, "", None);
            takes(&mut dialogue, "27 Oct 2025", Some("Mon 27 Oct 2025, end of day (+00:00)"));
            takes(&mut dialogue, "https://example.org/a", None);
            refuses_file(&mut dialogue);
            takes(&mut dialogue, "", None);
            asks(&dialogue, "more: ", "");
            let (kind, typed) = dialogue.typed().expect("it is a draft");
            let lines = [
                "kind=note.added",
                "text=A remark",
                "source.publisher=Dawn",
                "source.published=27 Oct 2025",
                "source.url=https://example.org/a",
                "source=S1",
            ];
            assert_eq!(super::super::form::lines(&kind, &typed), lines);
        });
    }

    #[track_caller]
    fn refuses_file(dialogue: &mut Dialogue<'_>) {
        let Reply::Wrong(trouble) = dialogue.answer("/nowhere/at-all") else { panic!("there is no such file") };
        assert_eq!(trouble.id, "unreadable");
    }

    #[test]
    fn somebody_of_a_party_is_named_after_it() {
        with(|mut dialogue| {
            takes_kind(&mut dialogue, "claim", "claim.made");
            refuses(&mut dialogue, "nroth: A", "no party \"nroth\" in this negotiation");
            takes(
                &mut dialogue,
                "The North: A. Asif, minister (official)",
                Some("A. Asif, minister (official) (The North)"),
            );
            takes(&mut dialogue, "27 Oct 2025", Some("Mon 27 Oct 2025, end of day (+00:00)"));
            let (_, typed) = dialogue.typed().expect("it is a draft");
            assert_eq!(typed.pairs[0].value, Given::Text("north: A. Asif, minister (official)".into()));
        });
    }

    #[test]
    fn going_back_opens_the_last_question_with_its_answer() {
        with(|mut dialogue| {
            assert_eq!(dialogue.answer("<"), Reply::Explained("this is the first question; ctrl-c leaves".into()));
            takes_kind(&mut dialogue, "demand.raised", "demand.raised");
            takes(&mut dialogue, "south", Some("The South"));
            takes(&mut dialogue, "<", None);
            asks(&dialogue, "by: ", "south");
            takes(&mut dialogue, "<", None);
            asks(&dialogue, "kind: ", "demand.raised");
            takes_kind(&mut dialogue, "offer.made", "offer.made");
            asks(&dialogue, "by: ", "south");
            let Reply::Explained(text) = dialogue.answer("?") else { panic!("a question is explained") };
            assert_eq!(
                text,
                "Who offers. It takes: list of actor. Whoever speaks for a party stands after it and a colon."
            );
        });
    }

    #[track_caller]
    fn takes_kind(dialogue: &mut Dialogue<'_>, text: &str, kind: &str) {
        assert!(matches!(dialogue.answer(text), Reply::Taken(Some(echo)) if echo.starts_with(&format!("{kind}: "))));
    }

    #[test]
    fn every_kind_can_be_asked_for_to_its_end_or_to_what_is_needed() {
        for doc in kinds() {
            with(|mut dialogue| {
                takes_kind(&mut dialogue, &doc.kind, &doc.kind);
                for field in doc.fields.iter().filter(|field| field.required) {
                    let question = dialogue.question().expect("a question is open");
                    if question.prompt.starts_with("when") {
                        takes(&mut dialogue, "2025-10-27", Some("Mon 27 Oct 2025, end of day (+00:00)"));
                    }
                    let question = dialogue.question().expect("a question is open");
                    assert!(question.prompt.starts_with(&field.name), "{}: {}", doc.kind, question.prompt);
                    assert!(matches!(dialogue.answer("?"), Reply::Explained(text) if text.contains("It takes: ")));
                    let (step, any) = (dialogue.ahead[0].clone(), String::new());
                    dialogue.taken(&step, &any);
                }
            });
        }
    }
}
