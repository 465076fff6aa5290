//! What is taken over as it is, and what is not taken over at all.

use talks::log::{Erase, EventLog, Fault, MemoryLog, Sealed};

use super::{append, batch, broken, erasure, holds, is_empty, sealed, tried};

super::on_every_backend! {
    a_log_is_received_as_it_is
    a_prefix_takes_over_what_it_lacks
    nothing_is_new_twice
    what_was_received_can_be_appended_to
    another_log_is_not_taken_over
    a_log_is_not_taken_over_under_a_second_name
    a_record_that_does_not_hold_is_named
    a_log_whose_end_does_not_hold_is_not_begun
    a_withheld_copy_has_the_same_root
    what_was_erased_elsewhere_is_received_without_it
    what_new_records_declare_erased_goes_here_too
}

/// Some records from somewhere else.
fn elsewhere<const N: usize>(ids: [u64; N]) -> Vec<Sealed> {
    let mut other = MemoryLog::default();
    ids.iter().for_each(|id| {
        append(&mut other, "theirs", *id as i64, batch([*id]));
    });
    sealed(&other, "theirs")
}

fn a_log_is_received_as_it_is(log: &mut impl EventLog) {
    let records = elsewhere([0, 1, 2, 3, 4]);
    let (head, new) = log.receive("ours", &records, &[]).expect("it is taken over");
    assert_eq!((head.version(), head.root(), new), (5, records[4].root, 5));
    assert_eq!(sealed(log, "ours"), records);
    holds(log, "ours", 5);
}

fn a_prefix_takes_over_what_it_lacks(log: &mut impl EventLog) {
    let records = elsewhere([0, 1, 2, 3, 4]);
    for (known, new) in [(1, 1), (3, 2), (5, 2)] {
        let (head, count) = log.receive("ours", &records[..known], &[]).expect("it is taken over");
        assert_eq!((head.version(), count), (known as u64, new));
        holds(log, "ours", known as u64);
    }
}

fn nothing_is_new_twice(log: &mut impl EventLog) {
    let records = elsewhere([0, 1, 2]);
    log.receive("ours", &records, &[]).expect("it is taken over");
    for known in [3, 2, 0] {
        let (head, new) = log.receive("ours", &records[..known], &[]).expect("it is known");
        assert_eq!((head.version(), new), (3, 0));
    }
    assert_eq!(sealed(log, "ours"), records);
}

fn what_was_received_can_be_appended_to(log: &mut impl EventLog) {
    let records = elsewhere([0, 1, 2]);
    log.receive("ours", &records, &[]).expect("it is taken over");
    append(log, "ours", 9, batch([3]));
    holds(log, "ours", 4);
    assert!(tried(log, "ours", None, 9, batch([1])).is_err(), "the ids that were received count");
}

fn another_log_is_not_taken_over(log: &mut impl EventLog) {
    append(log, "ours", 0, batch([0]));
    append(log, "ours", 1, batch([1]));
    append(log, "ours", 3, batch([3]));
    let before = sealed(log, "ours");
    assert_eq!(log.receive("ours", &elsewhere([0, 1, 2, 4]), &[]), Err(Fault::Differs(3)));
    assert_eq!(log.receive("ours", &elsewhere([9, 1, 3]), &[]), Err(Fault::Differs(1)));
    assert_eq!(sealed(log, "ours"), before);
    holds(log, "ours", 3);
}

fn a_log_is_not_taken_over_under_a_second_name(log: &mut impl EventLog) {
    let records = elsewhere([0, 1, 2]);
    log.receive("ours", &records[..2], &[]).expect("it is taken over");
    assert_eq!(log.receive("theirs", &records, &[]), Err(Fault::LogExists("ours".into())));
    is_empty(log, "theirs");
    holds(log, "ours", 2);
}

fn a_record_that_does_not_hold_is_named(log: &mut impl EventLog) {
    type Break = fn(&mut Vec<Sealed>);
    let breaks: [(&str, u64, Break); 13] = [
        ("a changed part", 2, |records| records[1].parts[0] = Some("{}".into())),
        ("a changed part, absent before", 2, |records| records[1].parts[1] = Some("{}".into())),
        ("a changed salt", 3, |records| records[2].salts[0] = Some([9; 16])),
        ("a part without its salt", 2, |records| records[1].salts[0] = None),
        ("a salt without its part", 2, |records| records[1].parts[0] = None),
        ("a changed envelope", 4, |records| records[3].bytes[10] ^= 1),
        ("a wrong root", 5, |records| records[4].root = records[3].root),
        ("a missing version", 3, |records| drop(records.remove(2))),
        ("a missing beginning", 1, |records| drop(records.remove(0))),
        ("two that changed places", 2, |records| records.swap(1, 2)),
        ("one that stands twice", 3, |records| records.insert(2, records[1].clone())),
        ("a stamp that goes back", 3, |records| records[2].header.recorded.0 -= 100),
        ("a record of another log", 3, |records| records[2] = elsewhere([9, 1, 2])[2].clone()),
    ];
    for (what, version, change) in breaks {
        let mut records = elsewhere([0, 1, 2, 3, 4]);
        change(&mut records);
        assert_eq!(broken(log.receive("ours", &records, &[])), version, "{what}");
        is_empty(log, "ours");
    }
}

fn a_log_whose_end_does_not_hold_is_not_begun(log: &mut impl EventLog) {
    let mut records = elsewhere([0, 1, 2, 3]);
    log.receive("ours", &records[..2], &[]).expect("it is taken over");
    records[3].root = records[0].root;
    assert_eq!(broken(log.receive("ours", &records, &[])), 4);
    holds(log, "ours", 2);
}

fn a_withheld_copy_has_the_same_root(log: &mut impl EventLog) {
    let whole = elsewhere([0, 1, 2]);
    let mut copy = whole.clone();
    copy.iter_mut().for_each(|record| (record.parts[2], record.salts[2]) = (None, None));
    let (head, _) = log.receive("ours", &copy, &[]).expect("it is taken over");
    assert_eq!(head.root(), whole[2].root);
    assert_eq!(sealed(log, "ours"), copy);
    holds(log, "ours", 3);
    assert_eq!(log.receive("ours", &whole, &[]).map(|(_, new)| new), Ok(0), "the whole is the same log");
}

fn what_was_erased_elsewhere_is_received_without_it(log: &mut impl EventLog) {
    let mut other = MemoryLog::default();
    append(&mut other, "theirs", 0, batch([0, 1]));
    append(&mut other, "theirs", 0, erasure(2, 3, vec![(2, 0)]));
    let records = sealed(&other, "theirs");
    log.receive("ours", &records, &[]).expect("it is taken over");
    assert_eq!(sealed(log, "ours"), records);
    holds(log, "ours", 3);
}

fn what_new_records_declare_erased_goes_here_too(log: &mut impl EventLog) {
    let mut other = MemoryLog::default();
    append(&mut other, "theirs", 0, batch([0, 1]));
    log.receive("ours", &sealed(&other, "theirs"), &[]).expect("it is taken over");
    assert!(sealed(log, "ours")[1].parts[0].is_some());
    append(&mut other, "theirs", 0, erasure(2, 3, vec![(2, 0)]));
    let (records, erase) = (sealed(&other, "theirs"), [Erase { by: 3, version: 2, part: 0 }]);
    log.receive("ours", &records, &erase).expect("it is taken over");
    assert_eq!(sealed(log, "ours"), records);
    holds(log, "ours", 3);
}
