//! The views by their names: what each can be asked, and how it is answered. A front door that is no terminal asks here.
//!
//! A name is that of the command, and so is the answer: what `talks NAME --json` and `--csv` print. Where a command's flag chooses
//! between two answers, each has a name.

use super::{Asking, Between, Book, Briefing, DiffClock, Differ, Env, Filter, Question, Reply, Trouble};
use crate::view;

/// What a view takes besides the clocks and the reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub about: &'static str,
    /// What may be given for it.
    pub takes: Takes,
}

/// What may be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// A text.
    Text,
    /// A text without which the view can't be asked.
    Needed,
    /// A text, several times over.
    Several,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A whole number.
    Number,
    /// Yes or no.
    Switch,
}

/// What was given for the parameters of a view, by their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params(pub Vec<(String, String)>);

/// A view that is asked by its name.
#[derive(Debug)]
pub struct NamedView {
    /// The command.
    pub name: &'static str,
    /// What it tells.
    pub about: &'static str,
    /// The name of the schema of what it answers.
    pub schema: &'static str,
    /// What has to be named: a party, an event or a handle.
    pub of: Option<Param>,
    /// What else it takes.
    pub takes: &'static [Param],
    /// Whether it is a table.
    pub is_table: bool,
    /// How it is answered.
    pub way: Way,
}

/// From what a view is answered.
#[derive(Clone, Copy, Debug)]
pub enum Way {
    /// From the state, as a store keeps it beside the log or as it is folded.
    State(fn(&Asking<'_>, &Params) -> Result<Reply, Trouble>),
    /// From the records, folded.
    Records(fn(&Asking<'_>, &Params) -> Result<Reply, Trouble>),
    /// From the records, folded several times.
    Folds(fn(&Book, &Params, &Question, &Env) -> Result<Reply, Trouble>),
}

const PLAIN: NamedView = NamedView {
    name: "status",
    about: "Everything that is so, on one screen",
    schema: "status",
    of: None,
    takes: &[],
    is_table: false,
    way: Way::State(|asking, _| Reply::new(&asking.answer(view::status(&asking.asked())), None)),
};

const TABLE: NamedView = NamedView { is_table: true, ..PLAIN };

const fn text(name: &'static str, about: &'static str) -> Param {
    Param { name, about, takes: Takes::Text }
}

const fn switch(name: &'static str, about: &'static str) -> Param {
    Param { name, about, takes: Takes::Switch }
}

const NAME: Param = text("name", "An event (e7) or a handle (D1)");

const CLOCKS: &[&str] = &["world", "knowledge", "recording"];

/// Every view of one negotiation.
pub static VIEWS: &[NamedView] = &[
    PLAIN,
    NamedView {
        name: "due",
        about: "What waits for a date or for an answer: the overdue first",
        schema: "due",
        way: Way::State(|asking, _| Reply::new(&asking.answer(view::due_list(&asking.asked())), Some("due"))),
        ..TABLE
    },
    NamedView {
        name: "demands",
        about: "What is asked of whom, the answers, and whose move it is",
        schema: "demands",
        way: Way::State(|asking, _| Reply::list(asking.answer(()), "demands", &view::demands(&asking.asked()))),
        ..TABLE
    },
    NamedView {
        name: "offers",
        about: "What is on the table",
        schema: "offers",
        way: Way::State(|asking, _| Reply::list(asking.answer(()), "offers", &view::offers(&asking.asked()))),
        ..TABLE
    },
    NamedView {
        name: "ceasefires",
        about: "Ceasefires: by their terms, and what is said of them",
        schema: "ceasefires",
        way: Way::State(|asking, _| Reply::list(asking.answer(()), "ceasefires", &view::ceasefires(&asking.asked()))),
        ..TABLE
    },
    NamedView {
        name: "agreements",
        about: "How far each agreement has got",
        schema: "agreements",
        way: Way::State(|asking, _| Reply::list(asking.answer(()), "agreements", &view::agreements(&asking.asked()))),
        ..TABLE
    },
    NamedView {
        name: "commitments",
        about: "What is owed, by when, and how far it is carried out",
        schema: "commitments",
        way: Way::State(|asking, _| Reply::list(asking.answer(()), "commitments", &view::commitments(&asking.asked()))),
        ..TABLE
    },
    NamedView {
        name: "measures",
        about: "What is done and lasts: strikes, closures, sanctions",
        schema: "measures",
        way: Way::State(|asking, _| Reply::list(asking.answer(()), "measures", &view::measures(&asking.asked()))),
        ..TABLE
    },
    NamedView {
        name: "rounds",
        about: "The rounds of talks, and who sat at the table",
        schema: "rounds",
        takes: &[text(
            "with",
            "Only rounds with this party or mediator, or with somebody of this name in a delegation",
        )],
        way: Way::State(|asking, params| {
            Reply::list(asking.answer(()), "rounds", &asking.rounds(params.text("with"))?)
        }),
        ..TABLE
    },
    NamedView {
        name: "claims",
        about: "Who claims what, who denies it",
        schema: "claims",
        way: Way::State(|asking, _| Reply::list(asking.answer(()), "claims", &view::claims(&asking.asked()))),
        ..TABLE
    },
    NamedView {
        name: "deadlines",
        about: "Dates that were set",
        schema: "deadlines",
        way: Way::State(|asking, _| Reply::list(asking.answer(()), "deadlines", &view::deadlines(&asking.asked()))),
        ..TABLE
    },
    NamedView {
        name: "incidents",
        about: "What happened on the ground, with the dead and injured by account",
        schema: "incidents",
        way: Way::Records(|asking, _| Reply::list(asking.answer(()), "incidents", &view::incidents(&asking.asked()))),
        ..TABLE
    },
    NamedView {
        name: "accusations",
        about: "Who lays what to whom and what the accused answer; the dead as claimed and as acknowledged",
        schema: "accusations",
        way: Way::Records(|asking, _| {
            Reply::new(&asking.answer(view::accusations(&asking.asked())), Some("accusations"))
        }),
        ..TABLE
    },
    NamedView {
        name: "parties",
        about: "Who negotiates, who helps",
        schema: "parties",
        way: Way::State(|asking, _| Reply::list(asking.answer(()), "parties", &view::parties(&asking.asked()))),
        ..TABLE
    },
    NamedView {
        name: "party",
        about: "All of one party: what it asks and owes, what binds it, what it claims, and what it said on each issue",
        schema: "party",
        of: Some(text("party", "Its name, as the log, an alias or a source has it")),
        way: Way::Records(|asking, params| Reply::new(&asking.answer(asking.party(params.named("party"))?), None)),
        ..PLAIN
    },
    NamedView {
        name: "sources",
        about: "What is cited, and for what",
        schema: "sources",
        way: Way::Records(|asking, _| Reply::list(asking.answer(()), "sources", &view::sources(&asking.asked()))),
        ..TABLE
    },
    NamedView {
        name: "timeline",
        about: "What happened, in the order of the world",
        schema: "timeline",
        takes: &[
            text("party", "Only events that name this party"),
            text("kind", "Only events of this kind, or kinds that begin so: ceasefire"),
            text("source", "Only events that cite this source"),
        ],
        way: Way::Records(|asking, params| {
            let given = |name| params.text(name).map(Into::into);
            let filter = Filter { party: given("party"), kind: given("kind"), source: given("source") };
            Reply::list(asking.answer(()), "events", &asking.timeline(&filter)?)
        }),
        ..TABLE
    },
    NamedView {
        name: "courses",
        about: "The course of each life: what it was, from when to when",
        schema: "courses",
        way: Way::Records(|asking, _| {
            let data = serde_json::json!({ "courses": view::courses(&asking.asked()) });
            Reply::new(&asking.answer(data), None)
        }),
        ..PLAIN
    },
    NamedView {
        name: "log",
        about: "The records, in the order in which they were kept",
        schema: "log",
        takes: &[
            switch("reverse", "Newest first"),
            Param { name: "limit", about: "At most so many records", takes: Takes::Number },
        ],
        way: Way::Records(|asking, params| {
            let limit = params.text("limit").and_then(|limit| limit.parse().ok());
            Reply::list(asking.answer(()), "events", &asking.log(params.is_on("reverse"), limit))
        }),
        ..TABLE
    },
    NamedView {
        name: "search",
        about: "The events in which words stand: in what they say, or in their quotes",
        schema: "search",
        takes: &[Param { name: "words", about: "All of them must stand in one text", takes: Takes::Needed }],
        way: Way::Records(|asking, params| {
            Reply::list(asking.answer(()), "found", &view::search(&asking.asked(), params.named("words")))
        }),
        ..TABLE
    },
    NamedView {
        name: "show",
        about: "Everything on one event or one life",
        schema: "show",
        of: Some(NAME),
        way: Way::Records(|asking, params| Reply::new(&asking.answer(asking.show(params.named("name"))?), None)),
        ..PLAIN
    },
    NamedView {
        name: "why",
        about: "What a line rests on: events, sources and their words",
        schema: "why",
        of: Some(NAME),
        way: Way::Records(|asking, params| Reply::new(&asking.answer(asking.why(params.named("name"))?), None)),
        ..PLAIN
    },
    NamedView {
        name: "replay",
        about: "The events one by one, each with what it changed",
        schema: "replay",
        takes: &[switch("only_changes", "Only events that change something")],
        way: Way::Records(|asking, params| {
            Reply::new(&asking.answer(asking.steps(params.is_on("only_changes"))), Some("steps"))
        }),
        ..TABLE
    },
    NamedView {
        name: "check",
        about: "What to look at again: odd dates, missing sources, one-sided agreements",
        schema: "check",
        takes: &[Param { name: "only", about: "The checks to run; all where none is named", takes: Takes::Several }],
        way: Way::Records(|asking, params| {
            Reply::new(&asking.answer(asking.check(&params.all("only"))?), Some("findings"))
        }),
        ..TABLE
    },
    NamedView {
        name: "diff",
        about: "What changed between an earlier day and the day asked about, on one of the three clocks",
        schema: "diff",
        takes: &[
            Param { name: "against", about: "The earlier day, or an event", takes: Takes::Needed },
            Param {
                name: "clock",
                about: "Which clock goes on: what happened (world), what was reported, or what was recorded here",
                takes: Takes::Word(CLOCKS),
            },
        ],
        way: Way::Folds(|book, params, question, env| {
            let clock = match params.text("clock") {
                Some("knowledge") => DiffClock::Knowledge,
                Some("recording") => DiffClock::Recording,
                _ => DiffClock::World,
            };
            let differ = Differ::new(book, (params.named("against"), None), clock, question, env)?;
            Reply::new(&differ.after.answer(differ.difference), Some("changes"))
        }),
        ..TABLE
    },
    NamedView {
        name: "readings",
        about: "One day in two readings, each a party's account, corroborated, or everyone",
        schema: "readings",
        takes: &[
            Param { name: "first", about: "The first reading", takes: Takes::Needed },
            Param { name: "second", about: "The second reading", takes: Takes::Needed },
        ],
        way: Way::Folds(|book, params, question, env| {
            let between = Between::new(book, (params.named("first"), params.named("second")), question, env)?;
            Reply::new(&between.everyone.answer(between.readings), Some("lines"))
        }),
        ..TABLE
    },
    NamedView {
        name: "brief",
        about: "What a briefing is made of: what holds, what changed, what is asked, what is disputed",
        schema: "brief",
        takes: &[text("since", "What changed since then; seven days before the day asked about, where it is not said")],
        way: Way::Folds(|book, params, question, env| {
            let briefing = Briefing::new(book, params.text("since"), question, env)?;
            Reply::new(&briefing.asking.answer(&briefing.brief), None)
        }),
        ..PLAIN
    },
];

impl Params {
    /// What was given for a parameter.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Everything that was given for it.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| value.clone()).collect()
    }

    /// Whether it was said.
    pub fn is_on(&self, name: &str) -> bool {
        self.text(name).is_some_and(|value| value != "false")
    }

    /// What has to be given, and is asked for before a view is.
    fn named(&self, name: &str) -> &str {
        self.text(name).unwrap_or_default()
    }
}
