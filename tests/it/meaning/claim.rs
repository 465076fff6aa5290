//! What parties assert.

use serde_json::{Value, json};
use talks::domain::ledger::Standing;

use crate::given::{Draft, given, on, party, record, source};

fn claimed(date: &str, name: &str, by: Value, more: Value) -> Value {
    let mut data = json!({ "claim": name, "by": by, "text": "They attacked first." });
    data.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    on(date, "claim.made", data)
}

fn denied(of: &str, by: Value) -> Value {
    on("2025-10-25", "claim.denied", json!({ "of": of, "by": by }))
}

#[test]
fn a_citation_of_a_claim_proves_that_it_was_claimed_and_not_that_it_is_so() {
    let claim = claimed("2025-10-20", "Q1", json!("north"), json!({ "about": "e4" })).cited("S1").cited("S2");
    let attack = on("2025-10-19", "incident.reported", json!({ "category": "attack" })).cited("S1");
    let told =
        given([source("S1", "Dawn", "2025-10-21"), source("S2", "Geo", "2025-10-21"), attack, claim]).on("2025-10-31");
    told.standing("e5", Standing::Corroborated).standing("e4", Standing::SingleSource);
}

#[test]
fn a_party_that_denies_a_claim_disputes_it() {
    let told = given([claimed("2025-10-20", "Q1", json!("north"), json!({})), denied("Q1", json!("south"))]);
    let told = told.on("2025-10-31");
    told.standing("e2", Standing::Disputed).anomalies(&[]);
    assert_eq!(told.state.ledger.disputed_by(&told.state.claims.values().next().expect("Q1").basis), [party("south")]);
}

#[test]
fn the_denial_of_an_anonymous_official_does_not_dispute() {
    for voice in ["anonymous", "unofficial"] {
        let by = json!({ "party": "south", "who": "an official", "voice": voice });
        let log = given([claimed("2025-10-20", "Q1", json!("north"), json!({})), denied("Q1", by)]);
        log.on("2025-10-31").standing("e2", Standing::Unsupported).anomalies(&[]);
    }
    let by = json!({ "party": "south", "who": "the minister", "voice": "official" });
    let log = given([claimed("2025-10-20", "Q1", json!("north"), json!({})), denied("Q1", by)]);
    log.on("2025-10-31").standing("e2", Standing::Disputed);
}

#[test]
fn rival_claims_dispute_each_other_and_are_never_merged() {
    let rival = claimed("2025-10-21", "Q2", json!("south"), json!({ "rival_of": "Q1" }));
    let told = given([claimed("2025-10-20", "Q1", json!("north"), json!({})), rival]).on("2025-10-31");
    told.standing("e2", Standing::Disputed).standing("e3", Standing::Disputed);
    let rivals: Vec<usize> = told.state.claims.values().map(|claim| claim.rivals.len()).collect();
    assert_eq!(rivals, [1, 1]);
}

#[test]
fn the_rival_claim_of_an_anonymous_official_does_not_dispute() {
    let by = json!({ "party": "south", "voice": "anonymous" });
    let rival = claimed("2025-10-21", "Q2", by, json!({ "rival_of": "Q1" }));
    let told = given([claimed("2025-10-20", "Q1", json!("north"), json!({})), rival]).on("2025-10-31");
    told.standing("e2", Standing::Unsupported).standing("e3", Standing::Disputed);
}

#[test]
fn a_claim_that_was_taken_back_is_withdrawn() {
    let withdrawn = on("2025-10-28", "claim.withdrawn", json!({ "claim": "Q1" }));
    let log = given([claimed("2025-10-20", "Q1", json!("north"), json!({})), denied("Q1", json!("south")), withdrawn]);
    log.on("2025-10-27").standing("e2", Standing::Disputed);
    log.on("2025-10-28").standing("e2", Standing::Withdrawn);
}

#[test]
fn a_claim_made_again_keeps_its_old_words_and_shows_its_latest_values() {
    let said = |date: &str, place: &str| claimed(date, "Q1", json!("north"), json!({ "says": { "place": place } }));
    let told = given([said("2025-10-20", "Kabul"), said("2025-10-22", "Khost")]).on("2025-10-31");
    let claim = told.state.claims.values().next().expect("Q1");
    let place = claim.says.as_ref().and_then(|says| says.place.as_ref()).map(|place| place.name.as_str());
    assert_eq!((claim.texts.held().count(), place), (2, Some("Khost")));
}

#[test]
fn any_event_can_be_denied_or_confirmed() {
    let demand = on("2025-10-20", "demand.raised", json!({ "by": "north", "of": "south", "text": "Withdraw." }));
    let log = given([demand]);
    log.then([denied("e2", json!("north"))]).on("2025-10-31").standing("e2", Standing::Disputed);
    log.then([denied("D1", json!("north"))]).on("2025-10-31").standing("e2", Standing::Disputed);
    let confirmed = on("2025-10-25", "claim.confirmed", json!({ "of": "D1", "by": "south" }));
    log.then([confirmed]).on("2025-10-31").standing("e2", Standing::Confirmed);
}

#[test]
fn statements_and_accounts_that_deny_do_not_dispute() {
    let statement = json!({ "by": "south", "act": "position", "text": "We did not.", "about": "Q1" });
    let account = record("account.added", json!({ "of": "Q1", "stance": "denies" }));
    let log = given([
        claimed("2025-10-20", "Q1", json!("north"), json!({})),
        on("2025-10-21", "statement.made", statement),
        account,
    ]);
    let told = log.on("2025-10-31");
    told.standing("e2", Standing::Unsupported);
    assert_eq!(told.state.ledger.get(crate::given::event("e2")).map(|entry| entry.accounts.len()), Some(1));
}

#[test]
fn a_statement_changes_no_life_and_an_edited_text_stays_beside_the_new_one() {
    let statement = |text: &str, replaces: Value| {
        let data = json!({ "by": "qatar", "act": "announcement", "text": text, "disclosure": "published" });
        let mut draft = on("2025-10-19", "statement.made", data);
        if !replaces.is_null() {
            draft["data"]["replaces"] = replaces;
        }
        draft
    };
    let log = given([statement("On the border.", Value::Null), statement("Between the two.", json!("e2"))]);
    let told = log.on("2025-10-19");
    told.anomalies(&[]);
    assert_eq!((log.history().facts.len(), told.state.claims.len(), told.state.demands.len()), (3, 0, 0));
}
