//! Briefings: six of real negotiations as they were read and found right, and what no text of an event can do to one.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use pulldown_cmark::{Event, Options, Parser, Tag};
use serde_json::Value;
use talks::exchange::drafts;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const WORDS_AT_MOST: usize = 900;

/// The log, and the day.
const BRIEFS: [(&str, &str); 6] = [
    ("afghanistan-pakistan-2025", "2025-10-20"),
    ("afghanistan-pakistan-2025", "2025-11-08"),
    ("us-taliban-2018-2020", "2020-03-11"),
    ("colombia-farc-2012-2016", "2016-10-03"),
    ("wga-strike-2023", "2023-08-12"),
    ("wga-strike-2023", "2023-09-24"),
];

/// Texts that want to be more than text: blocks, inlines, HTML, footnotes, attributes, and what steers a terminal.
const HOSTILE: [&str; 40] = [
    "# heading",
    "a\n\n# heading",
    "a\r\n===\r\nb",
    "--- a",
    "- item",
    "+ item",
    "* item",
    "1. item",
    "12) item",
    "> quote",
    "    code",
    "\tcode",
    "``` fence",
    "~~~ fence",
    "`code` ``code``",
    "*a* _b_ **c** __d__ ~~e~~ ~f~ ^g^",
    "[a](https://x.example)",
    "![a](https://x.example/a.png)",
    "[a][b] [c]",
    "[[wiki]]",
    "<https://x.example>",
    "<script>alert(1)</script>",
    "<b onclick=\"x\">a</b> <!-- a -->",
    "</ul></li>",
    "&lt;b&gt; &amp; &#35; &copy;",
    "[^S1]",
    "[^S1]: note",
    "[a]: https://x.example",
    "a | b | c",
    "| a |\n|---|\n| b |",
    "$x$ $$y$$",
    "a {#id .class}",
    ": definition",
    "[ ] task",
    "a\\",
    "\\[a\\](b)",
    "[!NOTE] a",
    "a  \nb",
    "{{ title }} {% for x in state %}",
    "\u{202e}a\u{2066} \u{1b}[31mb\u{0}\u{7} \u{2028}# c",
];

fn talks(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_talks"));
    command.args(args).current_dir(ROOT).env_remove("TALKS_STORE").env("HOME", env!("CARGO_TARGET_TMPDIR"));
    command.env_remove("XDG_DATA_HOME").output().expect("the program runs")
}

#[track_caller]
fn says(args: &[&str]) -> String {
    let output = talks(args);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("a briefing is text")
}

#[track_caller]
fn complains(args: &[&str], wanted: &[&str]) {
    let output = talks(args);
    let text = String::from_utf8_lossy(&output.stderr).to_string();
    assert_eq!(output.status.code(), Some(1), "{args:?}: {text}");
    wanted.iter().for_each(|words| assert!(text.contains(words), "{args:?} does not say {words}: {text}"));
}

fn words(brief: &str) -> usize {
    brief.lines().filter(|line| !line.starts_with("[^")).map(|line| line.split_whitespace().count()).sum()
}

/// A file of this run's own.
fn file(name: &str, text: &str) -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("briefs.{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join(name);
    fs::write(&path, text).expect("a file");
    path.display().to_string()
}

#[test]
fn the_briefings_of_real_negotiations_are_as_they_were_read() {
    let update = std::env::var_os("UPDATE").is_some_and(|value| value == "1");
    for (log, day) in BRIEFS {
        let path = PathBuf::from(ROOT).join(format!("tests/it/goldens/briefs/{log}.{day}.md"));
        let brief = says(&["brief", "--log", &format!("events/{log}.jsonl"), "--as-of", day]);
        if update {
            fs::write(&path, &brief).expect("a golden can be written");
        }
        let kept = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(kept, brief, "{} differs; run UPDATE=1 cargo test and read it", path.display());
        assert!(words(&brief) <= WORDS_AT_MOST, "{log} {day}: {} words", words(&brief));
    }
}

#[test]
fn the_command_at_its_foot_gives_the_same_briefing_again() {
    for (log, day) in BRIEFS {
        let brief = says(&["brief", "--log", &format!("events/{log}.jsonl"), "--as-of", day, "--known-by", day]);
        let line = brief.lines().find_map(|line| line.strip_prefix("- The same again: `talks ")).expect("a command");
        let command: Vec<&str> = line.trim_end_matches('`').split(' ').collect();
        assert_eq!(says(&command), brief, "{line}");
    }
}

#[test]
fn a_log_of_any_length_gives_a_briefing_that_fits() {
    let long = "every word of this is one too many ".repeat(40);
    let mut drafts = vec![
        r#"{"kind":"negotiation.opened","occurred":"2025-10-01","data":{"title":"T","parties":[{"party":"a","name":"A","kind":"state","role":"party"},{"party":"b","name":"B","kind":"state","role":"party"}]}}"#.to_string(),
    ];
    for day in 1..=28 {
        let date = format!("2025-11-{day:02}");
        drafts.push(format!(
            r#"{{"kind":"demand.raised","occurred":"{date}","data":{{"by":["a"],"of":["b"],"text":"{day} {long}"}}}}"#
        ));
        drafts.push(format!(r#"{{"kind":"incident.reported","occurred":"{date}","data":{{"category":"attack"}},"context":{{"summary":"{long}"}}}}"#));
        drafts.push(format!(
            r#"{{"kind":"claim.made","occurred":"{date}","data":{{"claim":"Q{day}","by":"a","text":"{long}"}}}}"#
        ));
        drafts.push(format!(r#"{{"kind":"claim.denied","occurred":"{date}","data":{{"of":"Q{day}","by":"b"}}}}"#));
    }
    let log = file("long.jsonl", &drafts.join("\n"));
    let brief = says(&["brief", "--log", &log, "--as-of", "2025-11-28", "--since", "2025-10-31", "-q"]);
    assert!(words(&brief) <= WORDS_AT_MOST, "{} words", words(&brief));
    assert!(brief.contains("28 demands are open") && brief.contains("28 points are disputed"), "{brief}");
    assert!(brief.contains("more: `talks demands`") && brief.contains("lists were cut"), "{brief}");
}

/// The golden sample of every kind, with this text wherever any text can stand.
fn log_that_says(hostile: &str) -> String {
    let lines = include_str!("goldens/kinds.jsonl").lines().step_by(2);
    lines
        .map(|line| {
            let mut draft: Value = serde_json::from_str(line).expect("a sample is JSON");
            for way in ways(&draft) {
                let kept = draft.pointer(&way).cloned().expect("a way leads somewhere");
                *draft.pointer_mut(&way).expect("a way") = "harmless words".into();
                let (_, problems) = drafts::read(draft.to_string().as_bytes());
                *draft.pointer_mut(&way).expect("a way") = if problems.is_empty() { hostile.into() } else { kept };
            }
            draft.to_string() + "\n"
        })
        .collect()
}

/// The ways to all texts in a value, as JSON pointers.
fn ways(value: &Value) -> Vec<String> {
    let below = |name: &str, value: &Value| -> Vec<String> {
        ways(value).into_iter().map(|way| format!("/{name}{way}")).collect()
    };
    match value {
        Value::String(_) => vec![String::new()],
        Value::Array(all) => all.iter().enumerate().flat_map(|(i, value)| below(&i.to_string(), value)).collect(),
        Value::Object(all) => all.iter().flat_map(|(name, value)| below(name, value)).collect(),
        _ => Vec::new(),
    }
}

/// What a reader of Markdown makes of a briefing, without its words.
fn skeleton(brief: &str) -> Vec<String> {
    let mut skeleton: Vec<String> = Vec::new();
    for event in Parser::new_ext(brief, Options::all()) {
        let piece = match event {
            Event::Text(_) => "text".to_string(),
            Event::Code(_) => "code".to_string(),
            event => format!("{event:?}"),
        };
        if piece != "text" || skeleton.last().is_none_or(|last| last != "text") {
            skeleton.push(piece);
        }
    }
    skeleton
}

#[track_caller]
fn has_nothing_foreign(brief: &str, hostile: &str) {
    for event in Parser::new_ext(brief, Options::all()) {
        let foreign = match &event {
            Event::Start(tag) => !matches!(
                tag,
                Tag::Paragraph | Tag::Heading { .. } | Tag::List(_) | Tag::Item | Tag::FootnoteDefinition(_)
            ),
            Event::Text(_) | Event::Code(_) | Event::FootnoteReference(_) | Event::End(_) => false,
            _ => true,
        };
        assert!(!foreign, "{hostile:?} made {event:?}:\n{brief}");
    }
}

fn first_heading(brief: &str) -> String {
    let inside = Parser::new_ext(brief, Options::all() - Options::ENABLE_SMART_PUNCTUATION).skip(1);
    let texts = inside.take_while(|event| !matches!(event, Event::End(_)));
    texts.map(|event| if let Event::Text(text) = event { text.to_string() } else { String::new() }).collect()
}

#[test]
fn no_text_of_an_event_becomes_anything_but_text() {
    let mut plain: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let brief = |text: &str| {
        let log = file("hostile.jsonl", &log_that_says(text));
        says(&["brief", "--log", &log, "--as-of", "2030-01-01", "--since", "2000-01-01", "-q"])
    };
    for hostile in HOSTILE {
        let count = hostile.split_whitespace().count();
        let harmless = plain.entry(count).or_insert_with(|| skeleton(&brief(&vec!["word"; count].join(" "))));
        let text = brief(hostile);
        has_nothing_foreign(&text, hostile);
        assert_eq!(&skeleton(&text), harmless, "{hostile:?}:\n{text}");
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{hostile:?}");
        assert!(!text.contains(['\u{202e}', '\u{2066}', '\u{2028}']), "{hostile:?}");
        if hostile.chars().all(|c| c.is_whitespace() || !c.is_control()) && !hostile.contains('\u{202e}') {
            let shown = hostile.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(first_heading(&text), shown, "the text itself is not lost");
        }
    }
}

#[test]
fn a_template_puts_a_text_anywhere_and_it_stays_text() {
    let places = "{{ title }}\n\n- {{ title }}\n\n> {{ title }}\n\n# {{ title }}\n\n| a |\n|---|\n| {{ title }} |\n\n\
                  {% set t %}{{ title }}{% endset %}{{ t }}\n\nx {{ answer | code ~ title }}\n\n\
                  {% autoescape false %}{{ title }}{% endautoescape %}\n";
    let template = file("places.md", places);
    let brief = |text: &str| {
        let log = file("places.jsonl", &log_that_says(text));
        says(&["brief", "--log", &log, "--as-of", "2030-01-01", "--template", &template, "-q"])
    };
    let harmless = skeleton(&brief("word"));
    assert!(harmless.iter().any(|piece| piece.contains("Table")), "{harmless:?}");
    for hostile in HOSTILE {
        let text = brief(hostile);
        assert_eq!(skeleton(&text), harmless, "{hostile:?}:\n{text}");
    }
}

#[test]
fn the_printed_template_gives_the_same_briefing() {
    let template = file("template.md", &says(&["brief", "--print-template"]));
    let asked = ["brief", "--log", "events/wga-strike-2023.jsonl", "--as-of", "2023-08-12"];
    let (built_in, own) = (says(&asked), says(&[&asked[..], &["--template", &template]].concat()));
    let body =
        |brief: &str| brief.lines().filter(|line| !line.contains("The same again")).collect::<Vec<_>>().join("\n");
    assert_eq!(body(&built_in), body(&own));
    assert!(own.contains(&format!("--template {template}")));
}

#[test]
fn a_template_that_does_not_work_is_told_with_its_line() {
    let log = "events/wga-strike-2023.jsonl";
    let fails = |name: &str, template: &str, wanted: &[&str]| {
        let template = file(name, template);
        complains(&["brief", "--log", log, "--template", &template], wanted);
    };
    fails(
        "undefined.md",
        "# {{ title }}\n\n{{ headline }}\n",
        &["undefined.md:3", "{{ headline }}", "--print-template"],
    );
    fails("syntax.md", "a\n{% for x in %}\n", &["syntax.md:2", "help:"]);
    fails("filter.md", "{{ title | safe }}", &["filter.md:1", "two filters"]);
    fails("include.md", "{% include '/etc/passwd' %}", &["include.md:1"]);
    let loops = "{% for a in command %}{% for b in command %}{% for c in command %}{% for d in command %}.";
    fails("long.md", &format!("{loops}{}", "{% endfor %}".repeat(4)), &["long.md:1"]);
    let nested = format!("{}1{}", "[".repeat(400), "]".repeat(400));
    fails("deep.md", &format!("{{{{ {nested} }}}}"), &["deep.md:1"]);
    complains(&["brief", "--log", log, "--template", "no-such-file.md"], &["no such file"]);
}

#[test]
fn a_briefing_is_written_to_a_new_file_and_never_over_another() {
    let taken = file("taken.md", "mine\n");
    let asked = ["brief", "--log", "events/wga-strike-2023.jsonl", "--as-of", "2023-08-12"];
    complains(&[&asked[..], &["-o", &taken]].concat(), &["is there already", "nothing is ever overwritten"]);
    assert_eq!(fs::read_to_string(&taken).expect("it is still there"), "mine\n");
    let new = format!("{taken}.new");
    let _ = fs::remove_file(&new);
    assert_eq!(says(&[&asked[..], &["-o", &new]].concat()), "");
    assert_eq!(fs::read_to_string(&new).expect("it is there"), says(&asked));
}

#[test]
fn what_possibly_came_later_says_so() {
    let brief = says(&["brief", "--log", "events/istanbul-talks-as-printed.jsonl", "--as-of", "2023-10-22"]);
    assert!(brief.contains("The talks are in session (possibly; for certain only: not in session)."), "{brief}");
    assert!(brief.contains("Talks: from not begun to in session, R2, possibly."), "{brief}");
    assert!(brief.contains("in session since some day between 19 and 25 Oct 2023"), "{brief}");
    assert!(brief.contains("Ceasefire C1, of Afghanistan and Pakistan: in force (day 4) since 19 Oct 2023"), "{brief}");
}

#[test]
fn what_came_in_late_is_told_apart_from_what_happened() {
    let log = file(
        "late.jsonl",
        r#"{"kind":"negotiation.opened","occurred":"2025-10-01","data":{"title":"T","parties":[{"party":"a","name":"A","kind":"state","role":"party"},{"party":"b","name":"B","kind":"state","role":"party"}]},"context":{"announced":"2025-10-01"}}
{"kind":"source.registered","data":{"title":"Wire","published":"2025-10-03"}}
{"kind":"source.registered","data":{"title":"Gazette","published":"2025-10-12"}}
{"kind":"demand.raised","occurred":"2025-10-02","data":{"by":["a"],"of":["b"],"text":"Open the crossing"},"sources":[{"source":"S1"}]}
{"kind":"demand.raised","occurred":"2025-10-03","data":{"by":["b"],"of":["a"],"text":"Close the camps"},"sources":[{"source":"S2"}]}
{"kind":"event.corrected","data":{"target":"e4","patch":{"occurred":"2025-10-01"},"reason":"the Gazette has the first","basis":"source"},"sources":[{"source":"S2"}]}
{"kind":"demand.raised","occurred":"2025-10-04","data":{"by":["a"],"of":["b"],"text":"Pay the pilots"},"sources":[{"source":"S1"}]}
{"kind":"event.corrected","data":{"target":"e7","patch":{"occurred":"2025-10-10"},"reason":"it was the tenth","basis":"source"},"sources":[{"source":"S2"}]}
{"kind":"demand.raised","occurred":"2025-10-05","data":{"by":["a"],"of":["b"],"text":"Free the road"},"sources":[{"source":"S1"}]}
{"kind":"event.retracted","data":{"target":"e9","reason":"it was another road"},"sources":[{"source":"S2"}]}
"#,
    );
    let asked = ["--log", &log, "--as-of", "2025-10-14", "--since", "2025-10-08"];
    let brief = says(&[&["brief"], &asked[..]].concat());
    let (_, late) = brief.split_once("## What became known").expect("a section of its own");
    let late = late.split("\n## ").next().unwrap_or_default();
    assert!(
        late.contains("Corrected: A of B: Open the crossing (1 Oct 2025; before: 2 Oct 2025).[^S1][^S2]"),
        "{brief}"
    );
    assert!(late.contains("3 Oct 2025: B of A: Close the camps.[^S2]"), "{brief}");
    // It was moved past the earlier day, so it is corrected, and not gone.
    assert!(late.contains("Corrected: A of B: Pay the pilots (10 Oct 2025; before: 4 Oct 2025)."), "{brief}");
    assert!(late.contains("Counts no more: A of B: Free the road (5 Oct 2025)."), "{brief}");
    assert!(brief.contains("Demand D3, Pay the pilots: new, open.") && !late.contains("new, open"), "{brief}");
    let earlier = says(&["brief", "--log", &log, "--as-of", "2025-10-11", "--known-by", "2025-10-11"]);
    assert!(!earlier.contains("Close the camps") && !earlier.contains("## What became known"), "{earlier}");
}
