//! Given a log, when it is folded for a day, then: the small words that the tests of the meaning are written in.

use std::sync::Arc;

use serde_json::Value;
use talks::domain::history::{History, Knowledge};
use talks::domain::ids::{Handle, Letter, Version};
use talks::domain::negotiation::{Cut, Negotiation, fold};
use talks::domain::record::{Envelope, Parts, Record};
use talks::domain::value::{Name, Walk};
use talks::domain::when::{Instant, When};

/// A log of drafts, one JSON value a line; handles are allocated as the program does.
#[track_caller]
pub fn log(drafts: &[Value]) -> Vec<Arc<Record>> {
    let mut highest = [0u32; Letter::ALL.len()];
    let mut records = Vec::new();
    for (i, draft) in drafts.iter().enumerate() {
        let text = |part: &str| draft.get(part).map(|v| v.to_string().into_boxed_str()).unwrap_or_default();
        let occurred =
            draft.get("occurred").map(|w| When::parse(w.as_str().expect("a date is a string")).expect("a date"));
        let envelope = Envelope {
            version: Version(i as u64 + 1),
            kind: draft["kind"].as_str().expect("a kind").into(),
            occurred,
            id: None,
            seal: None,
        };
        let data = draft.get("data").map_or("{}".into(), |v| v.to_string().into_boxed_str());
        let parts = Parts { data, context: text("context"), sources: text("sources") };
        let mut record = Record::from_parts(envelope, parts).unwrap_or_else(|e| panic!("line {}: {e}", i + 1));
        record.walk(&mut |name| {
            if let Name::Defines(letter, handle) = name {
                let place = Letter::ALL.iter().position(|l| *l == letter).expect("a letter");
                let number = handle.map_or(highest[place] + 1, |h| h.number);
                *handle = Some(Handle { letter, number });
                highest[place] = highest[place].max(number);
            }
        });
        records.push(Arc::new(record));
    }
    records
}

/// The last instant of a date, in UTC.
#[track_caller]
pub fn at(date: &str) -> Instant {
    When::parse(date).expect("a date").span(Default::default()).last()
}

/// The state at the end of a day.
#[track_caller]
pub fn state(log: &[Arc<Record>], date: &str) -> Negotiation {
    fold(&History::new(log, &Knowledge::default()), at(date), &Cut::default())
}

/// The same as it was known by the end of another day.
#[track_caller]
pub fn state_known_by(log: &[Arc<Record>], date: &str, known_by: &str) -> Negotiation {
    let knowledge = Knowledge { known_by: Some(at(known_by)), recorded_by: None };
    fold(&History::new(log, &knowledge), at(date), &Cut::default())
}
