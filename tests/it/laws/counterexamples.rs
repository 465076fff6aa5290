//! Logs that once broke a law, made small.

use serde_json::{Value, json};
use talks::domain::ceasefire::Nominal;
use talks::domain::history::{History, Knowledge};
use talks::domain::ids::Version;

use crate::given;

fn opened() -> Value {
    let party = |slug: &str| json!({"party":slug,"name":slug,"kind":"state","role":"party"});
    json!({"kind":"negotiation.opened","occurred":"2023-10-01","data":{"title":"talks","parties":[party("p"),party("q")]}})
}

#[track_caller]
fn state_of_the_ceasefire(drafts: &[Value], day: &str) -> Nominal {
    let state = given::state(&given::log(drafts), day);
    let ceasefire = state.ceasefires.values().next().expect("a ceasefire was agreed");
    ceasefire.standing(&state.at(given::at(day))).state
}

/// Each term was looked up once for every path that led to it: a dozen took minutes.
#[test]
fn terms_that_hang_on_each_other_in_a_circle_are_open_and_soon_answered() {
    let until = json!({"with":"C1","milestone":"ends"});
    let agreed = json!({"ceasefire":"C1","parties":["p","q"],"until":until});
    let mut drafts = vec![opened(), json!({"kind":"ceasefire.agreed","occurred":"2023-10-02","data":agreed})];
    let renewed = json!({"kind":"ceasefire.renewed","occurred":"2023-10-03","data":{"ceasefire":"C1","until":until}});
    drafts.extend(std::iter::repeat_n(renewed, 12));
    assert_eq!(state_of_the_ceasefire(&drafts, "2023-10-05"), Nominal::InForce);
}

/// Extended ahead of time, it was expired before its old end.
#[test]
fn an_extension_that_starts_later_leaves_the_old_end_alone() {
    let agreed = json!({"ceasefire":"C1","parties":["p","q"],"until":"2023-10-10"});
    let renewed = json!({"ceasefire":"C1","from":"2023-10-15","until":"2023-10-20"});
    let drafts = [
        opened(),
        json!({"kind":"ceasefire.agreed","occurred":"2023-10-02","data":agreed}),
        json!({"kind":"ceasefire.renewed","occurred":"2023-10-05","data":renewed}),
    ];
    let expected = [
        ("2023-10-07", Nominal::InForce),
        ("2023-10-12", Nominal::Expired),
        ("2023-10-16", Nominal::InForce),
        ("2023-10-21", Nominal::Expired),
    ];
    for (day, state) in expected {
        assert_eq!(state_of_the_ceasefire(&drafts, day), state, "{day}");
    }
}

/// A waiver of a waiver came before everything, and so before what it is about.
#[test]
fn record_keeping_about_record_keeping_comes_with_what_it_is_about_in_the_end() {
    let waived =
        |target: &str| json!({"kind":"check.waived","data":{"target":target,"check":"weekday","reason":"as printed"}});
    let left = json!({"kind":"party.left","occurred":"2023-10-05","data":{"party":"p"}});
    let log = given::log(&[opened(), left, waived("e2"), waived("e3")]);
    let history = History::new(&log, &Knowledge::default());
    let key = |version| history.fact(Version(version)).map(|fact| fact.key);
    assert_eq!(key(4), key(2));
}

/// The first demand that took no answer kept the offer's answers from those after it.
#[test]
fn an_offer_answers_each_demand_whatever_became_of_the_others() {
    let raised = |handle: &str| {
        let data = json!({"demand":handle,"by":"p","of":"q","text":handle});
        json!({"kind":"demand.raised","occurred":"2023-10-02","data":data})
    };
    let answers = json!([{"demand":"D1","answer":"accepted"}, {"demand":"D2","answer":"accepted"}]);
    let made = json!({"by":"q","to":"p","text":"both","answers":answers});
    let drafts = [
        opened(),
        raised("D1"),
        raised("D2"),
        json!({"kind":"demand.withdrawn","occurred":"2023-10-03","data":{"demand":"D1"}}),
        json!({"kind":"offer.made","occurred":"2023-10-04","data":made}),
    ];
    let state = given::state(&given::log(&drafts), "2023-10-05");
    let answered: Vec<usize> = state.demands.values().map(|demand| demand.answers.len()).collect();
    assert_eq!(answered, [0, 1]);
    assert_eq!(state.anomalies.len(), 1, "the offer answers what was withdrawn: {:?}", state.anomalies);
}
