//! What happened on the ground, and its dead.

use serde_json::{Value, json};
use talks::domain::incident::{Account, Incident};
use talks::domain::value::Range;

use crate::given::{Draft, Given, event, given, on, record, source};

fn attack(more: Value) -> Value {
    let mut data = json!({ "category": "attack" });
    data.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    on("2025-10-11", "incident.reported", data)
}

fn killed(count: Value) -> Value {
    json!([{ "whose": "north", "class": "combatants", "killed": count }])
}

fn incident(log: &Given, name: &str) -> Incident {
    log.on("2025-12-31").state.incidents[&event(name)].clone()
}

/// The killed by each account of the first incident.
fn by_account(log: &Given) -> Vec<Option<Range>> {
    incident(log, "e4").tolls.iter().map(|account| account.tolls[0].killed).collect()
}

fn exactly(count: u64) -> Option<Range> {
    Some(Range { low: Some(count), best: Some(count), high: Some(count) })
}

/// 58 by one side, 23 by the other, 20 by a further source.
fn three_accounts() -> Given {
    let claim = |by: &str, count: u64| {
        on(
            "2025-10-12",
            "claim.made",
            json!({ "by": by, "text": "So many.", "about": "e4", "says": { "tolls": killed(json!(count)) } }),
        )
    };
    let account = json!({ "of": "e4", "stance": "qualifies", "says": { "tolls": killed(json!(20)) } });
    given([
        source("S1", "Dawn", "2025-10-12"),
        source("S2", "Geo", "2025-10-12"),
        attack(json!({ "tolls": killed(json!({ "low": 10 })) })).cited("S1"),
        claim("south", 58),
        claim("north", 23),
        record("account.added", account).cited("S2"),
    ])
}

#[test]
fn the_dead_are_kept_by_account_and_never_summed() {
    let log = three_accounts();
    let at_least_ten = Some(Range { low: Some(10), best: None, high: None });
    assert_eq!(by_account(&log), [at_least_ten, exactly(20), exactly(58), exactly(23)]);
}

#[test]
fn each_account_of_the_dead_says_whose_it_is() {
    let accounts = incident(&three_accounts(), "e4").tolls.into_iter().map(|toll| match toll.account {
        Account::Report => "the report".to_string(),
        Account::Sources(sources) => sources.iter().map(|source| source.to_string()).collect(),
        Account::Claim(claim, by) => format!("{claim} {}", by.party),
    });
    assert_eq!(accounts.collect::<Vec<_>>(), ["the report", "S2", "Q1 south", "Q2 north"]);
}

#[test]
fn a_party_that_corrects_its_own_figure_has_only_the_latest() {
    let says =
        json!({ "claim": "Q1", "by": "south", "text": "More.", "about": "e4", "says": { "tolls": killed(json!(60)) } });
    let log = three_accounts().then([on("2025-10-14", "claim.made", says)]);
    let figures = by_account(&log);
    assert_eq!(figures.len(), 4);
    assert!(figures.contains(&exactly(60)) && !figures.contains(&exactly(58)));
}

#[test]
fn the_dead_are_kept_by_class_and_by_side_as_ranges() {
    let tolls = json!([
        { "whose": "north", "class": "combatants", "killed": { "low": 7, "best": 7, "high": 8 }, "injured": 13 },
        { "whose": "north", "class": "civilians", "killed": { "low": 2 } },
        { "class": "unspecified", "as_said": "dozens" },
    ]);
    let log = given([
        source("S1", "Dawn", "2025-10-12"),
        source("S2", "Geo", "2025-10-12"),
        attack(json!({ "tolls": tolls })),
    ]);
    let tolls = incident(&log, "e4").tolls.remove(0).tolls;
    assert_eq!(tolls.len(), 3);
    assert_eq!(tolls[0].killed, Some(Range { low: Some(7), best: Some(7), high: Some(8) }));
    assert_eq!(tolls[1].killed, Some(Range { low: Some(2), best: None, high: None }), "the upper end is open");
    assert_eq!((tolls[2].killed, tolls[2].as_said.as_deref()), (None, Some("dozens")), "no figure is made of a word");
}

#[test]
fn an_aggregate_stays_apart_from_its_parts() {
    let month = json!({ "category": "clash", "aggregate": true, "tolls": killed(json!(70)) });
    let log = given([
        on("2025-10-01/2025-10-31", "incident.reported", month),
        attack(json!({ "tolls": killed(json!(7)) })),
        attack(json!({ "tolls": killed(json!(5)) })),
    ]);
    assert_eq!(["e2", "e3", "e4"].map(|name| incident(&log, name).aggregate), [true, false, false]);
    assert_eq!(["e2", "e3", "e4"].map(|name| incident(&log, name).tolls[0].tolls[0].killed), [70, 7, 5].map(exactly));
}

#[test]
fn who_did_it_is_what_is_said_of_it() {
    let log = given([
        attack(json!({})),
        attack(json!({ "claimed_by": "rebels", "laid_to": [{ "to": "south", "by": "north" }] })),
    ]);
    assert_eq!(incident(&log, "e2").culprits().count(), 0);
    let culprits = incident(&log, "e3").culprits().map(|party| party.to_string()).collect::<Vec<_>>();
    assert_eq!(culprits, ["rebels", "south"]);
}
