//! What a store can't do, in words for people: where, why, and what to type.

use std::path::Path;

use super::{Exit, Trouble};
use crate::log::Fault;

/// The trouble that a store's fault is for whoever used it.
pub(super) fn trouble(fault: Fault, path: &Path) -> Trouble {
    let file = path.display();
    match fault {
        Fault::NoStore => Trouble::failed("no-store", format!("there is no store {file}"))
            .help("talks init makes one; --store FILE names another"),
        Fault::Exists => Trouble::failed("file-exists", format!("{file} is there already"))
            .help("choose another name; nothing is ever overwritten"),
        Fault::NotAStore(why) => Trouble::failed("not-a-store", format!("{file} is not a store of talks"))
            .because(why)
            .help("name the store with --store FILE, or make a new one: talks init"),
        Fault::Newer { found, known } => {
            let what = format!("{file} was written by a newer version of talks");
            Trouble::failed("newer-store", what)
                .because(format!("its layout is {found}; this version knows layouts up to {known}; nothing was written"))
                .help("use the newer version; talks export there writes a file that this one can read")
        }
        Fault::NoLog(slug) => Trouble::failed("no-such-negotiation", format!("no negotiation \"{slug}\" in {file}"))
            .help("talks negotiations lists them"),
        Fault::LogExists(slug) => {
            Trouble::failed("log-exists", format!("{file} has this log already, under the name {slug}"))
                .help(format!("name it: -n {slug}"))
        }
        Fault::Differs(version) => {
            let what = format!("the log in {file} is another from e{version} on");
            Trouble::failed("log-differs", what)
                .because("the two have one origin and went on apart; neither was changed")
                .help("receive it into a store of its own: talks init OTHER.db, then talks receive FILE --store OTHER.db")
        }
        Fault::Busy => Trouble::failed("busy", format!("{file} is being written by someone else"))
            .because("it stayed so for 10 seconds; nothing was stored")
            .help("run the command again"),
        Fault::ReadOnly => Trouble::failed("read-only", format!("{file} can't be written to; nothing was stored"))
            .help("reading commands still work; check who may write the file and its folder"),
        Fault::Network(kind) => {
            Trouble::failed("network-file-system", format!("{file} lies on a network file system ({kind}); nothing was written"))
                .because("those who use a store at once share memory, which such a file system does not give them: what was stored could be lost")
                .help("keep the store on a disk of this machine, and put copies there: talks backup COPY, or talks export")
        }
        Fault::Full => Trouble::failed("disk-full", format!("there is no space left for {file}; nothing was stored"))
            .help("make room and run the command again; reading and exporting still work"),
        Fault::ClockBehind(last) => {
            let what = format!("the last record was stamped {}, more than a day ahead of this clock", last.utc());
            Trouble::failed("clock-behind", what)
                .because("a stamp never goes back, so everything appended now would carry that one; nothing was stored")
                .help("set the clock of this machine, then run the command again")
        }
        Fault::Broken(broken) => {
            Trouble::failed("broken-record", format!("e{} does not hold: {}", broken.version, broken.what))
                .help("talks verify tells which versions hold")
        }
        Fault::Failed(why) => Trouble::failed("store-failed", format!("{file} failed")).because(why).help(
            "check the disk, then talks verify; a damaged file is best replaced by its last backup and what came after it",
        ),
        Fault::Unknown(why) => Trouble {
            exit: Exit::Unknown,
            ..Trouble::failed("unknown-outcome", "it is not known whether this was stored").because(why)
        },
    }
}
