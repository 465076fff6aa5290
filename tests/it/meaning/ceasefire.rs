//! Ceasefires: by the clock, and by what is said of them.

use serde_json::{Value, json};
use talks::domain::ceasefire::{Nominal, Observed};
use talks::domain::term::Due;
use talks::domain::when::Instant;

use crate::given::{Draft, Given, Told, at, given, given_in, on, record, source};

fn agreed(date: &str, more: Value) -> Value {
    let mut data = json!({ "ceasefire": "C1", "parties": ["north", "south"] });
    data.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    on(date, "ceasefire.agreed", data)
}

fn declared(date: &str, by: &str) -> Value {
    on(date, "ceasefire.declared", json!({ "ceasefire": "C1", "by": by }))
}

fn until(date: &str) -> Given {
    given([agreed("2025-10-15", json!({ "until": date }))])
}

fn about(date: &str, kind: &str, more: Value) -> Value {
    let mut data = json!({ "ceasefire": "C1" });
    data.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    on(date, kind, data)
}

fn renewed(date: &str, more: Value) -> Value {
    about(date, "ceasefire.renewed", more)
}

fn gaps(told: &Told) -> Vec<(Instant, Instant)> {
    told.clock("C1").gaps.into_iter().map(|gap| (gap.from, gap.to)).collect()
}

fn headline(told: &Told) -> String {
    told.now().headline_ceasefire().map(|c| c.handle.to_string()).unwrap_or_default()
}

/// 48 hours from 18:00 in Islamabad on the 15th.
fn forty_eight_hours(zone: &str) -> Given {
    let hours = json!({ "from": "2025-10-15T18:00+05:00", "until": "2025-10-17T18:00+05:00" });
    given_in(zone, [agreed("2025-10-15", hours)])
}

#[test]
fn a_ceasefire_without_a_start_is_in_force_from_the_moment_agreed() {
    let told = given([agreed("2025-10-15T18:00+05:00", json!({}))]).on("2025-10-15");
    assert_eq!(told.ceasefire("C1", Nominal::InForce).clock("C1").since, Some(at("2025-10-15T13:00Z")));
}

#[test]
fn a_ceasefire_is_pending_until_its_start() {
    let log = given([agreed("2025-10-15", json!({ "from": "2025-10-19" }))]);
    log.on("2025-10-18").ceasefire("C1", Nominal::Pending);
    log.on("2025-10-19").ceasefire("C1", Nominal::InForce);
}

#[test]
fn a_start_fixed_after_the_agreement_is_the_day_it_began() {
    let start = json!({ "from": { "after": "A1", "milestone": "signed", "days": 5 } });
    let log = given([on("2025-10-01", "agreement.proposed", json!({ "title": "Peace" })), agreed("2025-10-15", start)]);
    log.on("2025-10-31").ceasefire("C1", Nominal::Pending);
    let log = log.then([about("2025-10-20", "ceasefire.began", json!({}))]);
    log.on("2025-10-19").ceasefire("C1", Nominal::Pending);
    log.on("2025-10-20").ceasefire("C1", Nominal::InForce);
}

#[test]
fn a_start_that_hangs_on_a_milestone_comes_with_it() {
    let with = json!({ "from": { "with": "A1", "milestone": "signed" } });
    let log = given([
        on("2025-10-01", "agreement.proposed", json!({ "title": "Peace" })),
        agreed("2025-10-15", with),
        on("2025-10-20", "agreement.signed", json!({ "agreement": "A1", "by": ["north", "south"] })),
    ]);
    log.on("2025-10-19").ceasefire("C1", Nominal::Pending);
    log.on("2025-10-20").ceasefire("C1", Nominal::InForce);
}

#[test]
fn an_hour_of_expiry_is_that_instant_in_every_zone() {
    for zone in ["+00:00", "+05:00", "-07:00"] {
        let log = forty_eight_hours(zone);
        log.on("2025-10-15T12:59:59Z").ceasefire("C1", Nominal::Pending);
        log.on("2025-10-15T13:00:00Z").ceasefire("C1", Nominal::InForce);
        log.on("2025-10-17T12:59:59Z").ceasefire("C1", Nominal::InForce);
        log.on("2025-10-17T13:00:00Z").ceasefire("C1", Nominal::Expired);
    }
}

#[test]
fn a_day_of_expiry_counts_to_its_end() {
    until("2025-10-17").on("2025-10-17").ceasefire("C1", Nominal::InForce);
    until("2025-10-17").on("2025-10-18T00:00Z").ceasefire("C1", Nominal::Expired);
}

#[test]
fn a_vague_expiry_has_possibly_come_between_its_first_and_its_last_day() {
    let log = until("2025-11");
    log.on("2025-11-01T12:00Z").ceasefire("C1", Nominal::InForce);
    log.on("2025-11-02T00:00Z").ceasefire("C1", Nominal::PossiblyExpired);
    log.on("2025-11-30").ceasefire("C1", Nominal::PossiblyExpired);
    log.on("2025-12-01").ceasefire("C1", Nominal::Expired);
    let log = until("[2025-10-17..2025-10-19]");
    log.on("2025-10-17").ceasefire("C1", Nominal::InForce);
    log.on("2025-10-18").ceasefire("C1", Nominal::PossiblyExpired);
    log.on("2025-10-20").ceasefire("C1", Nominal::Expired);
}

#[test]
fn an_expiry_between_two_hours_may_come_at_the_first() {
    let log = until("[2025-10-17T16:00Z..2025-10-17T20:00Z]");
    let due = Due { from: at("2025-10-17T16:00Z"), to: at("2025-10-17T20:00Z") };
    assert_eq!(log.on("2025-10-15").clock("C1").until, Some(due));
    log.on("2025-10-17T15:59:59Z").ceasefire("C1", Nominal::InForce);
    log.on("2025-10-17T18:00Z").ceasefire("C1", Nominal::PossiblyExpired);
    log.on("2025-10-17T20:00Z").ceasefire("C1", Nominal::Expired);
}

#[test]
fn a_ceasefire_until_a_round_closes_runs_out_with_it() {
    let log = given([
        agreed("2025-10-17", json!({ "until": { "with": "R1", "milestone": "closes" } })),
        on("2025-10-18", "round.opened", json!({ "round": "R1" })),
        on("2025-10-19", "round.closed", json!({ "round": "R1" })),
    ]);
    log.on("2025-10-18").ceasefire("C1", Nominal::InForce);
    log.on("2025-10-19").ceasefire("C1", Nominal::Expired);
}

#[test]
fn what_hangs_on_a_round_that_sits_again_is_open_again() {
    let log = given([
        agreed("2025-10-17", json!({ "until": { "with": "R1", "milestone": "closes" } })),
        on("2025-10-18", "round.held", json!({ "round": "R1" })),
        on("2025-10-21", "talks.resumed", json!({ "round": "R1" })),
    ]);
    log.on("2025-10-19").ceasefire("C1", Nominal::Expired);
    log.on("2025-10-21").ceasefire("C1", Nominal::InForce);
}

#[test]
fn an_extension_in_time_keeps_a_ceasefire_in_force() {
    let extended = renewed("2025-10-17T12:00Z", json!({ "until": "2025-10-20" }));
    let log = forty_eight_hours("+05:00").then([extended]);
    let told = log.on("2025-10-17T13:00Z");
    told.ceasefire("C1", Nominal::InForce);
    assert_eq!(gaps(&told), []);
    assert_eq!(told.clock("C1").since, Some(at("2025-10-15T13:00Z")));
    log.on("2025-10-21").ceasefire("C1", Nominal::Expired);
}

#[test]
fn a_late_extension_revives_a_ceasefire_and_the_gap_shows() {
    let log = forty_eight_hours("+05:00").then([renewed("2025-10-17T16:00Z", json!({ "until": "2025-10-20" }))]);
    log.on("2025-10-17T14:00Z").ceasefire("C1", Nominal::Expired);
    let told = log.on("2025-10-17T16:00Z");
    told.ceasefire("C1", Nominal::InForce);
    assert_eq!(gaps(&told), [(at("2025-10-17T13:00Z"), at("2025-10-17T16:00Z"))]);
    let again = told.clock("C1").gaps.remove(0).to_as_written.map(|when| when.to_string());
    assert_eq!(again.as_deref(), Some("2025-10-17T16:00Z"));
}

#[test]
fn what_was_known_before_an_extension_was_reported_still_says_expired() {
    let extended = renewed("2025-10-17T12:00Z", json!({ "until": "2025-10-20" })).cited("S1");
    let log = forty_eight_hours("+05:00").then([source("S1", "Dawn", "2025-10-19"), extended]);
    log.known_by("2025-10-18", "2025-10-18").ceasefire("C1", Nominal::Expired);
    log.known_by("2025-10-19", "2025-10-18").ceasefire("C1", Nominal::InForce);
}

#[test]
fn an_extension_that_starts_later_leaves_the_time_before_it_as_it_was() {
    let log = until("2025-10-17").then([renewed("2025-10-16", json!({ "from": "2025-10-20", "until": "2025-10-25" }))]);
    log.on("2025-10-16").ceasefire("C1", Nominal::InForce);
    log.on("2025-10-18").ceasefire("C1", Nominal::Expired);
    let told = log.on("2025-10-20");
    told.ceasefire("C1", Nominal::InForce);
    assert_eq!(gaps(&told), [(at("2025-10-18T00:00Z"), at("2025-10-20T00:00Z"))]);
}

#[test]
fn a_renewal_without_an_end_reaffirms_and_does_not_revive() {
    let log = until("2025-10-17").then([renewed("2025-10-16", json!({})), renewed("2025-10-19", json!({}))]);
    log.on("2025-10-16").ceasefire("C1", Nominal::InForce).observed("C1", Observed::Holding);
    let told = log.on("2025-10-19");
    told.ceasefire("C1", Nominal::Expired).anomalies(&[]);
    assert_eq!(told.state.ceasefires.values().next().map(|c| c.ends_given().count()), Some(1));
}

#[test]
fn a_renewal_counts_for_the_parties_that_make_it() {
    let log = given([declared("2025-10-15", "north"), declared("2025-10-15", "south")]);
    let log = log.then([renewed("2025-10-16", json!({ "by": "north", "until": "2025-10-20" }))]);
    let told = log.on("2025-10-21");
    told.ceasefire_of("C1", "north", Nominal::Expired).ceasefire_of("C1", "south", Nominal::InForce);
    let log = until("2025-10-17").then([renewed("2025-10-16", json!({ "by": "north", "until": "2025-10-20" }))]);
    let told = log.on("2025-10-18");
    told.ceasefire_of("C1", "north", Nominal::InForce).ceasefire_of("C1", "south", Nominal::Expired);
    told.ceasefire("C1", Nominal::Expired);
}

#[test]
fn a_renewal_by_somebody_it_does_not_bind_does_not_fit() {
    let log = until("2025-10-17").then([renewed("2025-10-16", json!({ "by": "rebels", "until": "2025-10-20" }))]);
    log.on("2025-10-18").anomalies(&["e3: not-bound"]).ceasefire("C1", Nominal::Expired);
}

#[test]
fn an_agreed_ceasefire_is_as_its_least_bound_party() {
    let log =
        given([agreed("2025-10-15", json!({})), about("2025-10-18", "ceasefire.suspended", json!({ "by": "north" }))]);
    let told = log.on("2025-10-18");
    told.ceasefire_of("C1", "north", Nominal::Suspended).ceasefire_of("C1", "south", Nominal::InForce);
    told.ceasefire("C1", Nominal::Suspended);
}

#[test]
fn a_declared_ceasefire_is_as_its_most_bound_party() {
    let ended = about("2025-10-18", "ceasefire.ended", json!({ "by": "north", "how": "renounced" }));
    let log = given([declared("2025-10-15", "north"), declared("2025-10-16", "south"), ended]);
    let told = log.on("2025-10-18");
    told.ceasefire_of("C1", "north", Nominal::Ended).ceasefire_of("C1", "south", Nominal::InForce);
    told.ceasefire("C1", Nominal::InForce);
}

#[test]
fn another_side_joins_a_declared_ceasefire_by_its_handle() {
    let log = given([declared("2025-10-15", "north"), declared("2025-10-20", "south")]);
    assert_eq!(log.on("2025-10-19").state.ceasefires.len(), 1);
    let told = log.on("2025-10-20");
    assert_eq!(told.state.ceasefires.values().next().map(|c| c.parties().len()), Some(2));
    told.ceasefire_of("C1", "south", Nominal::InForce).anomalies(&[]);
}

#[test]
fn a_suspended_ceasefire_is_in_force_again_once_it_is_taken_up() {
    let log = given([
        agreed("2025-10-15", json!({})),
        about("2025-10-18", "ceasefire.suspended", json!({})),
        about("2025-10-20", "ceasefire.resumed", json!({})),
        about("2025-10-21", "ceasefire.resumed", json!({})),
    ]);
    log.on("2025-10-18").ceasefire("C1", Nominal::Suspended);
    log.on("2025-10-21").ceasefire("C1", Nominal::InForce).anomalies(&["e5: not-in-state"]);
}

#[test]
fn a_suspended_ceasefire_runs_out_all_the_same() {
    let log = until("2025-10-17").then([about("2025-10-16", "ceasefire.suspended", json!({}))]);
    log.on("2025-10-18").ceasefire("C1", Nominal::Expired);
}

#[test]
fn an_ended_ceasefire_says_how_and_takes_no_more() {
    let ended = about("2025-10-18", "ceasefire.ended", json!({ "how": "collapsed" }));
    let log = given([agreed("2025-10-15", json!({})), ended, renewed("2025-10-20", json!({ "until": "2025-10-25" }))]);
    let told = log.on("2025-10-20");
    told.ceasefire("C1", Nominal::Ended).anomalies(&["e4: over"]);
    assert_eq!(told.clock("C1").how.map(|how| how.as_str()), Some("collapsed"));
}

#[test]
fn a_ceasefire_agreed_again_by_its_handle_binds_again() {
    let ended = about("2025-10-18", "ceasefire.ended", json!({ "how": "collapsed" }));
    let log = given([agreed("2025-10-15", json!({})), ended, agreed("2025-10-20", json!({}))]);
    log.on("2025-10-20").ceasefire("C1", Nominal::InForce).anomalies(&[]);
}

#[test]
fn a_ceasefire_ends_with_the_agreement_it_is_part_of() {
    let reached = on("2025-10-10", "agreement.reached", json!({ "until": "2025-10-25" }));
    let log = given([reached, agreed("2025-10-15", json!({ "in": "A1" }))]);
    log.on("2025-10-25").ceasefire("C1", Nominal::InForce);
    log.on("2025-10-26").ceasefire("C1", Nominal::Ended);
    let ended = on("2025-10-20", "agreement.ended", json!({ "agreement": "A1", "how": "denounced" }));
    log.then([ended]).on("2025-10-20").ceasefire("C1", Nominal::Ended);
    let revised = on("2025-10-20", "agreement.reached", json!({ "revises": "A1" }));
    log.then([revised]).on("2025-10-20").ceasefire("C1", Nominal::Ended);
}

#[test]
fn a_rejected_or_suspended_agreement_leaves_its_ceasefire_alone() {
    let reached = on("2025-10-10", "agreement.reached", json!({ "ratifiers": "voters" }));
    let log = given([reached, agreed("2025-10-15", json!({ "in": "A1" }))]);
    let rejected = on("2025-10-20", "agreement.rejected", json!({ "agreement": "A1", "by": "voters" }));
    log.then([rejected]).on("2025-10-20").ceasefire("C1", Nominal::InForce);
    let suspended = on("2025-10-20", "agreement.suspended", json!({ "agreement": "A1" }));
    log.then([suspended]).on("2025-10-20").ceasefire("C1", Nominal::InForce);
}

fn second(date: &str, more: Value) -> Value {
    let mut draft = agreed(date, more);
    draft["data"]["ceasefire"] = json!("C2");
    draft
}

#[test]
fn two_ceasefires_know_nothing_of_each_other() {
    let log = until("2025-10-17").then([second("2025-10-16", json!({}))]);
    log.on("2025-10-16").ceasefire("C1", Nominal::InForce).ceasefire("C2", Nominal::InForce);
    log.on("2025-10-18").ceasefire("C1", Nominal::Expired).ceasefire("C2", Nominal::InForce);
    let violated = on("2025-10-17", "violation.alleged", json!({ "of": "C2", "by": "south" }));
    let log = log.then([violated]);
    log.on("2025-10-17").observed("C1", Observed::NoReports).observed("C2", Observed::Contested);
}

#[test]
fn a_superseded_ceasefire_says_by_which_one_and_supersession_is_never_inferred() {
    let log = until("2025-10-30").then([second("2025-10-19", json!({ "supersedes": "C1" }))]);
    let told = log.on("2025-10-19");
    told.ceasefire("C1", Nominal::Superseded).ceasefire("C2", Nominal::InForce);
    let by = told.state.ceasefires.values().next().and_then(|c| c.superseded_by.as_ref()).map(|(by, _)| by.to_string());
    assert_eq!(by.as_deref(), Some("C2"));
    let log = log.then([renewed("2025-10-20", json!({}))]);
    log.on("2025-10-20").anomalies(&["e4: over"]);
    let silent = until("2025-10-30").then([second("2025-10-19", json!({ "called": "immediate ceasefire" }))]);
    silent.on("2025-10-19").ceasefire("C1", Nominal::InForce);
}

#[test]
fn closing_the_negotiation_leaves_a_ceasefire_in_force() {
    let closed = on("2025-10-20", "negotiation.closed", json!({ "outcome": "collapsed" }));
    given([agreed("2025-10-15", json!({})), closed]).on("2025-10-20").ceasefire("C1", Nominal::InForce);
}

#[test]
fn a_ceasefire_shows_when_it_was_last_heard_of() {
    let threat = json!({ "by": "north", "act": "threat", "text": "We shall see.", "about": "C1" });
    let log = given([
        agreed("2025-10-15", json!({})),
        on("2025-10-18", "statement.made", threat),
        on("2025-10-25", "round.opened", json!({})),
        record("note.added", json!({ "on": "C1", "text": "Nothing since." })),
    ]);
    let heard = |day: &str| {
        let told = log.on(day);
        told.state.ceasefires.values().next().and_then(|c| c.last_heard.as_ref().map(|m| m.version.to_string()))
    };
    assert_eq!((heard("2025-10-17").as_deref(), heard("2025-10-31").as_deref()), (Some("e2"), Some("e3")));
}

#[test]
fn the_headline_is_the_ceasefire_begun_or_renewed_last() {
    let log =
        given([agreed("2025-10-15", json!({})), second("2025-10-17", json!({})), renewed("2025-10-19", json!({}))]);
    assert_eq!(headline(&log.on("2025-10-16")), "C1");
    assert_eq!(headline(&log.on("2025-10-17")), "C2");
    assert_eq!(headline(&log.on("2025-10-19")), "C1");
    assert_eq!(headline(&given([]).on("2025-10-19")), "");
}

#[test]
fn the_headline_has_begun_and_was_not_superseded_if_any_has() {
    let log = given([agreed("2025-10-15", json!({})), second("2025-10-17", json!({ "from": "2025-10-20" }))]);
    assert_eq!(headline(&log.on("2025-10-18")), "C1");
    assert_eq!(headline(&log.on("2025-10-20")), "C2");
    let starts_later = second("2025-10-17", json!({ "from": "2025-10-20", "supersedes": "C1" }));
    assert_eq!(headline(&given([agreed("2025-10-15", json!({})), starts_later]).on("2025-10-18")), "C2");
}

#[test]
fn the_words_of_the_parties_for_a_ceasefire_are_kept() {
    let log = given([
        agreed("2025-10-15", json!({ "called": "truce", "condition": "no flights" })),
        renewed("2025-10-16", json!({ "called": "armistice" })),
    ]);
    let told = log.on("2025-10-16");
    let ceasefire = told.state.ceasefires.values().next();
    assert_eq!(ceasefire.map(|c| c.called.clone()), Some(vec!["truce".to_string(), "armistice".to_string()]));
    assert_eq!(ceasefire.map(|c| c.conditions.len()), Some(1));
}

// What is said of it

fn clash(date: &str, more: Value) -> Value {
    let mut data = json!({ "category": "clash" });
    data.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    on(date, "incident.reported", data)
}

fn alleged(date: &str, more: Value) -> Value {
    let mut data = json!({ "of": "C1", "by": "south", "alleged_by": "north" });
    data.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    on(date, "violation.alleged", data)
}

fn holding() -> Given {
    given([agreed("2025-10-15", json!({}))])
}

#[test]
fn of_a_ceasefire_that_nobody_speaks_of_there_are_no_reports() {
    holding().on("2025-10-20").observed("C1", Observed::NoReports).ceasefire("C1", Nominal::InForce);
}

#[test]
fn a_ceasefire_holds_if_somebody_says_so() {
    let statement = |act: &str| json!({ "by": "qatar", "act": act, "text": "It holds.", "about": "C1" });
    for said in [
        on("2025-10-18", "statement.made", statement("assurance")),
        on("2025-10-18", "statement.made", statement("endorsement")),
        on("2025-10-18", "claim.confirmed", json!({ "of": "C1", "by": "north" })),
        record("account.added", json!({ "of": "C1", "stance": "confirms" })),
        renewed("2025-10-18", json!({})),
    ] {
        holding().then([said]).on("2025-10-18").observed("C1", Observed::Holding).anomalies(&[]);
    }
    let threat = on("2025-10-18", "statement.made", statement("threat"));
    holding().then([threat]).on("2025-10-18").observed("C1", Observed::NoReports);
}

#[test]
fn a_ceasefire_is_strained_by_an_incident_laid_to_a_signatory() {
    for more in [
        json!({ "by": "south" }),
        json!({ "claimed_by": "south" }),
        json!({ "laid_to": { "to": "south", "by": "north" } }),
    ] {
        holding().then([clash("2025-10-18", more)]).on("2025-10-18").observed("C1", Observed::Strained);
    }
    let nobody = clash("2025-10-18", json!({ "against": "north" }));
    holding().then([nobody]).on("2025-10-18").observed("C1", Observed::NoReports);
}

#[test]
fn a_ceasefire_is_strained_by_an_incident_that_involves_somebody_it_does_not_bind() {
    for more in [json!({ "by": "rebels", "against": "north" }), json!({ "against": "rebels" })] {
        holding().then([clash("2025-10-18", more)]).on("2025-10-18").observed("C1", Observed::Strained);
    }
}

#[test]
fn incidents_before_the_last_confirmation_strain_nothing() {
    let log = given([clash("2025-10-12", json!({ "by": "south" })), agreed("2025-10-15", json!({}))]);
    log.on("2025-10-15").observed("C1", Observed::NoReports);
    let log = log.then([clash("2025-10-18", json!({ "by": "south" })), renewed("2025-10-20", json!({}))]);
    log.on("2025-10-18").observed("C1", Observed::Strained);
    log.on("2025-10-20").observed("C1", Observed::Holding);
}

#[test]
fn what_comes_before_it_is_in_force_or_after_it_is_over_strains_nothing() {
    let log = given([
        agreed("2025-10-10", json!({ "from": "2025-10-15", "until": "2025-10-17" })),
        clash("2025-10-12", json!({ "by": "south" })),
        clash("2025-10-20", json!({ "by": "south" })),
    ]);
    log.on("2025-10-12").observed("C1", Observed::NoReports);
    log.on("2025-10-20").observed("C1", Observed::NoReports);
    log.then([clash("2025-10-16", json!({ "by": "south" }))]).on("2025-10-20").observed("C1", Observed::Strained);
}

#[test]
fn an_account_counts_from_the_day_of_what_it_is_about() {
    let account = record("account.added", json!({ "of": "C1", "stance": "confirms" }));
    let log = holding().then([clash("2025-10-18", json!({ "by": "south" })), account]);
    log.on("2025-10-15").observed("C1", Observed::Holding);
    log.on("2025-10-18").observed("C1", Observed::Strained);
}

#[test]
fn violence_that_went_on_past_the_last_confirmation_strains() {
    let log = given([clash("2025-10-12/2025-10-18", json!({ "by": "south" })), agreed("2025-10-15", json!({}))]);
    log.on("2025-10-15").observed("C1", Observed::Strained);
}

#[test]
fn what_is_not_violence_strains_nothing() {
    for category in ["protest", "strategic-development", "other"] {
        let incident = on("2025-10-18", "incident.reported", json!({ "category": category, "by": "south" }));
        holding().then([incident]).on("2025-10-18").observed("C1", Observed::NoReports);
    }
}

#[test]
fn a_ceasefire_is_contested_while_a_violation_is_alleged() {
    let log = holding().then([renewed("2025-10-16", json!({})), alleged("2025-10-18", json!({}))]);
    log.on("2025-10-18").observed("C1", Observed::Contested).ceasefire("C1", Nominal::InForce).anomalies(&[]);
    let denied = on("2025-10-19", "claim.denied", json!({ "of": "e4", "by": "south" }));
    log.then([denied]).on("2025-10-19").observed("C1", Observed::Contested);
    let withdrawn = on("2025-10-19", "claim.withdrawn", json!({ "claim": "e4" }));
    log.then([withdrawn]).on("2025-10-19").observed("C1", Observed::Holding).anomalies(&[]);
}

#[test]
fn a_ceasefire_is_violated_once_the_accused_acknowledges_it() {
    let confirmed = |by: Value| on("2025-10-19", "claim.confirmed", json!({ "of": "e3", "by": by }));
    let log = holding().then([alleged("2025-10-18", json!({}))]);
    log.then([confirmed(json!("south"))]).on("2025-10-19").observed("C1", Observed::Violated);
    log.then([confirmed(json!("qatar"))]).on("2025-10-19").observed("C1", Observed::Contested);
    let anonymous = confirmed(json!({ "party": "south", "voice": "anonymous" }));
    log.then([anonymous]).on("2025-10-19").observed("C1", Observed::Contested);
}

#[test]
fn a_ceasefire_is_violated_if_a_declared_monitor_finds_so() {
    let log = holding().then([alleged("2025-10-18", json!({ "found_by": "watch" }))]);
    log.on("2025-10-18").observed("C1", Observed::Violated);
    let taken_back = on("2025-10-20", "claim.withdrawn", json!({ "claim": "e3" }));
    log.then([taken_back]).on("2025-10-20").observed("C1", Observed::NoReports);
}

#[test]
fn only_a_declared_monitor_can_find_a_violation() {
    let log = holding().then([alleged("2025-10-18", json!({ "found_by": "qatar" }))]);
    log.on("2025-10-18").observed("C1", Observed::NoReports).anomalies(&["e3: not-a-monitor"]);
}

#[test]
fn a_violation_is_never_inferred_from_an_incident() {
    let killed = json!({ "by": "south", "against": "north", "tolls": [{ "class": "combatants", "killed": 7 }] });
    let told = holding().then([clash("2025-10-18", killed)]).on("2025-10-18");
    told.observed("C1", Observed::Strained).ceasefire("C1", Nominal::InForce);
    assert!(told.state.ceasefires.values().all(|ceasefire| ceasefire.violations.is_empty()));
}

#[test]
fn an_allegation_may_name_the_party_it_ran_through() {
    let told = holding().then([alleged("2025-10-18", json!({ "through": "rebels", "count": 3 }))]).on("2025-10-18");
    let violation = told.state.ceasefires.values().next().map(|c| c.violations[0].clone());
    assert_eq!(violation.and_then(|v| v.through).map(|p| p.to_string()).as_deref(), Some("rebels"));
    told.observed("C1", Observed::Contested);
}

#[test]
fn a_violation_of_what_was_not_in_force_is_kept_and_does_not_fit() {
    let log = given([agreed("2025-10-15", json!({ "from": "2025-10-19" })), alleged("2025-10-16", json!({}))]);
    log.on("2025-10-16").anomalies(&["e3: not-in-state"]).observed("C1", Observed::Contested);
    let log = given([
        agreed("2025-10-15", json!({ "from": "2025-10-19", "until": "2025-10-21" })),
        alleged("[2025-10-16..2025-10-30]", json!({})),
    ]);
    log.on("2025-10-30").anomalies(&[]);
}

#[test]
fn the_two_lines_of_a_ceasefire_are_never_merged() {
    let log = until("2025-10-17").then([alleged("2025-10-16", json!({ "found_by": "watch" }))]);
    log.on("2025-10-16").ceasefire("C1", Nominal::InForce).observed("C1", Observed::Violated);
    log.on("2025-10-18").ceasefire("C1", Nominal::Expired).observed("C1", Observed::Violated);
}

#[test]
fn a_violation_is_of_a_ceasefire_an_agreement_or_a_commitment() {
    let log = given([
        on("2025-10-10", "agreement.reached", json!({})),
        on("2025-10-10", "commitment.made", json!({ "by": "south", "text": "Pull back." })),
        on("2025-10-10", "measure.taken", json!({ "type": "closure" })),
        on("2025-10-12", "violation.alleged", json!({ "of": "A1" })),
        on("2025-10-12", "violation.alleged", json!({ "of": "K1" })),
        on("2025-10-12", "violation.alleged", json!({ "of": "M1" })),
    ]);
    let told = log.on("2025-10-12");
    told.anomalies(&["e7: wrong-sort"]);
    assert_eq!(told.state.breaches.len(), 1);
    assert_eq!(told.state.commitments.values().next().map(|k| k.violations.len()), Some(1));
}
