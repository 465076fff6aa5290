//! The judge of what is left of a store: the very function that `talks verify` asks.

use std::path::Path;

use talks::app::{Ledger, Store, Trouble, Verified};
use uuid::Uuid;

/// What is known of a store from outside.
pub struct Known<'k> {
    /// The receipts that were told, one after the other.
    pub receipts: &'k [u8],
    /// The ids of all that was ever sent.
    pub sent: &'k [Uuid],
    /// The versions at which its log may stand: a batch is stored whole or not at all. Zero: there may be no log yet.
    pub versions: &'k [u64],
}

/// Judges the store in a file; gives the version of its log.
pub fn judge(file: &Path, known: &Known<'_>) -> Result<u64, String> {
    let ledger = match known.receipts {
        [] => Ledger::default(),
        receipts => Ledger::read(receipts, "receipts").map_err(|trouble| words(&trouble))?,
    };
    let ledger = ledger.with_sent(known.sent.iter().copied());
    // A store of an older layout is opened by what brings it up.
    let store = match Store::open(file).or_else(|_| Store::open_to_write(file)) {
        Ok(store) => store,
        Err(trouble) if known.versions[0] == 0 && known.receipts.is_empty() && trouble.id == "no-store" => {
            return Ok(0);
        }
        Err(trouble) => return Err(words(&trouble)),
    };
    let verified = store.check(None, &ledger).map_err(|trouble| words(&trouble))?;
    if !verified.holds() {
        return Err(amiss(&verified));
    }
    let version = verified.logs.first().map_or(0, |log| log.version);
    if known.versions.contains(&version) {
        Ok(version)
    } else {
        Err(format!("the log stands at e{version}; the batches end at {:?}", known.versions))
    }
}

/// What does not hold, in words.
fn amiss(verified: &Verified) -> String {
    let Verified { logs, damage, breaches, .. } = verified;
    let logs: Vec<String> = logs.iter().map(|log| format!("{:?} {:?}", log.finding, log.derived)).collect();
    format!("damage {damage:?}, logs {logs:?}, breaches {breaches:?}")
}

fn words(trouble: &Trouble) -> String {
    format!("{}: {} {:?}", trouble.id, trouble.what, trouble.why)
}
