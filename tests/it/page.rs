//! The page in one file: its markup, read by a parser, has only what this program makes; and at every stop of both clocks it shows
//! what the views say.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use html5gum::{DefaultEmitter, Token, Tokenizer};
use serde_json::Value;
use talks::app::{Book, Env, Film, Question};
use talks::domain::when::Instant;
use talks::exchange::drafts;
use talks::page::{Place, Query};

const LOGS: [&str; 4] =
    ["afghanistan-pakistan-2025", "us-taliban-2018-2020", "colombia-farc-2012-2016", "wga-strike-2023"];

/// Every element that a page is made of.
const ELEMENTS: &str = "a b bdi blockquote body button circle code dd defs del desc details dialog div dl dt em fieldset figcaption figure \
    footer form g h1 h2 h3 head header html input ins kbd label legend li line link main meta nav ol option output p path pattern q rect \
    script section select span style summary svg text title tspan ul";

/// Every attribute that one of them has.
const ATTRIBUTES: &str = "action aria-describedby aria-hidden aria-label aria-labelledby aria-live autocomplete charset checked class \
    content cx cy d data-api data-until data-base data-clock data-cursor data-event data-export data-is data-kind data-mode data-of \
    data-parties data-section data-sources data-step data-takes data-version dir disabled fill focusable for height hidden href http-equiv id lang max \
    method min name open patternTransform patternUnits patterntransform patternunits placeholder preserveAspectRatio preserveaspectratio r \
    rel required role selected size spellcheck src step tabindex text-anchor title transform type value vector-effect viewBox viewbox \
    width x x1 x2 xmlns y y1 y2 dx";

type Element = (String, BTreeMap<String, String>);

#[track_caller]
fn twin(log: &str, more: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_talks"));
    command.args(["export", "--format", "html", "--log", log, "-q", "--no-pager"]).args(more);
    let output = command.current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("the program runs");
    assert!(output.status.success(), "{log}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn events(name: &str) -> String {
    format!("events/{name}.jsonl")
}

/// The elements of a piece of markup, in order, and its text.
fn parsed(html: &str) -> (Vec<Element>, String) {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let (mut elements, mut text) = (Vec::new(), String::new());
    let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    for token in Tokenizer::new_with_emitter(html, emitter) {
        match token.expect("a text can be read") {
            Token::StartTag(tag) => {
                let attributes = tag.attributes.iter().map(|(name, value)| (lossy(name), lossy(value)));
                elements.push((lossy(&tag.name), attributes.collect()));
            }
            Token::String(said) => text.push_str(&lossy(&said)),
            Token::Comment(_) => panic!("there is a comment"),
            Token::Error(error) => panic!("it is not well-formed: {error:?}"),
            _ => {}
        }
    }
    (elements, text)
}

/// The data of a file.
fn film(html: &str) -> Value {
    let begin = html.find("id=\"film\">").expect("the data") + "id=\"film\">".len();
    let end = begin + html[begin..].find("</script>").expect("the end of the data");
    serde_json::from_str(&html[begin..end]).expect("JSON")
}

/// What rows show, in full, as the script of the file puts it together.
fn shown(film: &Value) -> Vec<String> {
    let mut full = vec![String::new()];
    for one in film["shown"].as_array().expect("a list") {
        full.push(match one {
            Value::String(text) => text.clone(),
            parts => {
                let number = |at: usize| parts[at].as_u64().expect("a number") as usize;
                let base: Vec<u16> = full[number(0)].encode_utf16().collect();
                let utf8 = |units: &[u16]| String::from_utf16(units).expect("whole characters");
                let (head, tail) = (&base[..number(1)], &base[base.len() - number(2)..]);
                format!("{}{}{}", utf8(head), parts[3].as_str().expect("a text"), utf8(tail))
            }
        });
    }
    full
}

/// The rows of each day of knowledge, reading by reading: which row shows what from which stop on.
fn unrolled(film: &Value) -> Vec<Vec<BTreeMap<u64, Vec<u64>>>> {
    let mut courses = BTreeMap::new();
    let mut readings = Vec::new();
    for days in film["days"].as_array().expect("readings") {
        let mut reading = Vec::new();
        for day in days.as_array().expect("days") {
            for course in day[1].as_array().expect("courses") {
                let course: Vec<u64> =
                    course.as_array().expect("a course").iter().map(|n| n.as_u64().expect("a number")).collect();
                if course.len() == 1 {
                    courses.remove(&course[0]);
                } else {
                    courses.insert(course[0], course[1..].to_vec());
                }
            }
            reading.push(courses.clone());
        }
        readings.push(reading);
    }
    readings
}

fn at(course: &[u64], stop: u64) -> usize {
    course.chunks(2).take_while(|step| step[0] <= stop).last().map_or(0, |step| step[1] as usize)
}

#[track_caller]
fn is_made_here(name: &str, (element, attributes): &Element) {
    assert!(ELEMENTS.split_whitespace().any(|known| known == element), "{name}: an element {element}");
    for (attribute, value) in attributes {
        assert!(ATTRIBUTES.split_whitespace().any(|known| known == attribute), "{name}: {element} has {attribute}");
        let is_address = ["href", "src", "action"].contains(&attribute.as_str());
        let abroad = is_address && !(value.is_empty() || value.starts_with('#') || value == "data:,");
        assert!(!abroad || element == "a" && value.starts_with("http"), "{name}: {element} leads to {value}");
        assert!(!abroad || attributes.get("rel").is_some_and(|rel| rel.contains("noreferrer")), "{name}: {value}");
    }
}

#[test]
fn a_file_is_made_of_known_elements_loads_nothing_and_has_no_dead_link() {
    for log in [LOGS[0], LOGS[2]] {
        let html = twin(&events(log), &[]);
        let (elements, _) = parsed(&html);
        elements.iter().for_each(|element| is_made_here(log, element));
        let policy =
            elements.iter().find_map(|(_, attributes)| attributes.get("content").filter(|c| c.contains("script-src")));
        assert!(policy.is_some_and(|policy| policy.starts_with("default-src 'none'; script-src 'sha256-")), "{log}");
        let ids: Vec<&String> = elements.iter().filter_map(|(_, attributes)| attributes.get("id")).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{log}: an id is there twice");
        for row in shown(&film(&html)).iter().skip(1) {
            let (elements, _) = parsed(row);
            elements.iter().for_each(|element| is_made_here(log, element));
            assert_eq!(elements[0].0, "li", "{log}: {row}");
        }
        assert!(html.len() < 2_000_000, "{log} weighs {}", html.len());
        for to in elements.iter().filter_map(|(_, a)| a.get("href")?.strip_prefix('#')) {
            assert!(ids.iter().any(|id| *id == to), "{log}: #{to} leads nowhere");
        }
    }
}

/// A log in which each text stands in every place that a text can have.
fn log_of(name: &str, text: &str) -> String {
    let text = serde_json::to_string(text).expect("a text");
    let lines = [
        format!(
            r#"{{"kind":"negotiation.opened","occurred":"2024-01-01","data":{{"title":{text},"subject":{text},"parties":[{{"party":"a","name":{text},"kind":"state","role":["party"]}},{{"party":"b","name":"B","kind":"state","role":["party"]}}]}},"sources":[]}}"#
        ),
        format!(
            r#"{{"kind":"source.registered","data":{{"source":"S1","title":{text},"publisher":{text},"url":{text}}}}}"#
        ),
        format!(
            r#"{{"kind":"demand.raised","occurred":"2024-01-02","data":{{"by":"a","of":"b","text":{text}}},"sources":[{{"source":"S1","quote":{text},"locator":{text},"attribution":{text},"reported":"2024-01-03"}}]}}"#
        ),
        format!(
            r#"{{"kind":"ceasefire.agreed","occurred":"2024-01-04","data":{{"parties":["a","b"],"called":{text}}},"context":{{"place":{{"name":{text}}}}}}}"#
        ),
        format!(
            r#"{{"kind":"claim.made","occurred":"2024-01-05","data":{{"by":{{"party":"a","who":{text}}},"text":{text}}},"context":{{"summary":{text}}}}}"#
        ),
        format!(
            r#"{{"kind":"incident.reported","occurred":"2024-01-06","data":{{"category":"attack","tolls":[{{"class":"civilians","killed":3}}]}},"context":{{"summary":{text}}}}}"#
        ),
        format!(r#"{{"kind":"agreement.reached","occurred":"2024-01-07","data":{{"title":{text}}}}}"#),
        format!(r#"{{"kind":"note.added","data":{{"on":"e3","text":{text}}},"context":{{"announced":"2024-01-08"}}}}"#),
    ];
    let path = format!("{}/page-{name}.jsonl", env!("CARGO_TARGET_TMPDIR"));
    std::fs::write(&path, lines.join("\n") + "\n").expect("a log");
    path
}

#[test]
fn no_element_and_no_attribute_comes_out_of_what_an_event_says() {
    let shape = |html: &str| -> Vec<Vec<(String, Vec<String>)>> {
        let of = |html: &str| {
            parsed(html).0.into_iter().map(|(name, a)| (name, a.into_keys().collect())).collect::<Vec<_>>()
        };
        let film = film(html);
        std::iter::once(of(html)).chain(shown(&film).iter().map(|row| of(row))).collect()
    };
    let day = ["--as-of", "2024-02-01"];
    let tame = shape(&twin(&log_of("tame", "word"), &day));
    let hostile = [
        "</script><script>alert(1)</script>",
        "<!-- <script> --!>",
        "]]></title></style></svg><img src=x onerror=alert(1)>",
        "\" onmouseover=\"alert(1)\" x=\"",
        "' autofocus onfocus='alert(1)",
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "&lt;b&gt; &#60;b&#62; &quot; onx=1",
        "\u{202e}\u{2066}\u{2028}\u{2029}\u{feff}\u{200b}\u{7}\u{1b}[31m\u{0}",
        "{{constructor}} ${alert(1)} `x` \\u003c \\",
        "\u{1f600}\u{1f600} نص عربي 土耳其",
    ];
    for (nth, text) in hostile.into_iter().enumerate() {
        let html = twin(&log_of(&format!("hostile-{nth}"), text), &day);
        assert_eq!(shape(&html), tame, "{text:?}");
        let steers = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | '\u{7}' | '\u{1b}');
        assert!(!html.chars().any(steers), "{text:?}");
    }
}

#[test]
fn every_stop_of_both_clocks_shows_what_the_views_say() {
    let name = LOGS[3];
    let text = std::fs::read(format!("{}/events/{name}.jsonl", env!("CARGO_MANIFEST_DIR"))).expect("a log");
    let (records, problems) = drafts::read(&text);
    assert!(problems.is_empty());
    let book = Book::of_drafts(name, records);
    let env = Env { now: Instant(1_767_225_600) };
    let question = Question { as_of: Some("2025-12-31".into()), ..Question::default() };
    let kept = film(&twin(&events(name), &["--as-of", "2025-12-31"]));
    let (full, days) = (shown(&kept), unrolled(&kept));
    let rows = kept["rows"].as_array().expect("rows");
    let is = |html: &String| Some(parsed(html).0.first()?.1.get("data-is").cloned().unwrap_or_default());
    let stands: Vec<Option<String>> = full.iter().map(is).collect();
    let mut cells = 0;
    let made = Film::new(&book, &question, &env).expect("a film");
    made.each(&mut |cell, _| {
        cells += 1;
        let day = if cell.reading == 0 { &days[0][cell.known] } else { &days[cell.reading][0] };
        let at_stop = |row: &u64, course: &Vec<u64>| {
            let is = stands[at(course, cell.as_of as u64)].clone()?;
            Some((rows[*row as usize][1].as_str().expect("a key").to_string(), is))
        };
        let here: BTreeMap<String, String> = day.iter().filter_map(|(row, course)| at_stop(row, course)).collect();
        for (line, stands) in &cell.sheet.data.stands {
            let of_the_panel = line == "talks" || line.starts_with(['C', 'A', 'M', 'D', 'O', 'K', 'Q']);
            if of_the_panel {
                assert_eq!(here.get(line), Some(stands), "{name}: {line} at {cell:?}");
            }
        }
        for line in &cell.sheet.data.timeline {
            assert!(here.contains_key(&line.item.event.to_string()), "{name}: {} is missing", line.item.event);
        }
        let of_the_world =
            here.keys().filter(|key| rows.iter().any(|row| row[1] == **key && is_of(&kept, row, "events")));
        assert_eq!(of_the_world.count(), cell.sheet.data.timeline.len(), "{name}");
    })
    .expect("the film");
    assert!(cells > 300, "{name} has {cells} points");
}

fn is_of(film: &Value, row: &Value, list: &str) -> bool {
    let place = row[0].as_u64().expect("a list") as usize;
    film["lists"][place].as_str().is_some_and(|name| name.starts_with(list))
}

#[test]
fn a_line_says_nothing_twice_and_leads_to_no_picture_that_is_not_there() {
    let (strike, havana) = (twin(&events(LOGS[3]), &[]), twin(&events(LOGS[2]), &[]));
    let (leads, words) = (r##"href="#pictures""##, |html: &str| parsed(html).1);
    assert!(!strike.contains(leads) && havana.contains(leads));
    assert!(words(&havana).contains("held 23 Feb to 26 Aug 2012"));
    assert!(words(&strike).contains("agreement entered into force"));
    assert!(shown(&film(&strike)).iter().all(|row| !parsed(row).1.contains("entered-into")));
}

#[test]
fn what_comes_after_the_day_asked_about_is_not_in_the_file() {
    let html = twin(&events(LOGS[0]), &["--as-of", "2025-10-20", "--known-by", "2025-10-20"]);
    assert!(
        html.contains("agree on an immediate") && !html.contains("deadlock") && !html.contains("The third round opens")
    );
}

#[test]
fn the_page_of_a_server_is_the_same_rows_with_links_and_forms_that_need_no_script() {
    let text = std::fs::read(format!("{}/events/{}.jsonl", env!("CARGO_MANIFEST_DIR"), LOGS[0])).expect("a log");
    let book = Book::of_drafts("afpk", drafts::read(&text).0);
    let env = Env { now: Instant(1_767_225_600) };
    let pairs = [("as_of", "2025-10-20"), ("kind", "ceasefire"), ("pin", "2025-10-16")];
    let query = Query::from_pairs(pairs.map(|(name, value)| (name.to_string(), value.to_string())));
    let question = Question { as_of: query.as_of.clone(), ..Question::default() };
    let folio = talks::app::Folio::new(&book, &question, query.pin.as_deref(), &env, None).expect("a page");
    let place = Place {
        home: Some("/".into()),
        base: Some("/n/afpk".into()),
        api: Some("/api/n/afpk".into()),
        may_write: false,
    };
    let beside = talks::page::Beside { difference: folio.difference.as_ref(), form: None };
    let html = talks::page::negotiation(&folio.sheet(), &folio.around, &query, &place, beside);
    let (elements, words) = parsed(&html);
    let is = |id: &str, name: &str| {
        let found = elements.iter().find(|(_, a)| a.get("id").is_some_and(|other| other == id));
        found.and_then(|(_, a)| a.get(name).cloned())
    };
    assert_eq!(is("C3", "data-is").as_deref(), Some("in-force, no-reports"));
    let hidden = |(_, a): &&Element| a.contains_key("hidden");
    let (away, left): (Vec<_>, Vec<_>) = elements.iter().filter(|(_, a)| a.contains_key("data-kind")).partition(hidden);
    assert!(left.iter().all(|(_, a)| a["data-kind"].starts_with("ceasefire") || a["class"].contains("record")));
    assert!(!away.is_empty() && is("unpin", "href").as_deref() == Some("/n/afpk?as_of=2025-10-20&kind=ceasefire"));
    assert!(words.contains("Compared with 16 Oct 2025"), "{words}");
    let (back, day) = (Some("2025-10-20"), Some("2025-10-16".into()));
    let back = talks::app::Folio::new(&book, &Question { as_of: day, ..Question::default() }, back, &env, None);
    let back = back.expect("a page");
    let beside = talks::page::Beside { difference: back.difference.as_ref(), form: None };
    let html = talks::page::negotiation(&back.sheet(), &back.around, &query, &place, beside);
    assert!(parsed(&html).1.contains("Compared with 20 Oct 2025"), "a pin that lies after the point");
    assert!(parsed(&html).1.contains("C3 gone: in force"), "what is not there yet is gone");
    assert!(!elements.iter().any(|(name, a)| name == "style" || a.contains_key("style")));
    let scripts: Vec<_> = elements.iter().filter(|(name, _)| name == "script").collect();
    assert!(
        scripts.iter().all(|(_, a)| a.get("type").is_some_and(|t| t == "application/json") || a.contains_key("src"))
    );
    for name in ["page.css", "core.js", "live.js"] {
        assert!(talks::page::asset(name).is_some(), "{name}");
    }
    assert!(talks::page::asset("../Cargo.toml").is_none());
}

#[test]
fn of_a_log_of_thousands_the_latest_is_shown_and_the_page_says_what_is_not() {
    let opened = r#"{"kind":"negotiation.opened","occurred":"2001-01-01","data":{"title":"Long","parties":[{"party":"a","name":"A","kind":"state","role":"party"},{"party":"b","name":"B","kind":"state","role":"party"}]}}"#;
    let clash = |i: usize| {
        let day = format!("20{:02}-{:02}-{:02}", 2 + i / 336, i % 336 / 28 + 1, i % 28 + 1);
        let tolls = r#"[{"class":"civilians","killed":1}]"#;
        format!(r#"{{"kind":"incident.reported","occurred":"{day}","data":{{"category":"clash","tolls":{tolls}}}}}"#)
    };
    let log = std::iter::once(opened.to_string()).chain((0..3_100).map(clash)).collect::<Vec<_>>().join("\n");
    let book = Book::of_drafts("long", drafts::read(log.as_bytes()).0);
    let env = Env { now: Instant(1_767_225_600) };
    let folio = talks::app::Folio::new(&book, &Question::default(), None, &env, None).expect("a page");
    let (query, place, beside) = (Query::default(), Place::default(), talks::page::Beside::default());
    let (elements, words) = parsed(&talks::page::negotiation(&folio.sheet(), &folio.around, &query, &place, beside));
    let rows = elements.iter().filter(|(name, a)| name == "li" && a.contains_key("data-kind")).count();
    assert_eq!(rows, talks::app::SHOWN_AT_MOST, "so many events are listed");
    for says in ["2100 earlier ones are not", "more stops than the sliders hold", "3100 are too many to be drawn here"]
    {
        assert!(words.contains(says), "it is not said: {says}");
    }
}
