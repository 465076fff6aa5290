//! The pictures: well-formed whatever an event says, and drawn of what the views say.

use std::process::Command;

use serde_json::Value;

const LOGS: [&str; 5] = [
    "events/afghanistan-pakistan-2025.jsonl",
    "events/us-taliban-2018-2020.jsonl",
    "events/colombia-farc-2012-2016.jsonl",
    "events/wga-strike-2023.jsonl",
    "tests/it/goldens/kinds.jsonl",
];

#[track_caller]
fn talks(args: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_talks"));
    command.args(args).args(["-q", "--no-pager"]).current_dir(env!("CARGO_MANIFEST_DIR"));
    let output = command.output().expect("the program runs");
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[track_caller]
fn json(args: &[&str]) -> Value {
    serde_json::from_str(&talks(&[args, &["--json"]].concat())).expect("JSON")
}

/// How many elements of a name have this word in their class, outside the legend.
fn drawn(svg: &str, name: &str, class: &str) -> usize {
    let read = roxmltree::Document::parse(svg).expect("well-formed");
    let has = |node: &roxmltree::Node<'_, '_>| {
        node.has_tag_name(("http://www.w3.org/2000/svg", name))
            && node.attribute("class").is_some_and(|classes| classes.split(' ').any(|other| other == class))
            && node.ancestors().any(|above| above.has_tag_name(("http://www.w3.org/2000/svg", "g")))
    };
    read.descendants().filter(has).count()
}

#[test]
fn every_picture_of_every_log_is_well_formed_and_asks_nothing_of_a_network() {
    for log in LOGS {
        for command in ["timeline", "incidents"] {
            let svg = talks(&[command, "--svg", "--log", log]);
            let read = roxmltree::Document::parse(&svg).unwrap_or_else(|error| panic!("{log}: {error}"));
            assert!(read.root_element().attribute("viewBox").is_some(), "{log}");
            let foreign = |node: &roxmltree::Node<'_, '_>| {
                ["script", "image", "a", "foreignObject"].contains(&node.tag_name().name())
                    || node.attributes().any(|a| a.name().starts_with("on") || a.name() == "href")
            };
            assert!(!read.descendants().any(|node| foreign(&node)), "{log}");
            assert!(!svg.contains("url(http") && !svg.contains("@import"), "{log}");
        }
    }
}

#[test]
fn what_an_event_says_is_text_in_a_picture() {
    let log = format!("{}/hostile.jsonl", env!("CARGO_TARGET_TMPDIR"));
    let hostile = "</text><script>alert(1)</script>&amp;\\u0007\\u202e\\u0000]]>";
    let draft = format!(
        "{{\"kind\":\"negotiation.opened\",\"occurred\":\"2024-01-01\",\"data\":{{\"title\":\"{hostile}\",\"parties\":[{{\"party\":\"a\",\
         \"name\":\"{hostile}\",\"kind\":\"state\",\"role\":[\"party\"]}}]}}}}\n\
         {{\"kind\":\"demand.raised\",\"occurred\":\"2024-01-02\",\"data\":{{\"by\":\"a\",\"of\":\"a\",\"text\":\"{hostile}\"}}}}\n\
         {{\"kind\":\"incident.reported\",\"occurred\":\"2024-01-03\",\"data\":{{\"category\":\"attack\",\"tolls\":[{{\"class\":\"civilians\",\
         \"killed\":3}}]}},\"context\":{{\"summary\":\"{hostile}\"}}}}\n"
    );
    std::fs::write(&log, draft).expect("a log");
    for command in ["timeline", "incidents"] {
        let svg = talks(&[command, "--svg", "--log", &log]);
        let read = roxmltree::Document::parse(&svg).expect("well-formed");
        assert!(!read.descendants().any(|node| node.has_tag_name("script")), "{svg}");
        assert!(svg.contains("&lt;script&gt;") && !svg.contains('\u{202e}'), "{svg}");
    }
}

#[test]
fn a_bar_is_drawn_for_each_time_in_which_a_line_stood_somewhere_and_a_dot_for_each_incident() {
    let log = ["--log", LOGS[0], "--as-of", "2025-11-12"];
    let svg = talks(&[&["timeline", "--svg"], &log[..]].concat());
    let courses = json(&[&["timeline", "--svg"], &log[..]].concat())["data"]["courses"].clone();
    let shown = |course: &&Value| {
        course["what"].as_str().is_some_and(|what| what.starts_with(['t', 'R', 'C', 'A', 'M', 'D', 'K']))
    };
    let stretches: usize = courses
        .as_array()
        .expect("courses")
        .iter()
        .filter(shown)
        .map(|c| c["stretches"].as_array().map_or(0, Vec::len))
        .sum();
    let bars: usize = ["holds", "troubled", "waits", "over"].iter().map(|look| drawn(&svg, "rect", look)).sum();
    assert_eq!(bars - drawn(&svg, "rect", "vague"), stretches);
    let incidents =
        json(&[&["incidents"], &log[..]].concat())["data"]["incidents"].as_array().expect("incidents").len();
    assert_eq!(drawn(&svg, "circle", "act"), incidents);
}

#[test]
fn a_figure_is_drawn_for_each_account_that_gives_a_number_of_dead() {
    let log = ["--log", LOGS[0], "--as-of", "2025-11-12"];
    let svg = talks(&[&["incidents", "--svg"], &log[..]].concat());
    let incidents = json(&[&["incidents"], &log[..]].concat())["data"]["incidents"].clone();
    let tolls = incidents.as_array().expect("incidents").iter().flat_map(|i| i["tolls"].as_array().expect("tolls"));
    let numbers = tolls.filter(|toll| !toll["killed"].is_null()).count();
    let shapes = ["circle", "rect", "path"].iter().map(|shape| drawn(&svg, shape, "act")).sum::<usize>();
    assert_eq!(shapes, numbers);
    assert!(svg.contains(">58<") && svg.contains(">23<") && !svg.contains(">81<"));
}

#[test]
fn a_truce_runs_out_by_the_clock_and_its_late_extension_shows() {
    let log = ["--log", LOGS[0], "--as-of", "2025-10-18"];
    let courses = json(&[&["timeline", "--svg"], &log[..]].concat())["data"]["courses"].clone();
    let of = courses.as_array().expect("courses").iter().find(|course| course["what"] == "C2").expect("C2").clone();
    let stood: Vec<(&str, &str)> = of["stretches"]
        .as_array()
        .expect("stretches")
        .iter()
        .map(|s| {
            (
                s["value"].as_str().expect("a value").split(", ").next().expect("a word"),
                s["from"]["earliest"].as_str().expect("a date"),
            )
        })
        .collect();
    let expected = [
        ("pending", "2025-10-15T00:00:00+05:00"),
        ("in-force", "2025-10-15T18:00:00+05:00"),
        ("expired", "2025-10-17T18:00:00+05:00"),
        ("in-force", "2025-10-17T18:01:00+05:00"),
    ];
    let mut told = stood.clone();
    told.dedup_by_key(|(word, _)| *word);
    assert_eq!(told, expected);
}

#[test]
fn a_strip_is_as_wide_as_it_was_asked_to_be_and_shows_the_weightiest() {
    let strip = talks(&["timeline", "--strip", "--log", LOGS[0], "--as-of", "2025-11-12"]);
    let line = strip.lines().find(|line| line.starts_with('*')).expect("a strip");
    assert_eq!(line.chars().count(), 79);
    assert!(line.contains('A') && line.contains('C') && line.contains('R'), "{line}");
}
