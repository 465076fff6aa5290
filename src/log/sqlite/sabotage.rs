//! A store that is broken on purpose, in the way that `TALKS_SABOTAGE` names. The tests of faults are tried on it: those that still
//! pass prove nothing. It is part of no build but theirs.

#[cfg(not(debug_assertions))]
compile_error!("a store that can be broken on purpose is never released");

use crate::log::{Head, Sealed};

/// Whether it is to be broken in that way.
pub(super) fn is(way: &str) -> bool {
    std::env::var("TALKS_SABOTAGE").is_ok_and(|named| named == way)
}

/// Tells what is stored before it is.
pub(super) fn tell(slug: &str, head: &Head, records: &[Sealed]) {
    if is("ack-first") {
        let event = |record: &Sealed| {
            let (version, id, root) = (record.header.version, record.header.id, record.root.to_string());
            serde_json::json!({ "event": format!("e{version}"), "id": id, "root": root })
        };
        let (version, root) = (head.version(), head.root().to_string());
        let events: Vec<_> = records.iter().map(event).collect();
        let receipt = serde_json::json!({
            "negotiation": slug, "log": head.log, "version": version, "root": root, "events": events
        });
        println!("{receipt}");
    }
}
