//! What is answered: the same as the commands print, in JSON and CSV; and how it is told that nothing changed.

use serde_json::Value;
use talks::app::{Takes, VIEWS};

use super::server::{SHIPS, Server};

/// How each view is asked here, and by the command: the rest of the address, its query, and the arguments.
const ASKED: &[(&str, &str, &str)] = &[
    ("status", "", "status"),
    ("due", "", "due"),
    ("demands", "", "demands"),
    ("offers", "", "offers"),
    ("ceasefires", "", "ceasefires"),
    ("agreements", "", "agreements"),
    ("commitments", "", "commitments"),
    ("measures", "", "measures"),
    ("rounds", "", "rounds"),
    ("rounds", "with=taliban", "rounds --with taliban"),
    ("claims", "", "claims"),
    ("deadlines", "", "deadlines"),
    ("incidents", "", "incidents"),
    ("accusations", "", "incidents --by-accuser"),
    ("parties", "", "parties"),
    ("party/taliban", "", "party taliban"),
    ("sources", "", "sources"),
    ("timeline", "", "timeline"),
    ("timeline", "party=taliban&kind=round&source=S1", "timeline --party taliban --kind round --source S1"),
    ("courses", "", "timeline --svg"),
    ("log", "", "log"),
    ("log", "reverse&limit=3", "log --reverse -N 3"),
    ("events", "limit=2", "log -N 2"),
    ("search", "words=the+withdrawal", "search the withdrawal"),
    ("show/e7", "", "show e7"),
    ("show/A1", "", "show A1"),
    ("why/A1", "", "why A1"),
    ("replay", "only_changes=true", "replay --only-changes"),
    ("check", "", "check"),
    ("diff", "against=2019-01-01", "diff 2019-01-01"),
    ("diff", "against=e9&clock=recording", "diff e9 --clock recording"),
    ("readings", "first=everyone&second=corroborated", "diff --between everyone corroborated"),
    ("brief", "since=2019-06-01", "brief --since 2019-06-01"),
];

const CUTS: &[(&str, &str)] = &[
    ("as_of=2020-03-10", "--as-of 2020-03-10"),
    ("as_of=e20&known_by=2020-03-10&certain", "--as-of e20 --known-by 2020-03-10 --certain"),
    ("as_of=2020-03-10&recorded_by=e40", "--as-of 2020-03-10 --recorded-by e40"),
    ("as_of=2020-03-10&account=taliban", "--as-of 2020-03-10 --accounts-of taliban"),
    ("as_of=2020-03-10&corroborated=1", "--as-of 2020-03-10 --corroborated"),
];

fn address(rest: &str, query: &str, cut: &str) -> String {
    let query: Vec<&str> = [query, cut].into_iter().filter(|part| !part.is_empty()).collect();
    format!("/api/n/{}/{rest}?{}", SHIPS.1, query.join("&"))
}

fn args<'a>(command: &'a str, cut: &'a str, how: &'a str) -> Vec<&'a str> {
    let words = [command, cut, how, "-q", "-n", SHIPS.1];
    words.iter().flat_map(|words| words.split(' ')).filter(|word| !word.is_empty()).collect()
}

#[test]
fn every_view_answers_what_its_command_prints() {
    let server = Server::start("views", &[]);
    let asked = |view: &&str| ASKED.iter().any(|(rest, ..)| rest.split('/').next() == Some(*view));
    let forgotten: Vec<&str> = VIEWS.iter().map(|view| view.name).filter(|view| !asked(view)).collect();
    assert!(forgotten.is_empty(), "{forgotten:?}");
    for (at, (rest, query, command)) in ASKED.iter().enumerate() {
        // Each with the plain day, and with one of the other cuts in turn.
        for (cut, flags) in [CUTS[0], CUTS[1 + at % (CUTS.len() - 1)]] {
            let (cut, flags) = match *rest {
                // Two readings are named already.
                "readings" => CUTS[0],
                // The later end is everything.
                "diff" if query.contains("recording") => CUTS[0],
                _ => (cut, flags),
            };
            let answer = server.get(&address(rest, query, cut));
            let printed = server.command(&args(command, flags, "--json"));
            let text = String::from_utf8(printed.stdout).expect("UTF-8");
            if text.is_empty() {
                let told: Value = serde_json::from_slice(&printed.stderr).expect("a problem");
                assert_eq!((&told["type"], &told["detail"]), (&answer.json()["type"], &answer.json()["detail"]));
                continue;
            }
            assert_eq!(answer.status, 200, "{rest}?{query}&{cut}: {answer:?}");
            assert_eq!(answer.body, text, "{rest}?{query}&{cut}");
        }
    }
}

#[test]
fn a_table_has_a_twin_in_csv_as_the_command_prints_it() {
    let server = Server::start("twins", &[]);
    for (rest, query, command) in ASKED.iter().filter(|(rest, ..)| *rest != "events") {
        let is_table = VIEWS.iter().any(|view| view.name == *rest && view.is_table);
        let answer = server.get(&address(&format!("{rest}.csv"), query, CUTS[0].0));
        if !is_table {
            assert!([400, 404].contains(&answer.status), "{rest}: {answer:?}");
            continue;
        }
        let printed = server.command(&args(command, CUTS[0].1, "--csv")).stdout;
        assert_eq!(answer.body.as_bytes(), printed, "{rest}");
        assert_eq!(answer.header("Content-Type"), "text/csv; charset=utf-8; header=present");
    }
    for list in ["negotiations", "board"] {
        let printed =
            |how| String::from_utf8(server.command(&[list, how, "--as-of", "2020-03-10"]).stdout).expect("UTF-8");
        let cut = if list == "board" { "?as_of=2020-03-10" } else { "" };
        assert_eq!(server.get(&format!("/api/{list}{cut}")).body, printed("--json"), "{list}");
        assert_eq!(server.get(&format!("/api/{list}.csv{cut}")).body, printed("--csv"), "{list}");
    }
}

#[test]
fn who_has_the_answer_is_told_so() {
    let server = Server::start("tags", &["--write"]);
    let path = "/api/n/north-south/status";
    for path in [path.to_string(), format!("{path}?as_of=2024-03-02"), "/api/board".into(), "/api/negotiations".into()]
    {
        let tag = server.get(&path).header("ETag").to_string();
        assert!(tag.starts_with("W/\""), "{tag}");
        for held in [tag.clone(), format!("\"other\", {tag}"), tag.trim_start_matches("W/").into(), "*".into()] {
            let answer = server.send("GET", &path, &[("If-None-Match", &held)], "");
            assert_eq!((answer.status, answer.body.as_str(), answer.header("ETag")), (304, "", tag.as_str()), "{held}");
        }
        assert_eq!(server.send("GET", &path, &[("If-None-Match", "W/\"other\"")], "").status, 200);
    }
    let (now, then) = (server.get(path), server.get("/api/n/north-south/status?as_of=2024-03-02"));
    assert_ne!(now.header("ETag"), then.header("ETag"));
    let root = now.json()["root"].as_str().expect("a root").to_string();
    assert!(now.header("ETag").contains(&root));
    let stored = server.post("/api/n/north-south/events", &[], r#"{"kind":"note.added","data":{"text":"new"}}"#);
    assert_eq!(stored.status, 201, "{stored:?}");
    assert_eq!(server.send("GET", path, &[("If-None-Match", now.header("ETag"))], "").status, 200);
}

#[test]
fn only_the_head_is_sent_to_whoever_asks_for_the_head() {
    let server = Server::start("heads", &[]);
    let path = "/api/n/us-taliban/demands?as_of=2020-03-10";
    let (whole, head) = (server.get(path), server.send("HEAD", path, &[], ""));
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    for name in ["ETag", "Content-Length", "Content-Type", "Cache-Control"] {
        assert_eq!(head.header(name), whole.header(name));
    }
}

#[test]
fn what_is_asked_wrongly_is_told_as_the_terminal_tells_it() {
    let server = Server::start("wrong", &[]);
    let ours = "/api/n/us-taliban";
    for (path, command, status) in [
        ("status?as_of=10/11/2023", "status --as-of 10/11/2023", 400),
        ("status?account=talib", "status --accounts-of talib", 400),
        ("status?account=taliban&corroborated", "status --accounts-of taliban --corroborated", 400),
        ("status?as_of=e9999", "status --as-of e9999", 400),
        ("why/D99", "why D99", 404),
        ("why/nonsense", "why nonsense", 400),
        ("party/nobody", "party nobody", 404),
        ("timeline?kind=demnad", "timeline --kind demnad", 400),
        ("timeline?source=S999", "timeline --source S999", 400),
        ("check?only=nothing", "check nothing", 400),
        ("diff?against=2020-01-01&as_of=2019-01-01", "diff 2020-01-01 --as-of 2019-01-01", 400),
    ] {
        let answer = server.get(&format!("{ours}/{path}"));
        let words: Vec<&str> = command.split(' ').chain(["-n", "us-taliban", "--json"]).collect();
        let mut told: Value = serde_json::from_slice(&server.command(&words).stderr).expect("a problem");
        told["status"] = status.into();
        assert_eq!((answer.status, answer.json()), (status, told), "{path}");
        answer.problem();
    }
    for (path, status, name) in [
        ("/api/n/other/status", 404, "no-such-negotiation"),
        ("/api/n/us-taliban/demnads", 404, "no-such-address"),
        ("/api/n/us-taliban/status/", 404, "no-such-address"),
        ("/api/n/../status", 404, "no-such-negotiation"),
        ("/api", 404, "no-such-address"),
        ("/api/n/us-taliban/status?asof=2020-01-01", 400, "no-such-parameter"),
        ("/api/n/us-taliban/status?kind=demand", 400, "no-such-parameter"),
        ("/api/negotiations?as_of=2020-01-01", 400, "no-such-parameter"),
        ("/api/n/us-taliban/status?as_of=e1&as_of=e2", 400, "bad-parameter"),
        ("/api/n/us-taliban/status?certain=perhaps", 400, "bad-parameter"),
        ("/api/n/us-taliban/log?limit=many", 400, "bad-parameter"),
        ("/api/n/us-taliban/diff", 400, "bad-parameter"),
        ("/api/n/us-taliban/diff?against=2019-01-01&clock=wall", 400, "bad-parameter"),
    ] {
        let answer = server.get(path);
        assert_eq!((answer.status, answer.problem().as_str()), (status, name), "{path}");
        assert!(answer.json()["help"].is_string(), "{path}");
    }
    for method in ["POST", "PUT", "DELETE", "PATCH"] {
        assert_eq!(server.send(method, &format!("{ours}/status"), &[], "").problem(), "wrong-method");
    }
}

#[test]
fn a_name_in_an_address_is_text_and_nothing_else() {
    let server = Server::start("names", &[]);
    for name in [
        "%3Cscript%3Ealert(1)%3C/script%3E",
        "..%2f..%2fetc%2fpasswd",
        "%00",
        "%E2%80%AE",
        "a%20b",
        "'%3B%20DROP%20TABLE%20events",
    ] {
        for path in [format!("/n/{name}"), format!("/api/n/{name}/status"), format!("/api/n/us-taliban/why/{name}")] {
            let answer = server.get(&path);
            assert!((400..500).contains(&answer.status), "{path}: {answer:?}");
            let kind = if path.starts_with("/api") { "application/problem+json" } else { "text/html; charset=utf-8" };
            assert_eq!(answer.header("Content-Type"), kind);
            assert!(!answer.body.contains("<script") && !answer.body.contains('\u{202e}'), "{path}: {answer:?}");
        }
    }
    assert_eq!(server.get("/api/n/us-taliban/status?as_of=2020-03-10").status, 200);
}

#[test]
fn the_description_is_the_one_in_the_repository_and_holds_for_every_answer() {
    let server = Server::start("described", &["--write"]);
    let described = server.get("/api/openapi.json").json();
    assert_eq!(described, talks::web::document());
    let all = described["components"]["schemas"].clone();
    for (rest, query, _) in ASKED {
        let view = rest.split('/').next().unwrap_or_default();
        let of = VIEWS.iter().find(|known| known.name == view).and_then(|view| view.of);
        let path = of
            .map_or_else(|| format!("/api/n/{{slug}}/{view}"), |of| format!("/api/n/{{slug}}/{view}/{{{}}}", of.name));
        let content = &described["paths"][&path]["get"]["responses"]["200"]["content"];
        keeps(&content["application/json"]["schema"], &all, &server.get(&address(rest, query, CUTS[0].0)).json());
    }
    for list in ["negotiations", "board"] {
        let content = &described["paths"][format!("/api/{list}")]["get"]["responses"]["200"]["content"];
        keeps(&content["application/json"]["schema"], &all, &server.get(&format!("/api/{list}")).json());
    }
    let append = &described["paths"]["/api/n/{slug}/events"]["post"];
    let draft = r#"{"kind":"note.added","data":{"text":"new"}}"#;
    keeps(
        &append["requestBody"]["content"]["application/json"]["schema"],
        &all,
        &serde_json::from_str(draft).expect("JSON"),
    );
    let stored = server.post("/api/n/north-south/events", &[], draft).json();
    keeps(&append["responses"]["201"]["content"]["application/json"]["schema"], &all, &stored);
    let problem = &described["components"]["responses"]["Problem"]["content"]["application/problem+json"]["schema"];
    keeps(problem, &all, &server.get("/api/n/other/status").json());
}

/// A value keeps to a schema of the document.
#[track_caller]
fn keeps(schema: &Value, all: &Value, value: &Value) {
    let whole = serde_json::json!({ "allOf": [schema], "components": { "schemas": all } });
    let validator = jsonschema::draft202012::new(&whole).unwrap_or_else(|why| panic!("{schema}: {why}"));
    let errors: Vec<String> =
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{schema}: {errors:#?}");
}

#[test]
fn the_description_holds_together() {
    let document = talks::web::document();
    assert_eq!(document["openapi"], "3.1.0");
    let (mut ids, mut paths) = (std::collections::BTreeSet::new(), 0);
    for (path, methods) in document["paths"].as_object().expect("addresses") {
        for (method, told) in methods.as_object().expect("methods") {
            paths += 1;
            assert!(ids.insert(told["operationId"].as_str().expect("a name")), "{method} {path}");
            let named = |place: &str| -> Vec<&str> {
                let all = told["parameters"].as_array().into_iter().flatten();
                all.filter(|param| param["in"] == place).filter_map(|param| param["name"].as_str()).collect()
            };
            let in_path: Vec<&str> = path.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
            assert_eq!(named("path"), in_path, "{path}");
            assert!(told["responses"].as_object().is_some_and(|all| all.contains_key("200")), "{path}");
        }
    }
    let tables = VIEWS.iter().filter(|view| view.is_table).count();
    assert_eq!(paths, VIEWS.len() + tables + 2 * 2 + 2 + 1 + 1);
    let mut references = Vec::new();
    collect(&document, &mut references);
    assert!(references.len() > 100);
    for reference in references {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference} leads nowhere");
    }
    assert!(
        VIEWS.iter().all(|view| view.takes.iter().all(|param| param.takes != Takes::Needed || !param.about.is_empty()))
    );
}

fn collect<'v>(value: &'v Value, references: &mut Vec<&'v str>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| collect(value, references)),
        Value::Object(members) => members.iter().for_each(|(key, value)| match value.as_str() {
            Some(to) if key == "$ref" => references.push(to),
            _ => collect(value, references),
        }),
        _ => {}
    }
}
