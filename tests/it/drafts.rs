//! Reading a plain log: what is refused, what is warned of, where it points and what it advises.

use proptest::prelude::*;
use talks::domain::ids::{Handle, Version};
use talks::domain::record::{Body, Record};
use talks::exchange::drafts::{LINE_LIMIT_BYTES, Problem, Reader, Severity, read};

/// A line with the part that a problem should underline between « and ».
struct Marked {
    text: String,
    column: usize,
    width: usize,
}

fn marked(text: &str) -> Marked {
    let at = |mark| text.chars().position(|c| c == mark).expect("the text is marked");
    let (from, to) = (at('«'), at('»'));
    Marked { text: text.replace(['«', '»'], ""), column: from + 1, width: (to - from - 1).max(1) }
}

#[track_caller]
fn only_problem(marked: &Marked) -> Problem {
    let (_, problems) = read(marked.text.as_bytes());
    assert_eq!(problems.len(), 1, "{}\n{problems:#?}", marked.text);
    let problem = problems[0].clone();
    assert_eq!((problem.line, problem.column, problem.width), (1, marked.column, marked.width), "{problem:#?}");
    problem
}

#[track_caller]
fn says(problem: &Problem, id: &str, what: &str, remedy: &str) {
    assert_eq!(problem.id, id, "{problem:#?}");
    assert!(problem.what.contains(what), "{problem:#?}");
    assert!(problem.help.as_deref().unwrap_or_default().contains(remedy), "{problem:#?}");
}

/// The line has one error, there, and is not read.
#[track_caller]
fn refused(text: &str, id: &str, what: &str, remedy: &str) {
    let marked = marked(text);
    let problem = only_problem(&marked);
    says(&problem, id, what, remedy);
    assert_eq!(problem.severity, Severity::Error);
    assert!(read(marked.text.as_bytes()).0.is_empty(), "{text} was read");
}

/// The line has one warning, there, and is read.
#[track_caller]
fn warned(text: &str, id: &str, what: &str, remedy: &str) {
    let marked = marked(text);
    let problem = only_problem(&marked);
    says(&problem, id, what, remedy);
    assert_eq!(problem.severity, Severity::Warning);
    assert_eq!(read(marked.text.as_bytes()).0.len(), 1, "{text} was not read");
}

#[track_caller]
fn records(text: &str) -> Vec<Record> {
    let (records, problems) = read(text.as_bytes());
    assert!(problems.is_empty(), "{problems:#?}");
    records
}

fn versions(records: &[Record]) -> Vec<u64> {
    records.iter().map(|record| record.version().0).collect()
}

fn handles(records: &[Record]) -> Vec<String> {
    let defined = records.iter().filter_map(|record| record.defines());
    defined.map(|handle: Handle| handle.to_string()).collect()
}

fn parties(record: &Record) -> Vec<String> {
    record.mentions().parties.iter().map(ToString::to_string).collect()
}

const NOTE: &str = r#"{"kind":"note.added","data":{"text":"quiet"}}"#;

// What is no JSON

#[test]
fn a_line_that_is_no_json_is_refused_where_it_breaks_off() {
    refused(r#"{"kind":"note.added","data":{"text":"quiet"}«»"#, "bad-json", "ends too early", "was the file cut off?");
    refused(r#"{"kind":"note.added","data":{"text":"quie«»"#, "bad-json", "ends within a text", "close it with \"");
    refused(r#"{"kind":"note.added","data":{"text":"quiet",«}»}"#, "bad-json", "a comma", "leave the last comma out");
    refused(r#"{"kind":"note.added","data":{"text":«}»}"#, "bad-json", "a value is missing", "write the value");
    refused(
        r#"{"kind":"note.added","data":{"text":"quiet"},"sources":[{"source":"S1"},«]»}"#,
        "bad-json",
        "a comma",
        "leave",
    );
    refused(r#"{«k»ind:"note.added"}"#, "bad-json", "without quotes", "double quotes");
    refused(r#"{"kind":«'»note.added'}"#, "bad-json", "no value", "texts stand in double quotes");
    refused(r#"«#» the talks of October"#, "bad-json", "not JSON", "comments are not read");
    refused(
        r#"{"kind":"talks.resumed"} «{»"kind":"talks.resumed"}"#,
        "bad-json",
        "follows the object",
        "one object a line",
    );
    refused(r#"{"kind":"talks.resumed","occurred":«N»aN}"#, "bad-json", "no value", "true, false and null");
    refused(r#"{"kind" «"»talks.resumed"}"#, "bad-json", "expected `:`", "");
}

#[test]
fn an_escape_that_is_no_character_is_refused() {
    refused(r#"{"kind":"note.added","data":{"text":"a\«q»"}}"#, "bad-json", "no such escape", r"written \\");
    refused(
        "{\"kind\":\"note.added\",\"data\":{\"text\":\"a«\t»b\"}}",
        "bad-json",
        "a control character",
        r"\t for a tab",
    );
    refused(r#"{"kind":"note.added","data":{"text":"\ud800«"»}}"#, "bad-json", "half of an escaped", "in UTF-8");
    refused(r#"{"kind":"note.added","data":{"text":"\ud800\u004«1»"}}"#, "bad-json", "half of an escaped", "in UTF-8");
}

#[test]
fn a_line_that_is_no_object_is_refused() {
    refused(r#"«["note.added","quiet"]»"#, "not-an-object", "the line is a list", r#"{"kind":"#);
    refused("«null»", "not-an-object", "the line is null", r#"{"kind":"#);
    refused("«7»", "not-an-object", "a number", r#"{"kind":"#);
}

#[test]
fn what_is_not_utf_8_is_refused_and_never_guessed() {
    let (records, problems) = read(b"\n{\"kind\":\"note.added\",\"data\":{\"text\":\"T\xFCrkiye\"}}\n");
    assert!(records.is_empty());
    says(&problems[0], "bad-utf8", "0xfc", "iconv -f WINDOWS-1252 -t UTF-8");
    assert_eq!((problems[0].line, problems[0].column, problems[0].width), (2, 39, 1));
    let (records, problems) = read(b"\xFF\xFE{\0}\0");
    assert!(records.is_empty() && problems[0].id == "bad-utf8" && problems[0].column == 1);
}

#[test]
fn a_column_counts_characters_and_not_bytes() {
    refused(
        r#"{"kind":"note.added","data":{"text":"İstanbul’da","on":«"X1"»}}"#,
        "bad-value",
        "names nothing",
        "an event (e7)",
    );
}

// What is JSON and would be changed silently

#[test]
fn a_key_that_stands_twice_is_refused_wherever_it_stands() {
    refused(
        r#"{"kind":"talks.resumed",«"kind"»:"talks.paused","occurred":"2023"}"#,
        "duplicate-key",
        "\"kind\"",
        "keep one",
    );
    refused(
        r#"{"kind":"note.added","data":{"text":"a",«"te\u0078t"»:"b"}}"#,
        "duplicate-key",
        "\"text\"",
        "keep one of the two",
    );
    refused(
        r#"{"kind":"event.corrected","data":{"target":"e1","reason":"x","basis":"source","patch":{"data":{"a":1,«"a"»:2}}}}"#,
        "duplicate-key",
        "\"a\"",
        "written as a list",
    );
}

#[test]
fn a_number_that_a_reader_may_round_is_refused() {
    let vote = |share: &str| {
        let vote = format!(r#"{{"body":"wga","share":{share}}}"#);
        format!(
            r#"{{"kind":"agreement.ratified","occurred":"2023-10-09","data":{{"agreement":"A1","by":"wga","vote":{vote}}}}}"#
        )
    };
    refused(&vote("«97.85»"), "not-whole", "97.85 is not a whole number", "write it as a text: \"97.85\"");
    refused(&vote("«1e3»"), "not-whole", "1e3", "\"1e3\"");
    refused(&vote("«-0»"), "not-whole", "-0", "write 0");
    refused(&vote("«9007199254740992»"), "big-number", "beyond 9007199254740991", "\"9007199254740992\"");
    refused(&vote("«123456789012345678901234567890»"), "big-number", "beyond", "as a text");
}

#[test]
fn nesting_is_read_to_a_depth_of_32() {
    let line = |depth: usize| {
        let (open, close) = ("[".repeat(depth - 2), "]".repeat(depth - 2));
        format!(r#"{{"kind":"check.waived","data":{{"target":"e1","check":"x","reason":"y","more":{open}{close}}}}}"#)
    };
    let ids = |depth| read(line(depth).as_bytes()).1.iter().map(|p| p.id).collect::<Vec<_>>();
    // The lists are nested in `data` in the line, which are two; an empty list is blank and so not warned of.
    assert_eq!(ids(31), ["unknown-field"]);
    assert_eq!(ids(32), ["unknown-field"]);
    for depth in [33, 127, 128, 129, 100_000] {
        assert_eq!(ids(depth), ["deep-nesting"], "{depth}");
    }
}

#[test]
fn a_text_and_a_line_have_a_longest_length() {
    let note = |bytes| format!(r#"{{"kind":"note.added","data":{{"text":"{}"}}}}"#, "x".repeat(bytes));
    assert_eq!(records(&note(64 * 1024)).len(), 1);
    let (_, problems) = read(note(64 * 1024 + 1).as_bytes());
    says(&problems[0], "long-text", "65537 bytes", "quote the passage");
    assert_eq!((problems[0].column, problems[0].excerpt.chars().count()), (37, 100));
    let padded = |bytes: usize| format!("{}{}", " ".repeat(bytes - NOTE.len()), NOTE);
    assert_eq!(records(&padded(LINE_LIMIT_BYTES)).len(), 1);
    let (records, problems) = read(padded(LINE_LIMIT_BYTES + 1).as_bytes());
    assert!(records.is_empty());
    says(&problems[0], "long-line", "1048577 bytes", "one object a line");
}

// The fields of a draft

#[test]
fn a_draft_needs_a_kind() {
    refused(
        r#"«{»"occurred":"2023-10-26","data":{}}"#,
        "missing-kind",
        "\"kind\" is missing",
        "\"kind\":\"round.opened\"",
    );
    refused(r#"{"kind":«7»}"#, "wrong-type", "kind: 7 stands where a text is expected", "write \"7\", in quotes");
    refused(r#"{"kind":«null»}"#, "wrong-type", "null stands where a text is expected", "leave the field out");
}

#[test]
fn an_unknown_kind_is_kept_and_warned_of() {
    let line = r#"{"kind":«"demand.raisd"»,"occurred":"2023-10-26","data":{"anything":[1]}}"#;
    warned(line, "unknown-kind", "not a kind this version knows", "did you mean \"demand.raised\"?");
    warned(r#"{"kind":«"weather.changed"»}"#, "unknown-kind", "weather.changed", "talks help kinds");
    let (records, _) = read(marked(line).text.as_bytes());
    assert!(matches!(&records[0].body, Body::NotUnderstood(reason) if reason.contains("demand.raisd")));
    assert_eq!(&*records[0].parts.data, r#"{"anything":[1]}"#);
}

#[test]
fn what_happened_needs_a_date() {
    refused(
        r#"{"kind":«"talks.resumed"»}"#,
        "missing-date",
        "a talks.resumed needs a date",
        "\"occurred\":\"2023-10-26\", or \"[..2023-10-26]\" for \"by then\"",
    );
}

#[test]
fn what_keeps_the_record_has_no_date() {
    let line = r#"{"kind":"note.added","occurred":«"2023-10-26"»,"data":{"text":"quiet"}}"#;
    refused(line, "needless-date", "keeps the record", "leave \"occurred\" out");
}

#[test]
fn a_bad_date_is_pointed_at_within_and_its_remedy_given() {
    let line = |date: &str| format!(r#"{{"kind":"talks.resumed","occurred":"{date}"}}"#);
    refused(&line("10/11«/2023»"), "bad-date", "figures with slashes", "write the year first, with hyphens");
    refused(&line("2023-«13-01»"), "bad-date", "the month must be 01 to 12", "write a day as 2023-10-25");
    refused(&line("2023-02-«30»"), "bad-date", "the month has no such day", "write a day as");
    refused(&line("26«_Oct»"), "bad-date", "its year, in four digits", "write a day as");
    refused(&line("2023-10-25T18:00«»"), "bad-date", "no offset from UTC", "18:00+05:00");
    refused(&line("[2023-10-26..«2023-10-24]»"), "bad-date", "before the start", "the earlier one first");
    refused(&line("«»"), "bad-date", "no date here", "write a day as");
}

#[test]
fn a_date_of_the_wrong_type_is_refused() {
    let line = r#"{"kind":"talks.resumed","occurred":«2023»}"#;
    refused(line, "wrong-type", "occurred: 2023 stands where a text", "write \"2023\", in quotes");
    refused(r#"{"kind":"talks.resumed","occurred":«{"at":"2023"}»}"#, "wrong-type", "an object stands", "");
}

#[test]
fn a_date_within_the_data_is_pointed_at_too() {
    refused(
        r#"{"kind":"source.registered","data":{"published":"2023-10-«32»"}}"#,
        "bad-date",
        "data.published: ",
        "write a day as 2023-10-25",
    );
    refused(
        r#"{"kind":"followup.set","data":{"text":"look","due":{"at":"2025-11-«31»"}}}"#,
        "bad-date",
        "data.due.at: the month has no such day",
        "write a day as",
    );
    refused(
        r#"{"kind":"negotiation.opened","occurred":"2023","data":{"title":"Talks","zone":"«+5»"}}"#,
        "bad-date",
        "data.zone: this is not an offset",
        "+05:00",
    );
}

#[test]
fn an_escaped_date_is_pointed_at_as_a_whole() {
    refused(r#"{"kind":"talks.resumed","occurred":«"2023\u002d13"»}"#, "bad-date", "the month", "write a day");
}

#[test]
fn a_bad_id_is_refused() {
    refused(
        r#"{"kind":"note.added","data":{"text":"quiet"},"id":«"seven"»}"#,
        "bad-value",
        "id: ",
        "write a UUID, such as 01890a5d",
    );
}

#[test]
fn a_missing_field_is_named_with_what_it_takes() {
    refused(
        r#"{"kind":"demand.raised","occurred":"2023","data":«{"by":"wga","text":"A room of six."}»}"#,
        "missing-field",
        "data: \"of\" is missing",
        "add \"of\", list of party: Of whom.",
    );
    refused(
        r#"{"kind":«"demand.met"»,"occurred":"2023"}"#,
        "missing-field",
        "data: \"demand\" is missing",
        "add \"demand\", demand (D1): The demand.",
    );
    refused(
        r#"{"kind":"negotiation.opened","occurred":"2023","data":{"title":"Talks","parties":[«{"party":"wga","kind":"union","role":"party"}»]}}"#,
        "missing-field",
        "data.parties[0]: \"name\" is missing",
        "add \"name\", text: Its name in full.",
    );
    refused(
        r#"{"kind":"note.added","data":{"text":"quiet"},"sources":[«{"quote":"quiet"}»]}"#,
        "missing-field",
        "sources[0]: \"source\" is missing",
        "add \"source\", source (S1)",
    );
}

#[test]
fn a_value_of_the_wrong_type_is_pointed_at() {
    let strike =
        |field: &str| format!(r#"{{"kind":"measure.taken","occurred":"2023","data":{{"type":"strike",{field}}}}}"#);
    refused(&strike(r#""text":«5»"#), "wrong-type", "data.text: 5 stands where a text is expected", "write \"5\"");
    refused(&strike(r#""by":["wga",«7»]"#), "wrong-type", "data.by[1]: 7 stands where", "write \"7\", in quotes");
    refused(&strike(r#""until":«17»"#), "wrong-type", "a date, {at}", "");
    refused(
        r#"{"kind":"offer.made","occurred":"2023","data":{"by":"a","to":"b","text":"c","final":«"yes"»}}"#,
        "wrong-type",
        "data.final: a text stands where true or false is expected",
        "",
    );
    refused(r#"{"kind":"note.added","data":«"quiet"»}"#, "wrong-type", "data: a text stands where an object", "");
    refused(
        r#"{"kind":"incident.reported","occurred":"2023","data":{"category":"clash","tolls":{"class":"civilians","killed":{"low":«"3"»}}}}"#,
        "wrong-type",
        "data.tolls.killed.low: a text stands where a whole number from 0 is expected",
        "write 3, without quotes",
    );
}

#[test]
fn a_value_out_of_range_is_pointed_at() {
    refused(
        r#"{"kind":"commitment.assessed","occurred":"2023","data":{"commitment":"K1","level":«4»}}"#,
        "bad-value",
        "a level runs from 0 to 3",
        "",
    );
    refused(
        r#"{"kind":"note.added","data":{"text":"quiet"},"sources":{"source":"S1","credibility":«9»}}"#,
        "bad-value",
        "sources.credibility: credibility runs from 1 to 6",
        "",
    );
    refused(
        r#"{"kind":"incident.reported","occurred":"2023","data":{"category":"clash","tolls":[{"class":"civilians","killed":«{"low":5,"best":3}»}]}}"#,
        "bad-value",
        "data.tolls[0].killed: a count runs low, best, high; these are not in that order",
        "",
    );
    refused(
        r#"{"kind":"agreement.ratified","occurred":"2023","data":{"agreement":"A1","by":"wga","vote":{"body":"wga","for":«-3»}}}"#,
        "bad-value",
        "-3 does not fit: a whole number from 0 is expected",
        "",
    );
}

#[test]
fn a_name_of_the_wrong_sort_is_pointed_at_and_the_right_one_shown() {
    refused(
        r#"{"kind":"demand.met","occurred":"2023","data":{"demand":«"C1"»,"how":"fully"}}"#,
        "bad-value",
        "data.demand: \"C1\" does not name a demand",
        "a demand is written D1",
    );
    refused(
        r#"{"kind":"event.retracted","data":{"target":«"7"»,"reason":"typo"}}"#,
        "bad-value",
        "data.target: \"7\" is not an event",
        "an event is written e1, e2, e3",
    );
    refused(
        r#"{"kind":"talks.resumed","occurred":"2023","context":{"in_response_to":«"D0"»}}"#,
        "bad-value",
        "context.in_response_to: \"D0\" names nothing",
        "a handle (D1)",
    );
    refused(
        r#"{"kind":"deadline.set","occurred":"2023","data":{"text":"exit","due":«{"after":"A1","days":3}»}}"#,
        "bad-value",
        "data.due: a term is a date",
        "",
    );
}

#[test]
fn a_party_is_declared_by_a_slug() {
    let line = |slug: &str| {
        format!(
            r#"{{"kind":"party.joined","occurred":"2023","data":{{"party":{slug},"name":"TTP","kind":"armed-group","role":"party"}}}}"#
        )
    };
    refused(
        &line("«\"Pakistani Taliban\"»"),
        "bad-slug",
        "\"Pakistani Taliban\" is no name",
        "write \"pakistani-taliban\"",
    );
    refused(&line("«\"türkiye\"»"), "bad-slug", "letters a to z", "in letters a to z, such as \"turkiye\"");
    refused(&line("«\"\"»"), "bad-slug", "is no name for a party", "its name in full is \"name\"");
    let opened = r#"{"kind":"negotiation.opened","occurred":"2023","data":{"title":"T","parties":{"party":«"WGA"»,"name":"The guild","kind":"union","role":"party"}}}"#;
    refused(opened, "bad-slug", "\"WGA\"", "write \"wga\"");
}

// What is kept and not understood

#[test]
fn an_unknown_field_of_a_draft_is_warned_of() {
    let note = |rest: &str| format!(r#"{{"kind":"note.added","data":{{"text":"quiet"}},{rest}}}"#);
    warned(
        &note(r#"«"source"»:"S1""#),
        "unknown-field",
        "\"source\" is not a field of a draft",
        "did you mean \"sources\"?",
    );
    warned(&note(r#"«"summary"»:"quiet""#), "unknown-field", "\"summary\"", "inside \"context\"");
    warned(&note(r#"«"on"»:"C1""#), "unknown-field", "\"on\"", "inside \"data\"");
    warned(&note(r#"«"weather"»:"rain""#), "unknown-field", "not understood", "");
}

#[test]
fn an_unknown_field_within_is_warned_of_with_its_path() {
    warned(
        r#"{"kind":"round.closed","occurred":"2023","data":{"round":"R1",«"outcme"»:"deadlock"}}"#,
        "unknown-field",
        "data has no field \"outcme\"; it is kept",
        "did you mean \"outcome\"?",
    );
    warned(
        r#"{"kind":"talks.resumed","occurred":"2023","context":{«"sumary"»:"on again"}}"#,
        "unknown-field",
        "context has no field \"sumary\"",
        "did you mean \"summary\"?",
    );
    warned(
        r#"{"kind":"talks.resumed","occurred":"2023","sources":[{"source":"S1"},{"source":"S2",«"quotes"»:"on again"}]}"#,
        "unknown-field",
        "sources[1] has no field \"quotes\"",
        "did you mean \"quote\"?",
    );
    warned(
        r#"{"kind":"statement.made","occurred":"2023","data":{"by":{"party":"wga",«"whom"»:"the chair"},"act":"appeal","text":"x"}}"#,
        "unknown-field",
        "data.by has no field \"whom\"",
        "did you mean \"who\"?",
    );
    warned(
        r#"{"kind":"incident.reported","occurred":"2023","data":{"category":"clash","tolls":{"class":"civilians","killed":{"low":1,«"hi"»:2}}}}"#,
        "unknown-field",
        "data.tolls.killed has no field \"hi\"",
        "",
    );
}

#[test]
fn a_word_outside_its_list_is_warned_of_and_read_as_other() {
    warned(
        r#"{"kind":"round.closed","occurred":"2023","data":{"round":"R1","outcome":«"no-agrement"»}}"#,
        "unknown-word",
        "data.outcome: \"no-agrement\" is not in its list",
        "did you mean \"no-agreement\"?",
    );
    warned(
        r#"{"kind":"statement.made","occurred":"2023","data":{"by":"wga","act":["appeal",«"song"»],"text":"x"}}"#,
        "unknown-word",
        "data.act[1]: \"song\"",
        "write one of announcement, appeal, ",
    );
    warned(
        r#"{"kind":"deadline.set","occurred":"2023","data":{"text":"x","due":{"with":"A1","milestone":«"signd"»}}}"#,
        "unknown-word",
        "data.due.milestone",
        "did you mean \"signed\"?",
    );
}

#[test]
fn a_shorthand_is_no_loss_and_not_warned_of() {
    for data in [
        r#"{"kind":"round.held","occurred":"2023","data":{"mediators":"qatar","delegations":{"party":"wga","members":"Stutzman"}}}"#,
        r#"{"kind":"negotiation.closed","occurred":"2023","data":{"outcome":"other","by":{"party":"wga"}}}"#,
        r#"{"kind":"offer.made","occurred":"2023","data":{"by":["a"],"to":[],"text":"x","final":false,"answers":[],"supersedes":"O1"}}"#,
        r#"{"kind":"violation.alleged","occurred":"2023","data":{"of":"C1","count":3,"by":[],"incident":null}}"#,
        r#"{"kind":"followup.set","data":{"text":"look","due":{"at":"2025-11-06"}}}"#,
        r#"{"kind":"talks.resumed","occurred":"2023","context":{"place":{"name":"Doha"}},"sources":{"source":"S1"}}"#,
        r#"{"kind":"party.joined","occurred":"2023","data":{"party":"qat","name":"Qatar","kind":"state","role":"host","codes":{"gw":694}}}"#,
    ] {
        assert_eq!(records(data).len(), 1);
    }
}

// Sealed lines

#[test]
fn a_draft_has_no_field_of_sealed_lines() {
    refused(
        r#"{"kind":"note.added","data":{"text":"quiet"},«"reported"»:"2023-10-26"}"#,
        "sealed-line",
        "\"reported\"",
        "in its citation",
    );
    refused(
        r#"{"kind":"note.added","data":{"text":"quiet"},«"version"»:7}"#,
        "sealed-line",
        "\"version\"",
        "kind, occurred, data, context, sources, id",
    );
}

#[test]
fn a_sealed_line_is_whole() {
    refused(
        r#"«{»"format":1,"kind":"note.added","data":{"text":"quiet"}}"#,
        "missing-member",
        "\"salts\" is missing",
        "talks export",
    );
    refused(r#"{"format":«2»,"kind":"note.added"}"#, "newer-format", "format 2", "newer");
}

#[test]
fn a_file_that_mixes_drafts_and_sealed_lines_says_so_once() {
    let sealed = r#"{"format":2,"kind":"note.added"}"#;
    let (_, problems) = read([NOTE, sealed, NOTE, sealed].join("\n").as_bytes());
    let ids: Vec<_> = problems.iter().map(|problem| (problem.line, problem.id)).collect();
    assert_eq!(ids, [(2, "mixed-shapes"), (2, "newer-format"), (4, "newer-format")]);
    assert!(problems[0].help.as_deref().is_some_and(|help| help.contains("two files")));
}

// Many problems

#[test]
fn every_bad_line_is_reported_and_the_good_ones_keep_their_numbers() {
    let log = ["{", NOTE, "", "[]", NOTE, r#"{"kind":"talks.resumed"}"#].join("\n");
    let (records, problems) = read(log.as_bytes());
    assert_eq!(versions(&records), [2, 4]);
    let ids: Vec<_> = problems.iter().map(|problem| (problem.line, problem.id)).collect();
    assert_eq!(ids, [(1, "bad-json"), (4, "not-an-object"), (6, "missing-date")]);
}

#[test]
fn the_fields_of_a_line_are_read_apart_so_that_one_error_does_not_hide_another() {
    let line = r#"{"kind":"demand.met","occurred":"2023-13","data":{"demand":"D1"},"context":{"announced":"soon"},"sources":{},"id":"x"}"#;
    let (records, problems) = read(line.as_bytes());
    let ids: Vec<_> = problems.iter().map(|problem| problem.id).collect();
    assert_eq!(ids, ["bad-date", "missing-field", "bad-date", "missing-field", "bad-value"]);
    assert!(records.is_empty() && problems.is_sorted_by_key(|problem| problem.column));
}

#[test]
fn a_line_with_very_many_problems_shows_the_errors_first_and_counts_the_rest() {
    let unknown: Vec<_> = (0..30).map(|n| format!("\"unheard-of-{n}\":1")).collect();
    let line = format!(r#"{{{},"kind":"talks.resumed"}}"#, unknown.join(","));
    let (_, problems) = read(line.as_bytes());
    assert_eq!(problems.len(), 21);
    assert!(problems.iter().any(|problem| problem.id == "missing-date"));
    says(&problems[20], "more-problems", "11 more problems", "");
}

#[test]
fn an_excerpt_is_the_line_or_a_window_around_the_column() {
    let line = format!(r#"{{"kind":"note.added","data":{{"text":"{}","on":"X1"}}}}"#, "é".repeat(300));
    let (_, problems) = read(line.as_bytes());
    let problem = &problems[0];
    let shown: Vec<char> = problem.excerpt.chars().collect();
    let underlined = &shown[problem.excerpt_column - 1..problem.excerpt_column - 1 + problem.width];
    assert_eq!(underlined.iter().collect::<String>(), "\"X1\"");
    assert_eq!(problem.column, line.chars().position(|c| c == 'X').unwrap_or_default());
    assert!(shown.len() <= 100);
    let (_, problems) = read(b"{\"kind\":7}");
    assert_eq!((problems[0].excerpt.as_str(), problems[0].excerpt_column), ("{\"kind\":7}", 9));
}

// Lines and files

#[test]
fn a_mark_at_the_start_and_the_line_ends_of_windows_are_accepted() {
    let log = format!("\u{FEFF}{NOTE}\r\n\r\n  \t\n{NOTE}");
    assert_eq!(versions(&records(&log)), [1, 2]);
    assert!(records("").is_empty() && records("\n\n").is_empty() && records("\u{FEFF}").is_empty());
}

#[test]
fn a_complete_last_line_needs_no_end_and_a_torn_one_is_named() {
    let log = format!("{NOTE}\n{NOTE}");
    for cut in NOTE.len() + 2..log.len() {
        let (records, problems) = read(&log.as_bytes()[..cut]);
        assert_eq!(versions(&records), [1], "cut at {cut}");
        assert_eq!((problems.len(), problems[0].line, problems[0].id), (1, 2, "bad-json"), "cut at {cut}");
    }
    assert_eq!(records(&log).len(), 2);
}

#[test]
fn several_files_are_one_log() {
    let mut reader = Reader::default();
    assert!(reader.push(format!("{NOTE}\n\n{NOTE}\n").as_bytes()).is_empty());
    let problems = reader.push(format!("\u{FEFF}\n{{\n{NOTE}").as_bytes());
    assert_eq!((problems[0].file, problems[0].line), (1, 2));
    let log = reader.finish();
    assert!(log.problems.is_empty());
    assert_eq!(versions(&log.records), [1, 2, 4]);
    assert_eq!(log.records[2].version(), Version(4));
}

#[test]
fn the_parts_keep_the_text_as_it_was_submitted() {
    let line = r#" {"sources": {"source":"S1"} ,"kind":"talks.resumed","occurred":"2023","data" : { "rou\u006ed": "R1", "new": [ 1 ] }}"#;
    let (records, _) = read(line.as_bytes());
    let parts = &records[0].parts;
    assert_eq!(&*parts.data, r#"{ "rou\u006ed": "R1", "new": [ 1 ] }"#);
    assert_eq!((&*parts.context, &*parts.sources), ("", r#"{"source":"S1"}"#));
    let (records, _) = read(br#"{"kind":"talks.resumed","occurred":"2023"}"#);
    assert_eq!(&*records[0].parts.data, "{}");
}

// Handles

fn demand(handle: &str) -> String {
    let handle = if handle.is_empty() { String::new() } else { format!(r#""demand":"{handle}","#) };
    format!(r#"{{"kind":"demand.raised","occurred":"2023","data":{{{handle}"by":"wga","of":"amptp","text":"x"}}}}"#)
}

#[test]
fn an_absent_handle_is_one_more_than_the_highest_defined_before() {
    let log = [demand(""), demand("D7"), demand("D2"), demand(""), demand("")].join("\n");
    assert_eq!(handles(&records(&log)), ["D1", "D7", "D2", "D8", "D9"]);
}

#[test]
fn each_sort_of_life_is_counted_by_itself_and_naming_is_not_defining() {
    let met = r#"{"kind":"demand.met","occurred":"2023","data":{"demand":"D40","how":"fully"}}"#.to_owned();
    let round = r#"{"kind":"round.opened","occurred":"2023"}"#.to_owned();
    let log = [met, round.clone(), demand(""), round].join("\n");
    assert_eq!(handles(&records(&log)), ["R1", "D1", "R2"]);
}

#[test]
fn a_bad_line_takes_its_handle_so_that_the_next_keeps_its_own() {
    let undated = demand("").replace(r#""occurred":"2023","#, "");
    let (records, problems) = read([undated, demand("")].join("\n").as_bytes());
    assert_eq!((handles(&records), problems.len()), (vec!["D2".to_owned()], 1));
}

#[test]
fn when_no_number_is_left_the_line_is_refused() {
    let (records, problems) = read([demand("D4294967295"), demand("")].join("\n").as_bytes());
    assert_eq!((records.len(), problems[0].line), (1, 2));
    says(&problems[0], "no-handle-left", "a new demand", "name the handle");
}

// Parties

fn joined(slug: &str, name: &str, aliases: &str) -> String {
    let data = format!(r#"{{"party":"{slug}","name":"{name}","aliases":[{aliases}],"kind":"state","role":"party"}}"#);
    format!(r#"{{"kind":"party.joined","occurred":"2023","data":{data}}}"#)
}

fn appeal(party: &str) -> String {
    format!(
        r#"{{"kind":"statement.made","occurred":"2023","data":{{"by":{{"party":"{party}","who":"a minister"}},"act":"appeal","text":"x"}},"context":{{"at_request_of":"{party}"}}}}"#
    )
}

#[test]
fn a_party_called_by_a_name_or_alias_is_called_by_its_slug_wherever_it_was_declared() {
    let declared = joined("pakistan", "Islamic Republic of Pakistan", r#""Islamabad""#);
    for name in ["Islamabad", "islamabad", " ISLAMABAD ", "islamic republic of pakistan", "Pakistan"] {
        let records = records(&[appeal(name), declared.clone()].join("\n"));
        assert_eq!(parties(&records[0]), ["pakistan"], "{name}");
        assert_eq!(records[0].context.at_request_of[0].as_str(), "pakistan");
    }
}

#[test]
fn a_slug_stands_for_itself_even_where_it_is_an_alias_of_another() {
    let log =
        [joined("kabul", "The city of Kabul", ""), joined("afghanistan", "Afghanistan", r#""kabul""#), appeal("kabul")];
    assert_eq!(parties(&records(&log.join("\n"))[2]), ["kabul"]);
}

#[test]
fn a_party_that_nobody_declared_stays_as_it_was_written() {
    assert_eq!(parties(&records(&appeal("Iran"))[0]), ["Iran"]);
}

#[test]
fn a_name_that_two_parties_share_stands_for_neither_and_is_warned_of() {
    let one = joined("afghanistan", "Afghanistan", r#""the Taliban""#);
    let other = joined("ttp", "Tehrik-i-Taliban Pakistan", r#""The Taliban""#);
    let (records, problems) = read([appeal("the taliban"), one, other].join("\n").as_bytes());
    assert_eq!(parties(&records[0]), ["the taliban"]);
    assert_eq!((problems.len(), problems[0].line, problems[0].column), (1, 1, 66));
    says(&problems[0], "ambiguous-party", "more than one party", "write \"afghanistan\" or \"ttp\"");
}

#[test]
fn the_names_within_a_patch_stay_as_they_were_written() {
    let patch = r#"{"kind":"event.corrected","data":{"target":"e1","basis":"source","reason":"x","patch":{"data":{"by":"Islamabad"}}}}"#;
    let log = [joined("pakistan", "Pakistan", r#""Islamabad""#), patch.to_owned()].join("\n");
    let records = records(&log);
    let patched = serde_json::to_value(records[1].event()).expect("an event is JSON");
    assert_eq!(patched["event.corrected"]["patch"]["data"]["by"], "Islamabad");
}

// Whatever comes

const GOLDENS: &str = include_str!("goldens/kinds.jsonl");

/// What holds of every problem, whatever was read.
fn points_into_its_line(bytes: &[u8], problem: &Problem) {
    let line = bytes.split(|byte| *byte == b'\n').nth(problem.line - 1).expect("the line is there");
    let shown = problem.excerpt.chars().count();
    assert!(problem.column >= 1 && problem.column <= line.len() + 1, "{problem:?}");
    assert!(problem.width >= 1 && shown <= 100, "{problem:?}");
    assert!(problem.excerpt_column <= shown + 1 && problem.excerpt_column + problem.width <= shown + 2, "{problem:?}");
}

fn survives(bytes: &[u8]) {
    let (records, problems) = read(bytes);
    assert!(records.is_sorted_by_key(|record| record.version().0));
    problems.iter().for_each(|problem| points_into_its_line(bytes, problem));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        survives(&bytes);
    }

    #[test]
    fn any_text_of_json_marks_is_read_without_a_panic(text in r#"[{}\[\]",:\\u0-9a-e.\n é-]{0,200}"#) {
        survives(text.as_bytes());
    }

    #[test]
    fn a_good_line_with_some_bytes_changed_is_read_without_a_panic(
        line in proptest::sample::select(GOLDENS.lines().collect::<Vec<_>>()),
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..4),
        swaps in proptest::collection::vec((any::<proptest::sample::Index>(), proptest::sample::select(vec!["null", "7", "{}", "[]", "\"\"", "true", ","])), 0..3),
    ) {
        let mut bytes = line.as_bytes().to_vec();
        for (index, byte) in &changes {
            let at = index.index(bytes.len());
            bytes[at] = *byte;
        }
        survives(&bytes);
        let mut text = line.to_owned();
        for (index, value) in swaps {
            // After a colon a value stands, so that the line often stays JSON.
            let colons: Vec<usize> = text.match_indices(':').map(|(at, _)| at + 1).collect();
            let at = colons[index.index(colons.len())];
            text.insert_str(at, &format!("{value},\"x\":"));
        }
        survives(text.as_bytes());
    }
}
