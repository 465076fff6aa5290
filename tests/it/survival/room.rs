//! No room left on the disk, or no leave to write.

use super::{A_DEMAND, Place, said, skipped};

/// An append of some tens of thousands of bytes.
const A_LONG_DEMAND: &str = "$TALKS add demand.raised by=north of=south text=@words --when 2025-10-19";
const ID: &str = "11111111-2222-4333-8444-555555555555";

#[track_caller]
fn with_words(name: &str) -> Place {
    let place = Place::with_talks(name, 20);
    place.write("words", "x".repeat(60_000));
    place
}

/// Whether this system lets a test have mounts of its own.
fn can_mount(place: &Place) -> bool {
    let can = place.shell("unshare -rm true 2>&1 || unshare -m true").status.success();
    if !can {
        skipped("a small disk and a read-only one: no mounts are to be had");
    }
    can
}

/// A script among mounts of its own.
#[track_caller]
fn among_mounts(place: &Place, script: &str) -> String {
    place.write("script", format!("set -u\n{script}\n"));
    let output = place.shell("if unshare -m true 2>&-; then unshare -m sh script; else unshare -rm sh script; fi");
    assert!(output.status.success(), "{}", said(&output));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn a_file_that_may_not_grow_is_left_as_it_was() {
    let place = with_words("limit");
    let before = place.stands();
    // In blocks of 512 bytes: where the files beside the store can't be made, and then within what is written to them.
    for blocks in [0, 1, 63, 64, 65, 80, 100, 120] {
        let output = place.shell(&format!("trap '' XFSZ; ulimit -f {blocks}; {A_LONG_DEMAND} --id {ID}"));
        let told = said(&output);
        assert!(matches!(output.status.code(), Some(1 | 5)), "{blocks} blocks: {:?} {told}", output.status);
        assert!(told.contains("nothing was stored") || output.status.code() == Some(5), "{told}");
        assert_eq!(place.stands(), before, "{blocks} blocks");
        place.done(&["status"]);
        assert_eq!(place.exported().len(), 20);
    }
    let output = place.shell(&format!("{A_LONG_DEMAND} --id {ID} --expect-version e20"));
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(place.stands().0, 21);
}

#[test]
fn a_full_disk_stores_nothing_and_says_so() {
    let place = with_words("full");
    if !can_mount(&place) {
        return;
    }
    let told = among_mounts(
        &place,
        &format!(
            "mkdir disk && mount -t tmpfs -o size=400k tmpfs disk && cp talks.db disk && export TALKS_STORE=disk/talks.db
            number=0; code=0
            while [ $code = 0 ] && [ $number -lt 20 ]; do number=$((number + 1)); {A_LONG_DEMAND} --again >told 2>&1; code=$?; done
            echo exit $code; cat told
            $TALKS verify --json >verified; echo verify $?
            $TALKS status >told; echo status $?
            $TALKS export -q >out.jsonl; echo export $?
            echo stored $((number - 1)) of $(wc -l <out.jsonl)
            mount -o remount,size=2m disk; {A_LONG_DEMAND} --again >told; echo again $?; $TALKS verify >told; echo verify $?"
        ),
    );
    assert!(told.starts_with("exit 1\n") && told.contains("nothing was stored") && told.contains("no space"), "{told}");
    for line in ["verify 0", "status 0", "export 0", "again 0"] {
        assert!(told.contains(line), "{line} is missing: {told}");
    }
    let stored = told.lines().find_map(|line| line.strip_prefix("stored ")?.split_once(" of ")).expect("a count");
    let number = |text: &str| text.trim().parse::<usize>().expect("a number");
    assert_eq!(number(stored.0) + 20, number(stored.1), "{told}");
}

#[test]
fn a_read_only_store_is_read_and_not_written() {
    let place = with_words("read-only");
    if !can_mount(&place) {
        return;
    }
    place.write("talks.db-left", "a write-ahead log that was left behind");
    let add = A_DEMAND.join(" ");
    let told = among_mounts(
        &place,
        &format!(
            "mkdir disk && cp talks.db disk && mount --bind disk disk && mount -o remount,ro,bind disk || exit 9
            export TALKS_STORE=disk/talks.db
            $TALKS {add} text=x 2>&1; echo add $?
            $TALKS init disk/other.db 2>&1; echo init $?
            for command in status verify export; do $TALKS $command >told 2>&1; echo $command $?; done
            umount disk; cp talks.db-left disk/talks.db-wal; mount --bind disk disk && mount -o remount,ro,bind disk || exit 9
            $TALKS status >told 2>&1; echo with a log $?; cat told"
        ),
    );
    assert!(told.contains("add 1\n") && told.contains("init 1\n"), "{told}");
    assert_eq!(told.matches("can't be written to; nothing was stored").count(), 2, "{told}");
    assert!(told.contains("status 0\nverify 0\nexport 0\n"), "{told}");
    assert!(told.contains("with a log 1\nerror: ") && told.contains("copy both files"), "{told}");
}

#[test]
fn a_network_file_system_is_not_written_to() {
    let place = Place::with_talks("network", 20);
    if !can_mount(&place) {
        return;
    }
    // What the program is told of the mounts is laid over by a table that says so.
    let folder = place.folder.canonicalize().expect("a folder");
    let mounts =
        format!("22 1 8:1 / / rw - ext4 /dev/root rw\n40 22 0:50 / {} rw - nfs4 server:/share rw\n", folder.display());
    place.write("mounts", mounts);
    let add = A_DEMAND.join(" ");
    let told = among_mounts(
        &place,
        &format!(
            "over() {{ sh -c 'mount --bind mounts /proc/$$/mountinfo && exec \"$@\"' sh \"$@\"; }}
            over $TALKS {add} text=x 2>&1; echo add $?
            over $TALKS init other.db 2>&1; echo init $?
            over $TALKS backup copy.db 2>&1 && over $TALKS verify --store copy.db; echo backup $?
            for command in status verify export; do over $TALKS $command >told 2>&1; echo $command $?; done
            $TALKS {add} text=x >told; echo elsewhere $?"
        ),
    );
    assert!(told.contains("add 1\n") && told.contains("init 1\n"), "{told}");
    assert_eq!(told.matches("lies on a network file system (nfs4); nothing was written").count(), 2, "{told}");
    assert!(told.contains("backup 0\n"), "{told}");
    assert!(told.contains("status 0\nverify 0\nexport 0\nelsewhere 0\n"), "{told}");
    assert!(!place.path("other.db").exists());
}
