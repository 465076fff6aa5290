//! Who lays what to whom, and what the accused answer.

use serde_json::{Value, json};
use talks::domain::negotiation::Cut;
use talks::view::{AccusationState, Accusations, Asked, accusations};

use crate::given::{given, on, record};

const DAY: &str = "2025-10-31";

/// e2 is a ceasefire, e3 a clash; what follows is e4 and on.
fn after<const N: usize>(clash: Value, rest: [Value; N]) -> Accusations {
    let mut data = json!({ "category": "clash" });
    data.as_object_mut().expect("an object").extend(clash.as_object().expect("an object").clone());
    let agreed = on("2025-10-15", "ceasefire.agreed", json!({ "ceasefire": "C1", "parties": ["north", "south"] }));
    let log = given([agreed, on("2025-10-20", "incident.reported", data)].into_iter().chain(rest));
    let (history, told, cut) = (log.history(), log.on(DAY), Cut::default());
    let asked = Asked { history: &history, all: &told.state, certain: &told.state, cut: &cut, at: told.at };
    accusations(&asked)
}

/// Each accusation as `accuser > accused: act, state`.
fn told(found: &Accusations) -> Vec<String> {
    let line = |line: &talks::view::Line<talks::view::AccusationView>| {
        let a = &line.item;
        let by = a.accuser.as_ref().map_or("-".into(), |by| by.party.to_string());
        let to = a.accused.as_ref().map_or("-".into(), ToString::to_string);
        format!("{by} > {to}: {}, {}", a.act, a.state)
    };
    found.accusations.iter().map(line).collect()
}

fn alleged(more: Value) -> Value {
    let mut data = json!({ "of": "C1", "by": "north", "alleged_by": "south" });
    data.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    on("2025-10-21", "violation.alleged", data)
}

fn answered(kind: &str, of: &str, by: &str) -> Value {
    on("2025-10-22", kind, json!({ "of": of, "by": by }))
}

fn laid() -> Value {
    json!({ "laid_to": [{ "to": "north", "by": "south" }] })
}

#[test]
fn an_act_that_one_party_lays_to_another_is_one_accusation_also_where_it_is_alleged_to_break_something() {
    let found = after(laid(), [alleged(json!({ "incident": "e3" })), alleged(json!({}))]);
    assert_eq!(told(&found), ["south > north: e3, unanswered", "south > north: e5, unanswered"]);
    let broken: Vec<usize> = found.accusations.iter().map(|line| line.item.violates.len()).collect();
    assert_eq!(broken, [1, 1]);
    assert_eq!((found.counts.len(), found.counts[0].acts), (1, 2));
}

#[test]
fn an_accusation_is_answered_by_the_accused_alone() {
    let state = |rest: [Value; 1]| told(&after(laid(), rest)).remove(0);
    assert_eq!(state([answered("claim.denied", "e3", "north")]), "south > north: e3, denied");
    assert_eq!(state([answered("claim.denied", "e3", "qatar")]), "south > north: e3, unanswered");
    assert_eq!(state([answered("claim.confirmed", "e3", "north")]), "south > north: e3, acknowledged");
    let claimed = json!({ "laid_to": [{ "to": "north", "by": "south" }], "claimed_by": "north" });
    assert_eq!(told(&after(claimed, [])), ["south > north: e3, acknowledged"]);
}

#[test]
fn an_act_that_each_lays_to_the_other_is_laid_back() {
    let each = json!({ "laid_to": [{ "to": "north", "by": "south" }, { "to": "south", "by": "north" }] });
    assert_eq!(told(&after(each, [])), ["north > south: e3, laid-back", "south > north: e3, laid-back"]);
}

#[test]
fn that_the_accused_did_it_may_be_in_question_for_nobody_while_the_violation_is_unanswered() {
    let found = after(json!({ "by": "north" }), [alleged(json!({ "incident": "e3" }))]);
    assert_eq!(told(&found), ["south > north: e3, act-undisputed"]);
}

#[test]
fn an_accusation_that_was_taken_back_is_withdrawn_and_one_of_the_sources_has_no_accuser() {
    let taken_back = [alleged(json!({})), on("2025-10-23", "claim.withdrawn", json!({ "claim": "e4", "by": "south" }))];
    assert_eq!(told(&after(json!({}), taken_back)), ["south > north: e4, withdrawn"]);
    assert_eq!(told(&after(json!({ "laid_to": [{ "to": "north" }] }), [])), ["- > north: e3, unanswered"]);
}

#[test]
fn an_accusation_stands_while_any_of_it_does_and_each_of_several_accused_answers_for_itself() {
    let withdrawn = on("2025-10-23", "claim.withdrawn", json!({ "claim": "e4", "by": "south" }));
    let found = after(laid(), [alleged(json!({ "incident": "e3" })), withdrawn]);
    assert_eq!(told(&found), ["south > north: e3, unanswered"]);
    let both = alleged(json!({ "by": ["north", "qatar"] }));
    let found = after(json!({}), [both, answered("claim.confirmed", "e4", "north")]);
    assert_eq!(told(&found), ["south > north: e4, acknowledged", "south > qatar: e4, unanswered"]);
}

#[test]
fn the_dead_of_a_side_are_claimed_by_others_and_acknowledged_by_itself() {
    let tolls = |killed: u64| json!([{ "whose": "north", "class": "combatants", "killed": killed }]);
    let claim = |by: &str, killed: u64| {
        let says = json!({ "by": by, "text": "So many.", "about": "e3", "says": { "tolls": tolls(killed) } });
        on("2025-10-21", "claim.made", says)
    };
    let account = json!({ "of": "e3", "stance": "qualifies", "says": { "tolls": tolls(20) } });
    let found = after(json!({}), [claim("south", 58), claim("north", 23), record("account.added", account)]);
    let [loss] = &found.losses[..] else { panic!("{:?}", found.losses) };
    let killed =
        |tolls: &[talks::view::TollView]| tolls.iter().filter_map(|toll| toll.toll.killed?.best).collect::<Vec<_>>();
    assert_eq!(killed(&loss.claimed), [58]);
    assert_eq!(killed(&loss.acknowledged), [23]);
    assert_eq!(killed(&loss.reported), [20]);
    assert!(after(json!({ "tolls": tolls(5) }), []).losses.is_empty(), "no party gave a figure");
}

#[test]
fn accusations_are_counted_by_what_became_of_them() {
    let found = after(laid(), [alleged(json!({})), answered("claim.denied", "e4", "north")]);
    let count = &found.counts[0];
    let by_state = [(AccusationState::Denied, 1), (AccusationState::Unanswered, 1)];
    let by_state = by_state.map(|(state, count)| (state.to_string(), count)).into_iter().collect();
    assert_eq!((count.acts, &count.by_state), (2, &by_state));
}
