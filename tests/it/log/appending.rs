//! What is appended, in which order, under which stamp, and what stops it.

use talks::log::{Batch, CLOCK_SLACK_SECONDS, EventLog, Fault, Head, Reader, Stop};

use super::{PARTS, append, at, batch, broken, entry, erasing, erasure, holds, is_empty, sealed, tried, versions};

super::on_every_backend! {
    versions_are_dense_and_every_root_is_that_of_its_leaves
    what_an_append_returns_is_what_is_stored
    a_refused_batch_leaves_nothing_behind
    whoever_decides_sees_exactly_the_log_that_is_followed
    a_stale_expectation_stops_whatever_would_be_added
    a_stale_expectation_outweighs_a_refusal
    a_stale_expectation_does_not_matter_where_nothing_is_added
    a_stamp_is_the_later_of_the_clock_and_the_one_before_it
    a_clock_more_than_a_day_behind_stores_nothing
    an_id_stands_once_in_a_log
    two_logs_do_not_have_one_identity
    two_logs_count_each_for_itself
    a_log_is_read_from_any_version_on
    an_envelope_that_is_too_long_stores_nothing_of_its_batch
    an_erased_part_is_gone_with_its_salt_and_every_root_stays
    a_part_can_be_erased_twice
    an_erasure_that_is_refused_takes_nothing
}

fn versions_are_dense_and_every_root_is_that_of_its_leaves(log: &mut impl EventLog) {
    is_empty(log, "talks");
    let mut count = 0;
    for size in [1u64, 1, 2, 3, 5, 8, 13] {
        let entries = (count..count + size).map(entry).collect();
        append(log, "talks", count as i64, Batch { entries, ..Batch::default() });
        count += size;
        holds(log, "talks", count);
    }
}

fn what_an_append_returns_is_what_is_stored(log: &mut impl EventLog) {
    append(log, "talks", 0, batch([0, 1]));
    let done = tried(log, "talks", Some(2), 5, batch([2, 3])).expect("it is stored");
    assert_eq!(done.records, sealed(log, "talks")[2..]);
    assert_eq!(Ok(done.head), log.head("talks"));
    assert!(done.is_clean);
    assert_eq!(done.records[0].parts, entry(2).parts.map(Some));
    assert_eq!(done.records[0].salts, entry(2).salts.map(Some));
    assert_eq!(done.records[0].header.log, entry(0).id);
}

fn a_refused_batch_leaves_nothing_behind(log: &mut impl EventLog) {
    let refuse = |log: &mut _| EventLog::append(log, "talks", None, at(9), &mut |_, _| Err(Stop::Refused("no")));
    assert!(matches!(refuse(log), Err(Stop::Refused("no"))));
    is_empty(log, "talks");
    assert_eq!(log.logs(), Ok(Vec::new()));
    append(log, "talks", 0, batch([0, 1]));
    let before = log.head("talks");
    assert!(matches!(refuse(log), Err(Stop::Refused("no"))));
    assert_eq!(log.head("talks"), before);
    holds(log, "talks", 2);
}

fn whoever_decides_sees_exactly_the_log_that_is_followed(log: &mut impl EventLog) {
    let seen = |reader: &dyn Reader, versions: std::ops::Range<u64>| {
        let mut seen = Vec::new();
        reader.read(versions, &mut |stored| seen.push((stored.header.version, stored.root))).expect("it can be read");
        seen
    };
    for round in 0..4u64 {
        let known = log.head("talks").expect("a head");
        let records = if round == 0 { Vec::new() } else { sealed(log, "talks") };
        let roots: Vec<_> = records.iter().map(|record| (record.header.version, record.root)).collect();
        let mut decide = |head: &Head, reader: &dyn Reader| {
            assert_eq!(*head, known);
            let end = head.version() + 1;
            assert_eq!(seen(reader, 1..end), roots);
            assert_eq!(seen(reader, 2..end), roots.get(1..).unwrap_or_default());
            assert_eq!(seen(reader, end..end), []);
            Ok::<_, Stop<()>>(batch([round * 2, round * 2 + 1]))
        };
        log.append("talks", None, at(0), &mut decide).expect("it is stored");
    }
}

fn a_stale_expectation_stops_whatever_would_be_added(log: &mut impl EventLog) {
    assert!(matches!(tried(log, "talks", Some(1), 0, batch([0])), Err(Stop::Moved(head)) if head == Head::empty()));
    is_empty(log, "talks");
    tried(log, "talks", Some(0), 0, batch([0, 1])).expect("an empty log stands at 0");
    let before = log.head("talks").expect("a head");
    for stale in [0, 1, 3, u64::MAX] {
        let stopped = tried(log, "talks", Some(stale), 0, batch([2]));
        assert!(matches!(stopped, Err(Stop::Moved(head)) if head == before), "expecting {stale}");
    }
    holds(log, "talks", 2);
    tried(log, "talks", Some(2), 0, batch([2])).expect("it is as expected");
    holds(log, "talks", 3);
}

fn a_stale_expectation_outweighs_a_refusal(log: &mut impl EventLog) {
    append(log, "talks", 0, batch([0]));
    let refused = log.append("talks", Some(0), at(0), &mut |_, _| Err(Stop::Refused("no")));
    assert!(matches!(refused, Err(Stop::Moved(head)) if head.version() == 1));
}

fn a_stale_expectation_does_not_matter_where_nothing_is_added(log: &mut impl EventLog) {
    append(log, "talks", 0, batch([0, 1]));
    let done = tried(log, "talks", Some(1), 0, batch([])).expect("there was nothing to do");
    assert_eq!((done.head.version(), done.records.len()), (2, 0));
    holds(log, "talks", 2);
}

fn a_stamp_is_the_later_of_the_clock_and_the_one_before_it(log: &mut impl EventLog) {
    for (id, clock, stamp) in [(0, 100, 100), (1, 40, 100), (2, 100, 100), (3, 160, 160), (4, 159, 160)] {
        let records = append(log, "talks", clock, batch([id]));
        assert_eq!(records[0].header.recorded, at(stamp), "when the clock shows {clock}");
        assert_eq!(log.head("talks").expect("a head").recorded, Some(at(stamp)));
    }
    holds(log, "talks", 5);
}

fn a_clock_more_than_a_day_behind_stores_nothing(log: &mut impl EventLog) {
    append(log, "talks", 0, batch([0]));
    let stopped = tried(log, "talks", None, -CLOCK_SLACK_SECONDS - 1, batch([1]));
    assert!(matches!(stopped, Err(Stop::Fault(Fault::ClockBehind(last))) if last == at(0)));
    holds(log, "talks", 1);
    tried(log, "talks", None, -CLOCK_SLACK_SECONDS, batch([1])).expect("a day is let pass");
    holds(log, "talks", 2);
}

fn an_id_stands_once_in_a_log(log: &mut impl EventLog) {
    let twice = |stop: Result<_, Stop<_>>| match stop {
        Err(Stop::Fault(fault)) => broken::<()>(Err(fault)),
        other => panic!("{other:?}"),
    };
    assert_eq!(twice(tried(log, "talks", None, 0, batch([0, 1, 1]))), 3);
    is_empty(log, "talks");
    append(log, "talks", 0, batch([0, 1, 2]));
    assert_eq!(twice(tried(log, "talks", None, 0, batch([3, 1]))), 5);
    assert_eq!(twice(tried(log, "talks", None, 0, batch([0]))), 4);
    holds(log, "talks", 3);
    append(log, "others", 0, batch([9, 1]));
    holds(log, "others", 2);
}

fn two_logs_do_not_have_one_identity(log: &mut impl EventLog) {
    append(log, "talks", 0, batch([0]));
    let stopped = tried(log, "others", None, 0, batch([0, 1]));
    assert!(matches!(stopped, Err(Stop::Fault(Fault::LogExists(name))) if name == "talks"));
    is_empty(log, "others");
    holds(log, "talks", 1);
}

fn two_logs_count_each_for_itself(log: &mut impl EventLog) {
    append(log, "talks", 0, batch([0, 1]));
    append(log, "others", 50, batch([10]));
    append(log, "talks", 10, batch([2]));
    append(log, "others", 60, batch([11, 12, 13]));
    holds(log, "talks", 3);
    holds(log, "others", 4);
    assert_eq!(sealed(log, "talks")[2].header.recorded, at(10), "the stamps of one log are no concern of another");
    let names: Vec<_> = log.logs().expect("the logs").into_iter().map(|log| (log.slug, log.head.version())).collect();
    assert_eq!(names, [("others".to_string(), 4), ("talks".to_string(), 3)]);
}

fn a_log_is_read_from_any_version_on(log: &mut impl EventLog) {
    append(log, "talks", 0, batch([0, 1, 2, 3, 4]));
    append(log, "others", 0, batch([10, 11]));
    for after in 0..8 {
        assert_eq!(versions(log, "talks", after), (after + 1..=5).collect::<Vec<_>>(), "after {after}");
    }
    assert!(versions(log, "talks", u64::MAX).is_empty());
    let mut stored = Vec::new();
    let head = log.read("talks", 3, &mut |record| stored.push(record)).expect("the log can be read");
    assert_eq!(Ok(head), log.head("talks"));
    for (read, proven) in stored.iter().zip(&sealed(log, "talks")[3..]) {
        assert_eq!((&read.header, &read.parts, read.root), (&proven.header, &proven.parts, proven.root));
    }
}

fn an_envelope_that_is_too_long_stores_nothing_of_its_batch(log: &mut impl EventLog) {
    let mut long = batch([0, 1]);
    long.entries[1].recorder = Some("x".repeat(70_000).into());
    assert!(
        matches!(tried(log, "talks", None, 0, long), Err(Stop::Fault(Fault::Broken(broken))) if broken.version == 2)
    );
    is_empty(log, "talks");
}

fn an_erased_part_is_gone_with_its_salt_and_every_root_stays(log: &mut impl EventLog) {
    append(log, "talks", 0, batch([0, 1, 2]));
    let before = sealed(log, "talks");
    let erase = vec![(2, 0), (2, 2), (3, 1)];
    let done = tried(log, "talks", None, 0, erasure(3, 4, erase.clone()));
    assert!(done.expect("it is stored").is_clean);
    let after = sealed(log, "talks");
    for (was, is) in before.iter().zip(&after) {
        assert_eq!((was.root, &was.bytes), (is.root, &is.bytes));
        for (part, name) in PARTS.iter().enumerate() {
            let gone = erase.contains(&(is.header.version, part));
            let expected = if gone { (&None, None) } else { (&was.parts[part], was.salts[part]) };
            assert_eq!((&is.parts[part], is.salts[part]), expected, "e{} {name}", is.header.version);
        }
    }
    let mut gone = Vec::new();
    log.read("talks", 1, &mut |stored| gone.push(stored.parts.map(|part| part.is_none()))).expect("a log");
    assert_eq!(gone, [[true, false, true], [false, true, false], [false; 3]]);
    holds(log, "talks", 4);
}

fn a_part_can_be_erased_twice(log: &mut impl EventLog) {
    append(log, "talks", 0, batch([0, 1]));
    for id in [2, 3] {
        append(log, "talks", 0, erasure(id, id + 1, vec![(1, 0)]));
    }
    assert_eq!(sealed(log, "talks")[0].parts[0], None);
    holds(log, "talks", 4);
}

fn an_erasure_that_is_refused_takes_nothing(log: &mut impl EventLog) {
    append(log, "talks", 0, batch([0, 1]));
    let before = sealed(log, "talks");
    let twice = Batch { entries: vec![erasing(2), entry(1)], ..erasure(2, 3, vec![(1, 0)]) };
    assert!(tried(log, "talks", None, 0, twice).is_err(), "an id stands twice");
    assert_eq!(sealed(log, "talks"), before);
}
