//! Asking a log: cut it, fold it twice, and keep what the views are asked of.

use std::borrow::Cow;
use std::sync::Arc;

use super::book::{Book, Frame};
use super::point::{Clock, Point};
use super::present::Present;
use super::{Env, Trouble};
use crate::domain::history::{Ground, History, Knowledge};
use crate::domain::ids::{Target, Version};
use crate::domain::negotiation::{Cut, Negotiation, RULES, fold};
use crate::domain::reading::{Reading, left_out};
use crate::domain::record::Record;
use crate::domain::value::Party;
use crate::domain::when::{Instant, Zone};
use crate::exchange::near::near;
use crate::log::Head;
use crate::view::{Answer, Asked, InstantView, ReadingView, Replay, Shown, replay, show};

/// How much of a state is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// What is so. Of the wordings of a life, those between the first and the last may be missing, and of the incidents those of which
    /// nothing more is said and that strain no ceasefire; they are counted all the same.
    Glance,
    /// All that can be told of it.
    Whole,
}

/// What is asked of it, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// The world of this day; absent: now.
    pub as_of: Option<String>,
    /// What had been reported by then.
    pub known_by: Option<String>,
    /// What had been recorded by then.
    pub recorded_by: Option<String>,
    /// Only what is certain.
    pub certain: bool,
    /// One party's account.
    pub accounts_of: Option<String>,
    /// Only what is corroborated.
    pub corroborated: bool,
}

/// A question, folded.
#[derive(Debug)]
pub struct Asking<'a> {
    /// Its records; none where the state was read from derived rows.
    records: &'a [Arc<Record>],
    frame: Frame,
    /// Which day of the world.
    pub as_of: Point,
    /// Which day of the reports.
    pub known_by: Option<Point>,
    /// Which day of the record.
    pub recorded_by: Option<Point>,
    read_as: Reading,
    reading: ReadingView,
    cut: Cut,
    history: Arc<History>,
    all: Arc<Negotiation>,
    certain: Arc<Negotiation>,
}

/// The reading that leaves nothing out, as typed.
pub(super) const EVERYONE: &str = "everyone";

/// The reading that leaves out what rests on one source, as typed.
const CORROBORATED: &str = "corroborated";

impl Question {
    /// The question in a reading: `everyone`, `corroborated`, or else a party's account.
    pub(super) fn read_as(&self, reading: &str) -> Question {
        let accounts_of = (![EVERYONE, CORROBORATED].contains(&reading)).then(|| reading.to_string());
        Question { accounts_of, corroborated: reading == CORROBORATED, ..self.clone() }
    }

    /// The days asked about, of the world and of the reports, where nothing else is asked and no event names them.
    pub(super) fn plain_days(&self, zone: Zone, env: &Env) -> Option<Result<(Point, Option<Point>), Trouble>> {
        let Question { as_of, known_by, recorded_by, certain, accounts_of, corroborated } = self;
        let is_event = |text: &Option<String>| text.as_ref().is_some_and(|text| text.trim().parse::<Version>().is_ok());
        let is_cut = recorded_by.is_some() || *certain || accounts_of.is_some() || *corroborated;
        if is_cut || is_event(as_of) || is_event(known_by) {
            return None;
        }
        let date = |text: &Option<String>| text.as_ref().map(|text| Point::of_date(text, zone, env)).transpose();
        let as_of = date(as_of).map(|day| day.unwrap_or_else(|| Point::now(env, zone)));
        Some(as_of.and_then(|as_of| Ok((as_of, date(known_by)?))))
    }
}

impl<'a> Asking<'a> {
    /// Cuts and folds.
    ///
    /// # Errors
    /// A date that can't be read, an event or a party that is not there, a recording cut of a log that nobody recorded.
    pub fn new(book: &'a Book, question: &Question, env: &Env) -> Result<Asking<'a>, Trouble> {
        let whole = History::new(&book.records, &Knowledge::default());
        let point =
            |text: &Option<String>, clock| text.as_ref().map(|t| Point::typed(t, clock, &whole, env)).transpose();
        let as_of = point(&question.as_of, Clock::World)?.unwrap_or_else(|| Point::now(env, whole.ground.zone));
        let known_by = point(&question.known_by, Clock::Knowledge)?;
        let recorded_by = point(&question.recorded_by, Clock::Recording)?;
        refuse_unrecorded(book, recorded_by.as_ref())?;
        let reading = reading(question, &whole)?;
        let knowledge = Knowledge {
            known_by: known_by.as_ref().map(|point| point.at),
            recorded_by: recorded_by.as_ref().map(Point::recorded_by),
        };
        let history = if knowledge == Knowledge::default() { whole } else { History::new(&book.records, &knowledge) };
        Ok(Asking::fold(book, history.into(), (as_of, known_by, recorded_by), question, &reading))
    }

    /// The whole log, as of now, by everyone's account.
    pub(super) fn now(book: &'a Book, history: History, env: &Env) -> Asking<'a> {
        let as_of = Point::now(env, history.ground.zone);
        Asking::fold(book, history.into(), (as_of, None, None), &Question::default(), &Reading::Everyone)
    }

    fn fold(
        book: &'a Book,
        history: Arc<History>,
        (as_of, known_by, recorded_by): (Point, Option<Point>, Option<Point>),
        question: &Question,
        reading: &Reading,
    ) -> Asking<'a> {
        let everyone = fold(&history, as_of.at, &Cut::default());
        let left_out = left_out(&history, reading, &everyone);
        let mut cut = Cut { certain: question.certain, left_out };
        let all = Arc::new(if cut == Cut::default() { everyone } else { fold(&history, as_of.at, &cut) });
        let certain = if question.certain || all.possible.is_empty() {
            all.clone()
        } else {
            cut.certain = true;
            fold(&history, as_of.at, &cut).into()
        };
        cut.certain = question.certain;
        let accounts_of = if let Reading::AccountsOf(party) = reading { Some(party.clone()) } else { None };
        let read_as = reading.clone();
        let reading = ReadingView { accounts_of, corroborated: question.corroborated, left_out: cut.left_out.len() };
        let (records, frame) = (&book.records[..], book.frame(history.version));
        Asking { records, frame, as_of, known_by, recorded_by, read_as, reading, cut, history, all, certain }
    }

    /// The same question of another instant of the world; what is known stays as it is.
    pub(super) fn moved_to(self, book: &'a Book, at: Instant, question: &Question) -> Asking<'a> {
        let as_of = Point::now(&Env { now: at }, self.history.ground.zone);
        Asking::fold(book, self.history, (as_of, self.known_by, self.recorded_by), question, &self.read_as)
    }

    /// The state as of a day, as it was known by a day, by everyone's account.
    pub(super) fn of_present(
        slug: &str,
        head: &Head,
        (as_of, known_by): (Point, Option<Point>),
        present: Present,
    ) -> Asking<'static> {
        let Present { history, state: all, certain, complete } = present;
        let root = Some(head.root().to_string());
        let frame = Frame { name: slug.into(), log: head.log, version: history.version, root, complete };
        let (reading, cut) = (ReadingView::default(), Cut::default());
        let recorded_by = None;
        let (records, read_as) = (&[][..], Reading::Everyone);
        Asking { records, frame, as_of, known_by, recorded_by, read_as, reading, cut, history, all, certain }
    }

    /// The log's name.
    pub fn name(&self) -> &str {
        &self.frame.name
    }

    /// The history of the whole log, which may know more than what was asked.
    pub(super) fn whole_history(&self) -> Cow<'_, History> {
        if self.known_by.is_none() && self.recorded_by.is_none() && !self.records.is_empty() {
            Cow::Borrowed(&self.history)
        } else {
            Cow::Owned(History::new(self.records, &Knowledge::default()))
        }
    }

    /// What the views are asked of.
    pub fn asked(&self) -> Asked<'_> {
        Asked { history: &self.history, all: &self.all, certain: &self.certain, cut: &self.cut, at: self.as_of.at }
    }

    /// The log as it stands, record by record.
    pub fn records(&self) -> &'a [Arc<Record>] {
        self.records
    }

    /// Frames an answer.
    pub fn answer<T>(&self, data: T) -> Answer<T> {
        let view = |point: &Option<Point>| -> Option<InstantView> { point.as_ref().map(|point| point.view.clone()) };
        let Frame { name, log, version, root, complete } = self.frame.clone();
        Answer {
            negotiation: name,
            log,
            as_of: self.as_of.view.clone(),
            known_by: view(&self.known_by),
            recorded_by: view(&self.recorded_by),
            certain: self.cut.certain,
            reading: self.reading.clone(),
            version: version.map(|version| version.0),
            root,
            rules: RULES,
            complete,
            data,
        }
    }

    /// Everything on one thing, with what an event changed.
    pub(super) fn shown(&self, name: &Target) -> Option<Shown> {
        let changes = match name {
            Target::Event(version) => self.replay().steps.into_iter().find(|step| step.event == *version),
            _ => None,
        };
        show(&self.asked(), self.records(), name, &changes.map(|step| step.changes).unwrap_or_default())
    }

    /// The events one by one, each with what it changed.
    pub fn replay(&self) -> Replay {
        replay(&self.history, self.as_of.at, &self.cut)
    }
}

/// Drafts have no recording clock: only a version can cut them.
fn refuse_unrecorded(book: &Book, point: Option<&Point>) -> Result<(), Trouble> {
    let by_date = point.is_some_and(|point| point.event.is_none());
    let unrecorded = book.records.iter().any(|record| record.recorded().is_none());
    if by_date && unrecorded {
        let what = format!("{} holds drafts, which nobody has recorded yet", book.name);
        return Err(Trouble::usage("not-recorded", what).help("cut by an event instead: --recorded-by e8"));
    }
    Ok(())
}

fn reading(question: &Question, history: &History) -> Result<Reading, Trouble> {
    match &question.accounts_of {
        Some(_) if question.corroborated => {
            Err(Trouble::usage("two-readings", "one reading at a time").help("choose --accounts-of or --corroborated"))
        }
        Some(name) => party_named(name, &history.ground).map(Reading::AccountsOf),
        None if question.corroborated => Ok(Reading::Corroborated),
        None => Ok(Reading::Everyone),
    }
}

/// The party that goes by a slug, a name or an alias.
///
/// # Errors
/// Names the nearest party that is there.
pub fn party_named(name: &str, ground: &Ground) -> Result<Party, Trouble> {
    let wanted = name.trim().to_lowercase();
    let parties = &ground.parties;
    let is = |text: &str| text.to_lowercase() == wanted;
    let found = parties.iter().find(|(slug, record)| {
        is(slug.as_str()) || is(&record.entry.name) || record.entry.aliases.iter().any(|alias| is(alias))
    });
    found.map(|(slug, _)| slug.clone()).ok_or_else(|| {
        let slugs: Vec<String> = parties.keys().map(ToString::to_string).collect();
        let names = parties.values().flat_map(|record| record.entry.aliases.iter().chain([&record.entry.name]));
        let all: Vec<String> = slugs.iter().chain(names).cloned().collect();
        let known = if near(name, all.iter().map(String::as_str)).is_some() { all } else { slugs };
        let what = format!("no party \"{name}\" in this negotiation");
        Trouble::unknown("no-such-party", what, name, &known).help("talks parties")
    })
}
