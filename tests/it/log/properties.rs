//! Whatever is done to both, in whatever order: a log in a file ends where a log in memory does.

use proptest::prelude::*;
use talks::log::{Batch, EventLog, Fault, Head, MemoryLog, Stop};

use super::{at, entry, erasure, sealed, store};

const SLUGS: [&str; 2] = ["north", "south"];

/// Something that is done to a log.
#[derive(Clone, Debug)]
enum Deed {
    Append {
        to: usize,
        ids: Vec<u64>,
        expect: Option<u64>,
        second: i64,
        refused: bool,
    },
    Erase {
        of: usize,
        id: u64,
        version: u64,
        part: usize,
    },
    /// So many records of one of the logs, as they stand in memory, into the other name of a second pair of stores.
    Receive {
        from: usize,
        to: usize,
        count: usize,
    },
}

fn deed() -> impl Strategy<Value = Deed> {
    let slug = 0..SLUGS.len();
    let expect = prop_oneof![4 => Just(None), 1 => (0..12u64).prop_map(Some)];
    let append = (slug.clone(), prop::collection::vec(0..30u64, 0..5), expect, -90_000..90_000i64, 0..10u8);
    prop_oneof![
        4 => append.prop_map(|(to, ids, expect, second, dice)| Deed::Append { to, ids, expect, second, refused: dice == 0 }),
        1 => (slug.clone(), 0..30u64, 0..8u64, 0..3usize)
            .prop_map(|(of, id, version, part)| Deed::Erase { of, id, version, part }),
        2 => (slug.clone(), slug, 0..20usize).prop_map(|(from, to, count)| Deed::Receive { from, to, count }),
    ]
}

/// A store that appends, and one that receives from it.
struct Pair<L> {
    writer: L,
    reader: L,
}

/// What became of a deed, as far as two backends must agree on it.
type Outcome = Result<Head, String>;

fn stopped(stop: Stop<&str>) -> String {
    match stop {
        Stop::Refused(why) => why.into(),
        Stop::Moved(head) => format!("moved to {}", head.version()),
        Stop::Fault(fault) => faulty(fault),
    }
}

fn faulty(fault: Fault) -> String {
    format!("{fault:?}")
}

impl<L: EventLog> Pair<L> {
    fn does(&mut self, deed: &Deed) -> Outcome {
        match deed {
            Deed::Append { to, ids, expect, second, refused } => {
                let batch = Batch { entries: ids.iter().map(|id| entry(*id)).collect(), ..Batch::default() };
                let mut decide = |_: &Head, _: &dyn talks::log::Reader| {
                    if *refused { Err(Stop::Refused("no")) } else { Ok(batch.clone()) }
                };
                self.writer.append(SLUGS[*to], *expect, at(*second), &mut decide).map(|done| done.head).map_err(stopped)
            }
            Deed::Erase { of, id, version, part } => {
                let mut decide = |head: &Head, _: &dyn talks::log::Reader| {
                    let erase = if *version < head.version() { vec![(version + 1, *part)] } else { Vec::new() };
                    Ok(erasure(*id, head.version() + 1, erase))
                };
                self.writer.append(SLUGS[*of], None, at(0), &mut decide).map(|done| done.head).map_err(stopped)
            }
            Deed::Receive { from, to, count } => {
                let is_there = self.writer.head(SLUGS[*from]).map_err(faulty)?.version() > 0;
                let mut records = if is_there { sealed(&self.writer, SLUGS[*from]) } else { Vec::new() };
                records.truncate(*count);
                self.reader.receive(SLUGS[*to], &records, &[]).map(|(head, _)| head).map_err(faulty)
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn memory_and_file_end_with_the_same_logs(deeds in prop::collection::vec(deed(), 1..14)) {
        let mut in_memory = Pair { writer: MemoryLog::default(), reader: MemoryLog::default() };
        let mut in_file = Pair { writer: store("log/property-writer"), reader: store("log/property-reader") };
        for deed in &deeds {
            prop_assert_eq!(in_memory.does(deed), in_file.does(deed), "{:?}", deed);
        }
        for (memory, file) in [(&in_memory.writer, &in_file.writer), (&in_memory.reader, &in_file.reader)] {
            let logs = memory.logs().expect("the logs");
            prop_assert_eq!(&logs, &file.logs().expect("the logs"));
            for log in logs {
                prop_assert_eq!(sealed(memory, &log.slug), sealed(file, &log.slug));
            }
        }
    }
}
