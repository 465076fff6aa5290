//! What works: commands typed one after the other, each receipt held against what the store says afterwards.

use serde_json::Value;

use super::{Folder, OTHER_LOG, PAY_LOG};

/// A store with the log of the pay talks, and the receipt of its import.
#[track_caller]
fn pay() -> (Folder, Value) {
    let folder = Folder::new();
    folder.write("pay.jsonl", PAY_LOG);
    folder.says("talks init");
    let receipt = folder.json("talks import pay.jsonl --recorder ana");
    (folder, receipt)
}

/// The version and the root that a command answered with.
#[track_caller]
fn head(answer: &Value) -> (u64, String) {
    let version = answer["version"].as_u64().unwrap_or_else(|| panic!("no version: {answer:#}"));
    (version, answer["root"].as_str().unwrap_or_else(|| panic!("no root: {answer:#}")).to_string())
}

/// The version and the root that `talks verify` computes.
#[track_caller]
fn verified(folder: &Folder) -> (u64, String) {
    let verified = folder.json("talks verify");
    assert_eq!(verified["logs"].as_array().map(Vec::len), Some(1), "{verified:#}");
    head(&verified["logs"][0])
}

/// Runs a writing command, and holds its receipt against the store.
#[track_caller]
fn wrote(folder: &Folder, script: &str) -> Value {
    let receipt = folder.json(script);
    assert_eq!(head(&receipt), verified(folder), "{script}");
    let events = receipt["events"].as_array().expect("a list");
    let last = events.last().unwrap_or_else(|| panic!("{script} wrote nothing"));
    assert_eq!(last["root"], receipt["root"], "{script}");
    assert_eq!(last["event"], format!("e{}", receipt["version"]), "{script}");
    assert!(events.iter().all(|event| event["id"].is_string() && event["root"].is_string()), "{script}");
    receipt
}

/// The log as it is exported, one JSON object a line.
#[track_caller]
fn exported(folder: &Folder) -> Vec<Value> {
    let text = folder.says("talks export -q");
    text.lines().map(|line| serde_json::from_str(line).expect("a sealed line is JSON")).collect()
}

#[test]
fn the_new_store_is_the_one_that_is_named_either_way() {
    let folder = Folder::new();
    for (script, file) in
        [("talks init --store named.db", "named.db"), ("talks init same.db --store same.db", "same.db")]
    {
        assert!(folder.says(script).starts_with(&format!("Made {file},")), "{script}");
        assert_eq!(
            folder.json(&format!("talks negotiations --store {file}"))["data"]["negotiations"],
            Value::Array(Vec::new())
        );
    }
}

#[test]
fn a_negotiation_is_written_by_hand_and_read_back() {
    let folder = Folder::new();
    folder.says("talks init");
    let opened = "talks open pay --title 'Pay talks' --zone +01:00 --party 'union=Dockers:union' --when 2024-03-01 \
                  --party 'port=Port authority:employer:party' --party qatar=Qatar:state:mediator";
    assert_eq!(wrote(&folder, opened)["events"][0]["kind"], "negotiation.opened");
    for (typed, handle) in [
        ("source add title='The cranes' publisher=Post published='5 Mar 2024'", Some("S1")),
        ("add round.opened called='the first round' mediators=qatar --when '4 Mar 2024'", Some("R1")),
        (
            "add demand.raised by=union of=port text='Eight per cent' weight=primary --when 2024-03-04 --source S1",
            Some("D1"),
        ),
        ("add demand.answered demand=D1 by=port answer=deferred --when 2024-03-05 --source S1 --quote later", None),
        ("add offer.made by=port to=union text='Four per cent' final=no --when 2024-03-06", Some("O1")),
        ("add offer.answered offer=O1 by=union answer=rejected --when 2024-03-06", None),
        ("add measure.taken by=union against=port type=strike text='A day' --when 2024-03-07", Some("M1")),
        ("add measure.lifted measure=M1 --when 2024-03-08", None),
        ("add claim.made by=port text='Nobody struck' --when 2024-03-08", Some("Q1")),
        ("add claim.denied of=Q1 by=union --when 2024-03-08", None),
        (
            "add incident.reported category=clash tolls.class=civilians tolls.injured.low=2 place=Gate --when 2024-03-08",
            None,
        ),
        ("add deadline.set text='An answer' due=2024-03-20 --when 2024-03-09", Some("T1")),
        ("add round.closed round=R1 outcome=no-agreement --when 2024-03-09", None),
        ("add agreement.signed title='Pay deal' by=union by=port --when 2024-03-12", Some("A1")),
        ("add commitment.made by=port text='Five per cent' in=A1 due=2024-04-01 --when 2024-03-12", Some("K1")),
        ("add commitment.assessed commitment=K1 level=2 --when 2024-04-02", None),
        ("add statement.made by=union act=position text='It will do' issue=pay --when '[..2024-03-14]'", None),
        (
            "add ceasefire.agreed parties=union parties=port until:='{\"with\":\"A1\",\"milestone\":\"ended\"}' --when 2024-03-12",
            Some("C1"),
        ),
        ("add note.added on=C1 text='So called'", None),
        ("add followup.set text='Ask again' due=2024-05-01", Some("F1")),
    ] {
        let receipt = wrote(&folder, &format!("talks {typed}"));
        let event = &receipt["events"][0];
        assert_eq!(event["handle"].as_str(), handle, "{typed}: {event:#}");
        assert_eq!(receipt["amiss"], serde_json::json!([]), "{typed}");
    }
    let status = folder.json("talks status --as-of 2024-03-13");
    assert_eq!(status["data"]["demands"][0]["by"][0], "union");
    assert_eq!(status["data"]["talks"]["last_outcome"], "no-agreement");
    assert!(folder.says("talks why D1").contains("later"));
    assert!(folder.says("talks timeline --kind offer --json").contains("Four per cent"));
    assert_eq!(folder.json("talks status -n pay --as-of 2024-03-13"), status);
}

#[test]
fn what_was_said_wrongly_is_corrected_retracted_reinstated_and_undone() {
    let (folder, _) = pay();
    for (typed, kind, basis) in [
        ("correct D1 text='Nine per cent' --reason 'A slip' --recorder ana", "event.corrected", Some("transcription")),
        (
            "correct e5 --when 2024-03-05 --reason 'The Post' --source S1 --recorder ana",
            "event.corrected",
            Some("source"),
        ),
        ("retract D1 --reason 'Never said' --recorder ana", "event.retracted", None),
        ("reinstate D1 --reason 'It was said' --recorder ana", "event.reinstated", None),
    ] {
        let receipt = wrote(&folder, &format!("talks {typed}"));
        assert_eq!(receipt["events"][0]["kind"], kind, "{typed}");
        let stored = exported(&folder).pop().expect("a record");
        assert_eq!((stored["data"]["basis"].as_str(), &stored["recorder"]), (basis, &"ana".into()), "{typed}");
    }
    let after = folder.json("talks demands")["data"]["demands"][0].clone();
    assert_eq!((&after["text"], &after["since"]["edtf"]), (&"Nine per cent".into(), &"2024-03-05".into()), "{after:#}");
}

#[test]
fn undo_takes_back_the_last_entry_of_its_recorder_and_then_the_one_before() {
    let (folder, _) = pay();
    wrote(&folder, "talks add note.added text=One --recorder ana");
    wrote(&folder, "talks retract D1 --reason 'Never said' --recorder ana");
    wrote(&folder, "talks add note.added text=Two --recorder ben");
    let demands = || folder.json("talks demands")["data"]["demands"].as_array().map(Vec::len);
    assert_eq!(demands(), Some(1));
    for (target, left) in [("e10", Some(2)), ("e9", Some(2)), ("e8", Some(2)), ("e7", Some(2)), ("e6", Some(1))] {
        let undone = wrote(&folder, "talks undo --recorder ana");
        assert_eq!(undone["events"][0]["text"], format!("{target} is retracted: undone by its recorder"));
        assert_eq!(demands(), left, "{target}");
    }
}

#[test]
fn a_file_is_imported_once_however_often_it_is_read() {
    let (folder, first) = pay();
    assert_eq!((first["events"].as_array().map(Vec::len), first["version"].as_u64()), (Some(8), Some(8)));
    let second = folder.json("talks import pay.jsonl --recorder ana");
    assert_eq!(
        (second["events"].as_array().map(Vec::len), second["already"].as_array().map(Vec::len)),
        (Some(0), Some(8))
    );
    assert_eq!(head(&second), head(&first));
    let note = r#"{"kind":"note.added","data":{"text":"The same note"}}"#;
    folder.write("pay.jsonl", &format!("{PAY_LOG}{note}\n{note}\n"));
    let grown = wrote(&folder, "talks import pay.jsonl");
    assert_eq!((grown["events"].as_array().map(Vec::len), grown["version"].as_u64()), (Some(2), Some(10)));
    folder.write(
        "more.jsonl",
        "{\"kind\":\"demand.met\",\"occurred\":\"2024-03-20\",\"data\":{\"demand\":\"D1\",\"how\":\"fully\"}}\n",
    );
    assert_eq!(wrote(&folder, "talks import more.jsonl")["events"][0]["event"], "e11");
}

#[test]
fn a_command_with_an_id_is_safe_to_repeat() {
    let (folder, _) = pay();
    let typed = "talks add note.added text=Once --id 01890a5d-ac96-774b-bcce-b302099a8059";
    let once = wrote(&folder, typed);
    let again = folder.json(typed);
    assert_eq!(again["already"][0]["event"], once["events"][0]["event"]);
    assert_eq!(head(&again), head(&once));
    assert_eq!(wrote(&folder, "talks add note.added text=Once --again")["version"], 10);
    assert_eq!(wrote(&folder, "talks add note.added text=Twice --expect-version 10")["version"], 11);
    assert_eq!(wrote(&folder, "talks add note.added text=Thrice --expect-version e11")["version"], 12);
}

#[test]
fn a_party_is_stored_by_its_slug_whatever_it_was_called() {
    let (folder, _) = pay();
    wrote(
        &folder,
        "talks add demand.raised 'by=The Dockers' 'of=port authority' text='As the dockers said' --when 2024-03-08",
    );
    let stored = exported(&folder).pop().expect("a record");
    let expected = serde_json::json!({ "by": "union", "of": "port", "text": "As the dockers said" });
    assert_eq!(stored["data"], expected);
    wrote(
        &folder,
        "talks add statement.made by=port act=position text=No according_to='the dockers' --when 2024-03-08",
    );
    assert_eq!(exported(&folder).pop().expect("a record")["context"]["according_to"], "union");
}

#[test]
fn a_dry_run_prints_what_would_change_and_writes_nothing() {
    let (folder, _) = pay();
    let before = verified(&folder);
    let met = "add demand.met demand=D1 how=fully --when 2024-03-20";
    for typed in [
        met,
        "correct D1 text=Nine --reason Slip",
        "undo --recorder ana",
        "import pay.jsonl",
        "erase e5 --part data --reason x --basis y",
    ] {
        let receipt = folder.json(&format!("talks {typed} --dry-run"));
        assert_eq!(receipt["dry_run"], true, "{typed}");
        assert!(receipt["events"].as_array().expect("a list").iter().all(|event| event["root"].is_null()), "{typed}");
        assert_eq!(verified(&folder), before, "{typed}");
    }
    let text = folder.says(&format!("talks {met} --dry-run"));
    assert!(text.contains("D1") && text.contains("met") && text.contains("Nothing was written"), "{text}");
    assert_eq!(folder.run("talks add demand.met demand=D2 how=fully --when 2024-03-20 --dry-run").code, 1);
}

#[test]
fn what_does_not_fit_is_stored_where_it_is_forced_and_marked() {
    let (folder, _) = pay();
    let forced = wrote(&folder, "talks add demand.met demand=D2 how=fully --when 2024-03-20 --force");
    assert_eq!(forced["amiss"][0]["id"], "over", "{forced:#}");
    assert_eq!(folder.json("talks status")["data"]["anomalies"][0]["event"], "e9");
    let text = folder.says("talks add demand.withdrawn demand=D1 --when 2024-03-08 --force");
    assert!(!text.contains("warning:"), "{text}");
}

#[test]
fn what_no_longer_fits_because_of_it_is_told() {
    let (folder, _) = pay();
    let induced = wrote(&folder, "talks retract D2 --reason 'Never raised'");
    assert_eq!(induced["induced"][0]["event"], "e7", "{induced:#}");
    let text = folder.says("talks retract S1 --reason 'Printed by another paper'");
    assert!(text.contains("no longer fits because of this"), "{text}");
}

#[test]
fn a_correction_answers_for_what_it_makes_of_its_target() {
    let (folder, _) = pay();
    let refused = folder.run("talks correct D1 by=unoin --reason 'A slip'");
    assert_eq!(refused.code, 1);
    assert!(
        refused.err.contains("this event.corrected does not fit: no party \"unoin\" was declared"),
        "{}",
        refused.err
    );
    folder.says("talks correct D1 'by=the dockers' --reason 'By another name'");
    assert_eq!(exported(&folder).pop().expect("a record")["data"]["patch"]["data"]["by"], "union");
}

#[test]
fn characters_that_steer_a_terminal_are_kept_and_shown_escaped() {
    let (folder, _) = pay();
    folder.write("nul.jsonl", "{\"kind\":\"note.added\",\"data\":{\"text\":\"a\\u0000b\\u001b[2J\"}}\n");
    let text = folder.says("talks import nul.jsonl -n pay") + &folder.says("talks log") + &folder.says("talks show e9");
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
    assert_eq!(exported(&folder).pop().expect("a record")["data"]["text"], "a\0b\u{1b}[2J");
}

#[test]
fn a_log_that_is_handed_over_has_the_same_root() {
    let (folder, _) = pay();
    folder.says("talks export -o all.jsonl && talks export -o some.jsonl --withhold sources");
    let at_home = verified(&folder);
    let known = |folder: &Folder| folder.json("talks demands --as-of 2024-03-10");
    for file in ["all.jsonl", "some.jsonl"] {
        let other = Folder::new();
        other.write(file, &std::fs::read_to_string(folder.path().join(file)).expect("the export reads"));
        other.says("talks init");
        let received = other.json(&format!("talks receive {file} -n pay"));
        assert_eq!(head(&received), at_home, "{file}");
        assert_eq!(verified(&other), at_home, "{file}");
        assert_eq!(other.json(&format!("talks receive {file}"))["new"], 0, "{file}");
        let (here, there) = (known(&folder), known(&other));
        let told = |answer: &Value| answer["data"]["demands"][0]["text"].clone();
        assert_eq!((told(&here), head(&here)), (told(&there), head(&there)), "{file}");
        if file == "all.jsonl" {
            assert_eq!(here["data"], there["data"]);
        }
        assert_eq!(folder.json(&format!("talks verify --log {file}"))["logs"][0]["root"], at_home.1.as_str());
    }
}

#[test]
fn withholding_sources_leaves_what_holds_as_it_was() {
    let (folder, _) = pay();
    folder.says("talks export -q -o some.jsonl --withhold sources");
    let state = |log: &str| folder.json(&format!("talks status --as-of 2024-03-10 {log}"))["data"].clone();
    let (whole, part) = (state(""), state("--log some.jsonl"));
    for list in ["talks", "rounds", "ceasefires", "agreements", "commitments", "deadlines", "measures"] {
        assert_eq!(whole[list], part[list], "{list}");
    }
    let fates =
        |data: &Value| data["demands"].as_array().map(|all| all.iter().map(|d| d["fate"].clone()).collect::<Vec<_>>());
    assert_eq!(fates(&whole), fates(&part));
}

#[test]
fn what_was_erased_is_gone_and_the_root_stays_true() {
    let (folder, _) = pay();
    let receipt = wrote(&folder, "talks erase e8 --part data --reason 'A name' --basis 'GDPR, article 17'");
    assert_eq!((&receipt["events"][0]["kind"], &receipt["is_clean"]), (&"record.erased".into(), &true.into()));
    assert!(exported(&folder)[7].get("data").is_none());
    assert!(!folder.run("cat talks.db talks.db-wal 2>/dev/null").out.contains("The books are open"));
}

#[test]
fn an_answer_has_the_version_and_the_root_of_what_it_was_made_of() {
    let (folder, receipt) = pay();
    let root = |version: u64| receipt["events"][version as usize - 1]["root"].as_str().unwrap_or_default().to_string();
    for command in
        ["status", "demands", "timeline", "log", "why e1", "show e1", "parties", "sources", "replay", "diff 2024-01-01"]
    {
        assert_eq!(head(&folder.json(&format!("talks {command}"))), (8, root(8)), "{command}");
        let early = folder.json(&format!("talks {command} --recorded-by e3"));
        assert_eq!(head(&early), (3, root(3)), "{command}");
        let known = folder.json(&format!("talks {command} --known-by 2024-03-06"));
        assert_eq!(head(&known), (8, root(8)), "{command}");
    }
    let of = |cut: &str| folder.json(&format!("talks demands {cut}"))["data"]["demands"].as_array().map(Vec::len);
    assert_eq!((of(""), of("--recorded-by e3"), of("--recorded-by e5")), (Some(2), Some(0), Some(1)));
}

#[test]
fn what_is_printed_in_json_keeps_its_schema() {
    let (folder, receipt) = pay();
    folder.write("other.jsonl", OTHER_LOG);
    folder.says("talks import other.jsonl");
    let added = folder.json("talks add note.added text=Look -n pay");
    let verified = folder.json("talks verify");
    let board = folder.json("talks board --as-of 2024-03-20");
    for (name, printed) in [("receipt", &receipt), ("receipt", &added), ("verify", &verified)] {
        fits(&folder, name, printed);
    }
    for line in board["data"]["negotiations"].as_array().expect("a list") {
        fits(&folder, "board", line);
    }
}

#[track_caller]
fn fits(folder: &Folder, name: &str, printed: &Value) {
    let schema = folder.json(&format!("talks schema {name}"));
    let validator = jsonschema::draft202012::new(&schema).expect("a schema");
    let errors: Vec<String> = validator.iter_errors(printed).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{name}: {errors:#?}");
}

#[test]
fn a_board_has_a_line_for_each_negotiation() {
    let (folder, _) = pay();
    folder.write("other.jsonl", OTHER_LOG);
    folder.says("talks import other.jsonl");
    folder.says("talks add deadline.set text='The vote' due='25 Mar 2024' --when '8 Mar 2024' -n pay");
    let board = folder.json("talks board --as-of 2024-03-20");
    let lines = board["data"]["negotiations"].as_array().expect("a list");
    assert_eq!(lines.iter().map(|line| &line["negotiation"]).collect::<Vec<_>>(), ["other", "pay"]);
    let pay = &lines[1]["data"];
    assert_eq!((&pay["talks"], &pay["open_demands"]), (&Value::from("in-session"), &Value::from(1)));
    assert_eq!((&pay["next"]["text"], &pay["next"]["in_days"]), (&Value::from("The vote"), &Value::from(5)));
    let text = folder.says("talks board --as-of 2024-03-20");
    assert!(text.contains("in-session") && text.contains("in 5 days"), "{text}");
}

#[test]
fn what_is_due_and_whose_move_it_is_stand_together() {
    let (folder, _) = pay();
    folder.says("talks add followup.set text='Ask the port' due='10 Mar 2024'");
    let due = &folder.json("talks due --as-of 2024-03-20")["data"];
    assert_eq!((&due["due"][0]["overdue"], &due["due"][0]["in_days"]), (&Value::from(true), &Value::from(-10)));
    assert_eq!((&due["awaited"][0]["handle"], &due["awaited"][0]["age_days"]), (&Value::from("D1"), &Value::from(16)));
    let text = folder.says("talks due --as-of 2024-03-20");
    assert!(text.contains("overdue 10 days") && text.contains("16 days"), "{text}");
}

#[test]
fn what_changed_is_told_on_each_clock() {
    let (folder, _) = pay();
    folder.says("talks correct D1 --when '3 Mar 2024' --reason 'Typed the 4th'");
    folder.says("talks correct e8 text='The books are closed' --source S2 --reason 'The Evening News says so'");
    let recorded = &folder.json("talks diff --since e8 --clock recording --as-of 2024-03-20")["data"];
    let corrected = |at: usize| (&recorded["events"][at]["event"], &recorded["events"][at]["by"][0]);
    assert_eq!(corrected(0), (&Value::from("e5"), &Value::from("e9")), "{recorded:#}");
    assert_eq!(corrected(1), (&Value::from("e8"), &Value::from("e10")), "{recorded:#}");
    let text = folder.says("talks diff --since e8 --clock recording --as-of 2024-03-20");
    assert!(text.contains("e5 corrected by e9, 4 Mar 2024 -> 3 Mar 2024"), "{text}");
    // The slip counts as if it had never been made; what the paper says is known from its day.
    let known = &folder.json("talks diff 2024-03-07 2024-03-09 --clock knowledge --as-of 2024-03-20")["data"];
    let events: Vec<&Value> = known["events"].as_array().expect("a list").iter().map(|event| &event["event"]).collect();
    assert!(!events.contains(&&Value::from("e5")), "{known:#}");
    assert_eq!(folder.run("talks diff e9 e8 --clock recording").code, 2);
}

#[test]
fn a_name_that_the_json_library_keeps_for_itself_is_refused() {
    let (folder, _) = pay();
    let name = "$serde_json::private::RawValue";
    folder.write(
        "raw.jsonl",
        &format!(r#"{{"kind":"note.added","data":{{"text":"x","zz":{{"{name}":"{{\"a\":1.5}}"}}}}}}"#),
    );
    let refused = folder.run("talks import raw.jsonl -n pay");
    assert!(refused.code == 1 && refused.err.contains("no member may be called"), "{}", refused.err);
    folder.write("value.txt", &format!(r#"{{"{name}":"1.5"}}"#));
    let refused = folder.run("talks add note.added text=x \"zz:=$(cat value.txt)\"");
    assert!(refused.code == 2 && refused.err.contains("none may have"), "{}", refused.err);
}

#[test]
fn what_is_stored_can_always_be_handed_over() {
    let (folder, _) = pay();
    // An alias of one letter stands for a long slug: what is submitted is short, what would be stored is not.
    let slug = "a-very-long-name-of-a-party-that-has-a-nickname-of-one-letter";
    folder.write("alias.jsonl", &format!(r#"{{"kind":"party.joined","occurred":"2024-03-02","data":{{"party":"{slug}","name":"Q","kind":"union","role":"party"}}}}"#));
    folder.says("talks import alias.jsonl -n pay");
    let by = vec!["\"q\""; 30_000].join(",");
    folder.write(
        "long.jsonl",
        &format!(r#"{{"kind":"demand.raised","occurred":"2024-03-09","data":{{"by":[{by}],"of":"port","text":"x"}}}}"#),
    );
    let refused = folder.run("talks import long.jsonl -n pay");
    assert!(refused.code == 1 && refused.err.contains("as a sealed line"), "{}", refused.err);
    let text = "x".repeat(60_000);
    let quotes: Vec<String> = (0..18).map(|_| format!(r#"{{"source":"S1","quote":"{text}"}}"#)).collect();
    folder.write(
        "digests.jsonl",
        &format!(r#"{{"kind":"note.added","data":{{"text":"\"digests\""}},"sources":[{}]}}"#, quotes.join(",")),
    );
    let refused = folder.run("talks import digests.jsonl -n pay");
    assert!(refused.code == 1 && refused.err.contains("the limit is 1048576"), "{}", refused.err);
}

#[test]
fn a_batch_that_erases_twice_names_each_record_that_says_so() {
    let (folder, _) = pay();
    let erased = |target: &str, part: &str| {
        format!(
            r#"{{"kind":"record.erased","data":{{"target":"{target}","parts":["{part}"],"reason":"r","basis":"b"}}}}"#
        )
    };
    let note = r#"{"kind":"note.added","data":{"text":"after"}}"#;
    folder.write("erased.jsonl", &[erased("e5", "sources"), erased("e8", "data"), note.into()].join("\n"));
    folder.says("talks import erased.jsonl -n pay");
    assert!(folder.json("talks verify")["logs"][0]["finding"].is_null());
    let by: i64 = rusqlite::Connection::open(folder.path().join("talks.db"))
        .and_then(|store| store.query_row("SELECT by FROM erasures WHERE part = 'sources'", (), |row| row.get(0)))
        .expect("a row");
    assert_eq!(by, 9);
}

#[test]
fn judgements_and_undo_can_be_repeated_with_their_id() {
    let (folder, _) = pay();
    let ids: Vec<String> = (1..4).map(|n| format!("01890a5d-ac96-774b-bcce-b302099a805{n}")).collect();
    for command in [
        format!("talks retract e8 --reason r --id {}", ids[0]),
        format!("talks reinstate e8 --reason r --id {}", ids[1]),
        format!("talks undo --recorder ana --id {}", ids[2]),
    ] {
        let first = wrote(&folder, &command);
        let again = folder.json(&command);
        assert_eq!(again["already"][0]["event"], first["events"][0]["event"], "{command}");
        assert!(again["events"].as_array().is_some_and(Vec::is_empty), "{command}");
    }
}

#[test]
fn what_is_word_for_word_there_is_not_imported_again() {
    let (folder, _) = pay();
    wrote(&folder, "talks add note.added text=Look");
    folder.write("note.jsonl", r#"{"kind":"note.added","data":{"text":"Look"}}"#);
    let again = folder.json("talks import note.jsonl -n pay");
    assert_eq!(
        (again["events"].as_array().map(Vec::len), again["already"].as_array().map(Vec::len)),
        (Some(0), Some(1))
    );
    // A name that two parties have today says nothing about what the line said when it was first read.
    folder.write(
        "alias.jsonl",
        r#"{"kind":"demand.raised","occurred":"2024-03-10","data":{"by":"the dockers","of":"port","text":"A roof"}}"#,
    );
    wrote(&folder, "talks import alias.jsonl -n pay");
    folder.says("talks add party.joined party=others name=Others kind=union role=party aliases='the dockers' --when '10 Mar 2024'");
    let again = folder.json("talks import alias.jsonl -n pay");
    assert_eq!(again["events"].as_array().map(Vec::len), Some(0), "{again:#}");
    folder.says("talks erase e1 --part context --reason r --basis b");
    let again = folder.json("talks import pay.jsonl");
    assert_eq!(again["events"].as_array().map(Vec::len), Some(0), "{again:#}");
}

#[test]
fn records_that_are_missing_at_the_end_are_noticed_by_whoever_reads() {
    let (folder, _) = pay();
    let store = rusqlite::Connection::open(folder.path().join("talks.db")).expect("the store");
    let guard = "SELECT sql FROM sqlite_schema WHERE name = 'events_stay'";
    let guard: String = store.query_row(guard, (), |row| row.get(0)).expect("a guard");
    let sql = format!("DROP TRIGGER events_stay; DELETE FROM events WHERE pos & 255 = 8; {guard}");
    store.execute_batch(&sql).expect("a row goes");
    drop(store);
    for command in ["talks log", "talks export", "talks add note.added text=x", "talks verify"] {
        let ran = folder.run(command);
        assert_ne!(ran.code, 0, "{command}: {}", ran.out);
        assert!((ran.out + &ran.err).contains("e8"), "{command}");
    }
}

#[test]
fn all_that_does_not_fit_about_a_typed_record_is_told_at_once() {
    let (folder, _) = pay();
    let refused = folder.run("talks add demand.answered demand=D1 by=prot answer=rejected --when 2024-03-20");
    let told = "error: this demand.answered does not fit\n  no party \"prot\" was declared\n  D1 was not put to prot\n";
    assert!(refused.code == 1 && refused.err.starts_with(told), "{}", refused.err);
    assert!(refused.err.contains("did you mean port?"), "{}", refused.err);
}
