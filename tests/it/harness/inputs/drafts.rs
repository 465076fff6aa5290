//! Bad drafts: what is no JSON, no UTF-8, too deep or too large; numbers, keys, letters, dates and names that are not what they seem.

use serde_json::{Value, json};

use super::{Case, import, line};
use crate::survival::statement;

/// Characters that steer, reorder, or are not seen.
const ODD: [(&str, char); 24] = [
    ("nul", '\0'),
    ("bell", '\u{7}'),
    ("backspace", '\u{8}'),
    ("escape", '\u{1b}'),
    ("delete", '\u{7f}'),
    ("csi", '\u{9b}'),
    ("nel", '\u{85}'),
    ("soft-hyphen", '\u{ad}'),
    ("arabic-letter-mark", '\u{61c}'),
    ("mongolian-vowel-separator", '\u{180e}'),
    ("zero-width-space", '\u{200b}'),
    ("zero-width-joiner", '\u{200d}'),
    ("left-to-right-mark", '\u{200e}'),
    ("right-to-left-mark", '\u{200f}'),
    ("line-separator", '\u{2028}'),
    ("paragraph-separator", '\u{2029}'),
    ("right-to-left-embedding", '\u{202b}'),
    ("right-to-left-override", '\u{202e}'),
    ("word-joiner", '\u{2060}'),
    ("isolate", '\u{2066}'),
    ("pop-isolate", '\u{2069}'),
    ("byte-order-mark", '\u{feff}'),
    ("annotation", '\u{fff9}'),
    ("tag", '\u{e0041}'),
];

pub fn cases() -> Vec<Case> {
    [
        syntax(),
        cut(),
        encoding(),
        ends(),
        keys(),
        numbers(),
        letters(),
        depth(),
        size(),
        members(),
        dates(),
        names(),
        amends(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The statement that all of these are made from.
fn good() -> String {
    statement("said").to_string()
}

/// The same with one text for another.
fn with(from: &str, to: &str) -> String {
    let good = good();
    assert!(good.contains(from), "{from}");
    format!("{}\n", good.replacen(from, to, 1))
}

/// A statement with other members.
fn other(group: &str, name: &str, change: impl Fn(&mut Value)) -> Case {
    let mut draft = statement("said");
    change(&mut draft);
    import(format!("{group}: {name}"), line(&draft))
}

fn syntax() -> Vec<Case> {
    let texts = [
        "",
        "\n",
        "{",
        "}",
        "{}",
        "[]",
        "null",
        "true",
        "1",
        "\"text\"",
        "{]",
        "{,}",
        "{\"kind\"}",
        "{\"kind\":}",
        "{\"kind\":1,}",
        "{kind:1}",
        "{'kind':'x'}",
        "{\"kind\":\"note.added\"} {}",
        "{\"kind\":\"note.added\"}{}",
        "// a remark",
        "{\"kind\":NaN}",
        "{\"kind\":Infinity}",
        "{\"kind\":undefined}",
        "{\"kind\":\"note.added\"\"data\":{}}",
        "{\"kind\":\"note.added\";\"data\":{}}",
        "{\"kind\":\"note.added\",\"data\":{\"text\":\"\\x41\"}}",
        "{\"kind\":\"note.added\",\"data\":{\"text\":\"\\u12\"}}",
        "kind=note.added text=x",
        "---\nkind: note.added",
        "\u{feff}",
        "<draft/>",
        "kind,data\nnote.added,x",
    ];
    texts.iter().enumerate().map(|(at, text)| import(format!("syntax {at:02}: {text:?}"), *text)).collect()
}

fn cut() -> Vec<Case> {
    let good = good();
    (1..good.len()).step_by(6).map(|at| import(format!("cut after {at} bytes"), &good.as_bytes()[..at])).collect()
}

fn encoding() -> Vec<Case> {
    let wide = |big: bool| -> Vec<u8> {
        let units = format!("\u{feff}{}\n", good());
        units.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    };
    let mut cases = vec![
        import("encoding: UTF-16, little end first", wide(false)),
        import("encoding: UTF-16, big end first", wide(true)),
        import("encoding: UTF-16 without its mark", wide(false)[2..].to_vec()),
        import("encoding: a byte order mark", format!("\u{feff}{}\n", with("said", "marked").trim())),
        import("encoding: two byte order marks", format!("\u{feff}\u{feff}{}\n", good())),
    ];
    let bad: [(&str, &[u8]); 12] = [
        ("a lone continuation", b"\x80"),
        ("a cut sequence", b"\xe2\x82"),
        ("latin 1", b"caf\xe9"),
        ("an overlong nul", b"\xc0\x80"),
        ("an overlong slash", b"\xe0\x80\xaf"),
        ("an overlong quote", b"\xc0\xa2"),
        ("a surrogate in UTF-8", b"\xed\xa0\x80"),
        ("a pair of surrogates in UTF-8", b"\xed\xa0\xbd\xed\xb8\x80"),
        ("beyond the last character", b"\xf4\x90\x80\x80"),
        ("five bytes", b"\xf8\x88\x80\x80\x80"),
        ("fe", b"\xfe"),
        ("ff", b"\xff"),
    ];
    for (name, bytes) in bad {
        for (place, from) in [("a text", "said"), ("a key", "text"), ("a kind", "statement")] {
            let text = with(from, "@@");
            let (before, after) = text.split_once("@@").expect("the place");
            cases.push(import(
                format!("encoding: {name} in {place}"),
                [before.as_bytes(), bytes, after.as_bytes()].concat(),
            ));
        }
    }
    cases
}

fn ends() -> Vec<Case> {
    let two = |end: &str| format!("{}{end}{}{end}", with("said", "one").trim(), with("said", "two").trim());
    let ends = [
        ("a carriage return alone", "\r"),
        ("both", "\r\n"),
        ("a blank line between", "\n\n"),
        ("next line", "\u{85}"),
        ("a line separator", "\u{2028}"),
        ("a vertical tab", "\u{b}"),
        ("a form feed", "\u{c}"),
        ("a nul", "\0"),
        ("nothing", ""),
    ];
    let mut cases: Vec<Case> = ends.iter().map(|(name, end)| import(format!("ends: {name}"), two(end))).collect();
    cases.push(import("ends: the last line is not ended", with("said", "open").trim()));
    cases
}

fn keys() -> Vec<Case> {
    [
        ("twice at the top", "\"kind\"", "\"kind\":\"note.added\",\"kind\""),
        ("twice in the data", "\"text\":\"said\"", "\"text\":\"said\",\"text\":\"other\""),
        ("twice with the same value", "\"text\":\"said\"", "\"text\":\"said\",\"text\":\"said\""),
        ("twice, once escaped", "\"text\":\"said\"", "\"text\":\"said\",\"te\\u0078t\":\"other\""),
        ("twice in an unknown part", "\"text\":\"said\"", "\"text\":\"said\",\"more\":{\"a\":1,\"a\":2}"),
        ("of a library's own", "\"text\":\"said\"", "\"text\":\"said\",\"$serde_json::private::Number\":\"1\""),
        (
            "of a library's own, raw",
            "\"text\":\"said\"",
            "\"text\":\"said\",\"more\":{\"$serde_json::private::RawValue\":\"1\"}",
        ),
        ("empty", "\"text\":\"said\"", "\"text\":\"said\",\"\":1"),
        ("a nul", "\"text\":\"said\"", "\"text\":\"said\",\"a\\u0000\":1"),
        ("a prototype", "\"text\":\"said\"", "\"text\":\"said\",\"__proto__\":{}"),
    ]
    .map(|(name, from, to)| import(format!("keys: {name}"), with(from, to)))
    .into()
}

fn numbers() -> Vec<Case> {
    let numbers = [
        "9007199254740991",
        "9007199254740992",
        "9007199254740993",
        "-9007199254740991",
        "-9007199254740992",
        "18446744073709551615",
        "18446744073709551616",
        "1e400",
        "1e3",
        "1.0",
        "1.5",
        "-0",
        "-0.0",
        "0.1",
        "1e-5",
        "01",
        "+1",
        "0x10",
        ".5",
        "1.",
        "-",
        "100000000000000000000000000000000000000000000000",
    ];
    let mut cases = Vec::new();
    for number in numbers {
        let tolls = format!("{{\"category\":\"clash\",\"tolls\":[{{\"class\":\"civilians\",\"killed\":{number}}}]}}");
        let draft = format!("{{\"kind\":\"incident.reported\",\"occurred\":\"2025-10-20\",\"data\":{tolls}}}\n");
        cases.push(import(format!("numbers: {number} where one is read"), draft));
        let to = format!("\"text\":\"said\",\"more\":{number}");
        cases.push(import(format!("numbers: {number} where none is known"), with("\"text\":\"said\"", &to)));
    }
    for value in ["\"5\"", "true", "null", "[1]", "{}", "-1"] {
        let tolls = format!("{{\"category\":\"clash\",\"tolls\":[{{\"class\":\"civilians\",\"killed\":{value}}}]}}");
        let draft = format!("{{\"kind\":\"incident.reported\",\"occurred\":\"2025-10-20\",\"data\":{tolls}}}\n");
        cases.push(import(format!("numbers: {value} for a number"), draft));
    }
    cases
}

fn letters() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, c) in ODD {
        let escaped = json!(c.to_string()).to_string();
        let escaped = escaped.trim_matches('"');
        cases.push(import(format!("letters: {name} in a text"), with("said", &format!("a{escaped}b"))));
        cases.push(import(format!("letters: {name} in a party"), with("\"north\"", &format!("\"nor{escaped}th\""))));
        cases.push(import(
            format!("letters: {name} in a kind"),
            with("statement.made", &format!("statement{escaped}.made")),
        ));
    }
    for byte in (0u8..0x20).filter(|byte| !b"\n".contains(byte)) {
        let text = with("said", "@@");
        let (before, after) = text.split_once("@@").expect("the place");
        cases.push(import(
            format!("letters: {byte:#04x} as it is"),
            [before.as_bytes(), &[byte], after.as_bytes()].concat(),
        ));
    }
    for (name, text) in [
        ("a high half", "\\ud83d"),
        ("a low half", "\\ude00"),
        ("halves in the wrong order", "\\ude00\\ud83d"),
        ("a high half and a letter", "\\ud83da"),
        ("two high halves", "\\ud83d\\ud83d"),
        ("a pair", "\\ud83d\\ude00"),
    ] {
        cases.push(import(format!("letters: {name} in a text"), with("said", text)));
        cases.push(import(format!("letters: {name} in a key"), with("\"text\":", &format!("\"{text}\":1,\"text\":"))));
    }
    cases
}

fn depth() -> Vec<Case> {
    let mut cases = Vec::new();
    for depth in [29, 30, 31, 32, 33, 64, 126, 127, 128, 129, 1_000, 100_000] {
        for (name, open, close) in [("lists", "[", "]"), ("objects", "{\"a\":", "}")] {
            let inner = if name == "lists" { "" } else { "1" };
            let deep = format!("{}{inner}{}", open.repeat(depth), close.repeat(depth));
            let to = format!("\"text\":\"said\",\"more\":{deep}");
            cases.push(import(format!("depth: {depth} {name}"), with("\"text\":\"said\"", &to)));
        }
    }
    cases.push(import("depth: 100000 lists that are never closed", "[".repeat(100_000)));
    cases
}

fn size() -> Vec<Case> {
    let long = |length: usize| "x".repeat(length);
    let mut cases: Vec<Case> = [65_535, 65_536, 65_537, 1_000_000]
        .iter()
        .map(|length| import(format!("size: a text of {length} bytes"), with("said", &long(*length))))
        .collect();
    cases.push(import("size: a text of 65536 escapes", with("said", &"\\u0061".repeat(65_536))));
    cases.push(import("size: a text of 65537 escapes", with("said", &"\\u0061".repeat(65_537))));
    cases.push(import("size: a name of 65537 bytes", with("\"text\":", &format!("\"{}\":1,\"text\":", long(65_537)))));
    cases.push(import("size: a kind of 70000 bytes", with("statement.made", &long(70_000))));
    cases.push(import("size: a party of 70000 bytes", with("\"north\"", &format!("\"{}\"", long(70_000)))));
    let many: String = (0..70_000).map(|at| format!("\"k{at}\":{at},")).collect();
    cases.push(import("size: 70000 members", with("\"text\":", &format!("{many}\"text\":"))));
    cases.push(import("size: a line of 2 MiB", with("said", &long(2 << 20))));
    cases.push(import("size: 2 MiB of spaces", with("\"text\":", &format!("{}\"text\":", " ".repeat(2 << 20)))));
    cases
}

fn members() -> Vec<Case> {
    let values = [
        ("null", json!(null)),
        ("a number", json!(1)),
        ("a list", json!([])),
        ("a truth", json!(true)),
        ("a text", json!("")),
    ];
    let mut cases = Vec::new();
    for member in ["kind", "occurred", "data", "context", "sources", "id"] {
        for (name, value) in &values {
            cases.push(other("members", &format!("{member} is {name}"), |draft| draft[member] = value.clone()));
        }
    }
    for member in ["version", "log", "root", "recorded", "salts", "digests", "format", "schema", "defines", "unknown"] {
        cases.push(other("members", &format!("{member} is given"), |draft| draft[member] = json!("1")));
    }
    for id in [
        "x",
        "11111111-2222-4333-8444-55555555555",
        "{11111111-2222-4333-8444-555555555555}",
        "11111111222243338444555555555555x",
    ] {
        cases.push(other("members", &format!("the id is {id}"), |draft| draft["id"] = json!(id)));
    }
    for kind in [
        "",
        " ",
        "statement",
        "statement.made ",
        "Statement.Made",
        "statement.unmade",
        "made",
        ".",
        "a.b",
        "../x",
        "event.corrected",
    ] {
        cases.push(other("members", &format!("the kind is {kind:?}"), |draft| draft["kind"] = json!(kind)));
    }
    for act in ["", "Position", "nonsense", "position "] {
        cases.push(other("members", &format!("the act is {act:?}"), |draft| draft["data"]["act"] = json!(act)));
    }
    cases
}

fn dates() -> Vec<Case> {
    let dates = [
        "",
        " ",
        "x",
        "yesterday",
        "2025",
        "2025-10",
        "2025-02-29",
        "2025-02-30",
        "2025-13-01",
        "2025-00-10",
        "2025-10-00",
        "2025-10-32",
        "2025-1-1",
        "20251020",
        "10/11/2025",
        "20.10.2025",
        "2025-10-20 ",
        " 2025-10-20",
        "2025-10-20T25:00",
        "2025-10-20T10:00",
        "2025-10-20T10:00:00Z",
        "2025-10-20T10:00:61Z",
        "2025-10-20T10:00:00+25:00",
        "2025-10-20T10:00:00.5Z",
        "2025-10-20Z",
        "0000-01-01",
        "-0001-01-01",
        "9999-12-31",
        "10000-01-01",
        "Y170000002",
        "2025-W42",
        "2025-293",
        "2025-10-20/2025-10-19",
        "2025-10-20/",
        "/2025-10-20",
        "../2025-10-20",
        "2025-10-20/..",
        "2025-10-20?",
        "2025-10-20~",
        "2025-10-20%",
        "2025-10-XX",
        "XXXX",
        "[2025-10-20,2025-10-22]",
        "{2025-10-20}",
        "2025-21",
        "２０２５-10-20",
        "2025‐10‐20",
        "2025\u{2212}10-20",
        "2025-10-20\0",
        "2025-10-20\n",
        "1e9",
        "now",
        "today",
        "99999999999999999999-01-01",
        "-",
        "--",
        "2025-10-20--2025-10-22",
    ];
    let case = |date: &&str| other("dates", &format!("{date:?}"), |draft| draft["occurred"] = json!(date));
    dates.iter().map(case).collect()
}

fn names() -> Vec<Case> {
    let mut cases = Vec::new();
    let handles = [
        "",
        "D",
        "D0",
        "D2",
        "D-1",
        "D1.0",
        "D01",
        "d1",
        "D1 ",
        " D1",
        "D１",
        "X1",
        "E1",
        "e0",
        "e1",
        "e3",
        "e4",
        "e99",
        "e-1",
        "e1.5",
        "S1",
        "R1",
        "D99999999999999999999",
        "D4294967296",
        "D1\0",
        "Ｄ1",
        "D1;DROP TABLE logs",
        "north",
    ];
    for handle in handles {
        let draft = json!({ "kind": "demand.withdrawn", "occurred": "2025-10-21", "data": { "demand": handle } });
        cases.push(import(format!("names: the demand is {handle:?}"), line(&draft)));
    }
    for party in [
        "",
        " ",
        "nobody",
        "NORTH",
        "north ",
        "n\u{43e}rth",
        "north\u{301}",
        "../north",
        "north;south",
        "-",
        "1",
        "north,south",
    ] {
        cases.push(other("names", &format!("the party is {party:?}"), |draft| draft["data"]["by"] = json!(party)));
    }
    for sources in [
        json!("S1"),
        json!(["S1"]),
        json!({ "source": "S1" }),
        json!({ "source": "" }),
        json!({ "source": "e1" }),
        json!([{}]),
        json!({}),
    ] {
        cases.push(other("names", &format!("the sources are {sources}"), |draft| draft["sources"] = sources.clone()));
    }
    cases
}

fn amends() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut amend = |kind: &str, data: Value| {
        cases.push(import(format!("amends: {kind} {data}"), line(&json!({ "kind": kind, "data": data }))));
    };
    for target in ["e0", "e4", "e5", "e99", "D2", "S1", "", "x", "e1"] {
        amend("event.retracted", json!({ "target": target, "reason": "r" }));
        amend(
            "event.corrected",
            json!({ "target": target, "patch": { "data": { "text": "t" } }, "basis": "transcription", "reason": "r" }),
        );
        amend("record.erased", json!({ "target": target, "parts": ["data"], "reason": "r", "basis": "b" }));
    }
    for patch in [
        json!(null),
        json!({}),
        json!([]),
        json!(""),
        json!({ "kind": "note.added" }),
        json!({ "id": "x" }),
        json!({ "version": 1 }),
        json!({ "data": null }),
        json!({ "data": { "act": 1 } }),
        json!({ "occurred": "2025-02-30" }),
        json!({ "occurred": null }),
        json!({ "unknown": 1 }),
        json!({ "data": { "by": "nobody" } }),
    ] {
        amend("event.corrected", json!({ "target": "e2", "patch": patch, "basis": "transcription", "reason": "r" }));
    }
    for basis in ["", "source", "rumour"] {
        amend(
            "event.corrected",
            json!({ "target": "e2", "patch": { "data": { "text": "t" } }, "basis": basis, "reason": "r" }),
        );
    }
    for parts in [json!([]), json!(["envelope"]), json!("data"), json!(["data", "data"]), json!(null), json!(["Data"])]
    {
        amend("record.erased", json!({ "target": "e2", "parts": parts, "reason": "r", "basis": "b" }));
    }
    amend("event.reinstated", json!({ "target": "e2", "reason": "r" }));
    amend("negotiation.opened", json!({ "title": "Again", "parties": [] }));
    cases
}
