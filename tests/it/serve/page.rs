//! What a browser is sent: the board, the page of a negotiation, what these are made with, and the form on it.

use serde_json::json;

use super::server::Server;

const HTML: &str = "text/html; charset=utf-8";

#[track_caller]
fn shown(server: &Server, path: &str) -> String {
    let answer = server.get(path);
    assert_eq!((answer.status, answer.header("Content-Type")), (200, HTML), "{path}: {answer:?}");
    answer.body
}

#[test]
fn the_board_leads_to_every_negotiation_and_a_page_shows_the_day_asked_about() {
    let server = Server::start("page", &[]);
    let board = shown(&server, "/");
    for slug in ["us-taliban", "north-south"] {
        assert!(board.contains(&format!("href=\"/n/{slug}\"")), "no way to {slug}: {board}");
    }
    let now = shown(&server, "/n/us-taliban");
    let then = shown(&server, "/n/us-taliban?as_of=2018-06-16&account=taliban");
    for (page, shows, hides) in [(&now, "id=\"A1\"", "id=\"field-"), (&then, "id=\"C2\"", "id=\"A1\"")] {
        assert!(page.contains(shows) && !page.contains(hides), "{shows}, and not {hides}");
    }
    assert!(then.contains("16 Jun 2018") && then.contains("by the account of"), "the point is not named");
    assert!(!now.contains("id=\"entry\""), "a server that only reads offers a form");
}

#[test]
fn what_a_page_is_made_with_is_there_and_nothing_else() {
    let server = Server::start("page-static", &[]);
    let page = shown(&server, "/n/us-taliban");
    let named: Vec<&str> = page.split(['"', '\'']).filter(|text| text.starts_with("/static/")).collect();
    assert!(named.len() >= 2, "{named:?}");
    for name in named.into_iter().chain(["/static/core.js"]) {
        let answer = server.get(name);
        let kind = if name.ends_with(".css") { "text/css; charset=utf-8" } else { "text/javascript; charset=utf-8" };
        assert_eq!((answer.status, answer.header("Content-Type")), (200, kind), "{name}");
    }
    for absent in ["/static/still.js", "/static/..%2fpage.css", "/static/"] {
        assert_eq!(server.get(absent).status, 404, "{absent}");
    }
}

#[test]
fn what_goes_wrong_is_a_page_that_says_so_and_leads_back() {
    let server = Server::start("page-wrong", &[]);
    for (path, status, says) in [
        ("/n/us-talban", 404, "us-talban"),
        ("/n/us-taliban?as_of=2025-02-30", 400, "30 Feb 2025 does not exist"),
        ("/n/us-taliban?account=%3Cscript%3E", 400, "&lt;script&gt;"),
        ("/n/us-taliban?pin=yestermorrow", 400, "yestermorrow"),
    ] {
        let answer = server.get(path);
        assert_eq!((answer.status, answer.header("Content-Type")), (status, HTML), "{path}: {answer:?}");
        assert!(answer.body.contains(says) && answer.body.contains("href=\"/\""), "{path}: {}", answer.body);
        assert!(!answer.body.contains("<script>"), "{path}");
    }
}

/// What is filled in for a demand, with more beside it.
fn filled(values: &[(&str, &str)], more: serde_json::Value) -> String {
    let mut filled = json!({ "kind": "demand.raised", "values": values });
    more.as_object().into_iter().flatten().for_each(|(name, value)| filled[name] = value.clone());
    filled.to_string()
}

const DEMAND: [(&str, &str); 5] =
    [("by", "North: A minister"), ("when", "2 Mar 2024"), ("of", "south"), ("text", "Open <b>the gate"), ("quote", "")];
const ENTRY: &str = "/n/north-south/entry";

/// The value of an attribute.
#[track_caller]
fn attribute<'h>(html: &'h str, name: &str) -> &'h str {
    let rest = html.split_once(&format!("{name}=\"")).unwrap_or_else(|| panic!("no {name}: {html}")).1;
    rest.split('"').next().unwrap_or_default()
}

#[test]
fn the_form_has_the_fields_of_the_kind_with_what_can_stand_in_them() {
    let server = Server::start("page-form", &["--write"]);
    let plain = shown(&server, "/n/north-south");
    assert!(plain.contains("<option value=\"demand.raised\"") && !plain.contains("id=\"draft\""), "{plain}");
    let form = shown(&server, "/n/north-south?add=demand.raised");
    for part in
        ["name=\"by\"", "name=\"of\"", "name=\"text\"", "name=\"when\"", "name=\"source.title\"", "id=\"field-token\""]
    {
        assert!(form.contains(part), "no {part}");
    }
    assert!(form.contains("<option value=\"south\">South</option>"), "the parties are not offered");
    // A figure within a figure has a field of its own, and a field with the name of another its full path.
    let tolls = shown(&server, "/n/north-south?add=incident.reported");
    assert!(tolls.contains("name=\"tolls.killed\"") && !tolls.contains("name=\"tolls\""), "no figures");
    let source = shown(&server, "/n/north-south?add=source.registered");
    assert!(
        source.contains("name=\"data.source\"") && !source.contains("id=\"field-source\""),
        "two fields of one name"
    );
}

#[test]
fn only_what_every_event_of_a_kind_needs_is_needed() {
    let server = Server::start("page-needed", &["--write"]);
    for kind in talks::domain::event::Event::KINDS {
        let page = shown(&server, &format!("/n/north-south?add={kind}"));
        let form = page.split_once("id=\"draft\"").unwrap_or_else(|| panic!("no form of {kind}")).1;
        let form = form.split_once("</form>").expect("its end").0;
        assert!(!form.contains("name=\"token\""), "a form can carry the token into an address");
        let more = form.split_once("More that is known").map_or("", |(_, more)| more);
        let more = more.split_once("</details>").map_or("", |(more, _)| more);
        assert!(!more.contains(" required"), "{kind}: what is left out is needed");
    }
    let needed = shown(&server, "/n/north-south?add=statement.made");
    assert!(needed.contains("<input id=\"field-by\" name=\"by\" required"), "{needed}");
}

#[test]
fn an_entry_is_shown_before_it_is_stored_and_stored_once() {
    let server = Server::start("page-entry", &["--write"]);
    let shown = server.post(ENTRY, &[], &filled(&DEMAND, json!({})));
    assert_eq!(shown.status, 200, "{shown:?}");
    for part in ["Not stored yet", "Sat 2 Mar 2024", "A minister (North)", "Open &lt;b&gt;the gate", "D1"] {
        assert!(shown.body.contains(part), "no {part}: {}", shown.body);
    }
    let version = |server: &Server| server.get("/api/n/north-south/status").json()["version"].as_u64();
    let upon: u64 = attribute(&shown.body, "data-version").parse().expect("a version");
    assert_eq!(version(&server), Some(upon), "a preview was stored");
    let digest = attribute(&shown.body, "data-shown");
    let store = json!({ "store": true, "id": attribute(&shown.body, "data-id"), "version": upon, "shown": digest });
    let words =
        [("by", "North: A minister"), ("when", "2 Mar 2024"), ("of", "south"), ("text", "Close it"), ("quote", "")];
    let unseen = [filled(&words, store.clone()), filled(&DEMAND, json!({ "store": true }))];
    for other in unseen {
        let refused = server.post(ENTRY, &[], &other);
        assert_eq!((refused.status, version(&server)), (412, Some(upon)), "what was not shown: {refused:?}");
    }
    for _ in 0..2 {
        let stored = server.post(ENTRY, &[], &filled(&DEMAND, store.clone()));
        assert_eq!(stored.status, 200, "{stored:?}");
        assert!(stored.body.contains("Stored.") && stored.body.contains("data-stored"), "{}", stored.body);
        assert_eq!(version(&server), Some(upon + 1));
    }
    let other = [("by", "north"), ("when", "2024-03-03"), ("of", "south"), ("text", "x")];
    let shown = server.post(ENTRY, &[], &filled(&other, json!({})));
    let shown = attribute(&shown.body, "data-shown").to_string();
    let late = filled(&other, json!({ "store": true, "version": upon, "shown": shown }));
    let late = server.post(ENTRY, &[], &late);
    assert_eq!((late.status, version(&server)), (412, Some(upon + 1)), "{late:?}");
}

#[test]
fn an_entry_that_does_not_do_names_its_field_and_stores_nothing() {
    let server = Server::start("page-refused", &["--write"]);
    let with = |name: &str, text: &str| {
        let values: Vec<(&str, &str)> = DEMAND
            .iter()
            .map(|(known, value)| if *known == name { (*known, text) } else { (*known, *value) })
            .collect();
        filled(&values, json!({ "store": true }))
    };
    for (name, text) in [("by", "west"), ("when", "Sun 2 Mar 2024"), ("of", "e"), ("quote", "words without a source")] {
        let refused = server.post(ENTRY, &[], &with(name, text));
        assert!(refused.status >= 400 && refused.body.contains("class=\"refused\""), "{name}: {refused:?}");
        if name != "quote" {
            assert_eq!(attribute(&refused.body, "data-field"), name);
        }
    }
    let body = filled(&DEMAND, json!({ "store": true }));
    let json = ("Content-Type", "application/json");
    let unknown = server.send("POST", ENTRY, &[json], &body);
    let wrong = server.send("POST", ENTRY, &[json, ("Authorization", "Bearer no")], &body);
    assert_eq!((unknown.status, wrong.status), (401, 401));
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    let token = format!("Bearer {}", server.token.as_deref().unwrap_or_default());
    assert_eq!(server.send("POST", ENTRY, &[form, ("Authorization", &token)], &body).status, 415);
    assert_eq!(server.get("/api/n/north-south/status").json()["version"], 1);
}

#[test]
fn a_page_shows_what_came_in_and_not_what_was_erased() {
    let server = Server::start("page-fresh", &[]);
    let page = || shown(&server, "/n/north-south?known_by=2024-03-20");
    let plain = page();
    assert_eq!(page(), plain, "what is kept between two steps shows something else");
    let add = |text: &str| {
        let text = format!("text={text}");
        let added = server.command(&[
            "add",
            "demand.raised",
            "by=north",
            "of=south",
            &text,
            "--when",
            "2024-03-02",
            "-n",
            "north-south",
        ]);
        assert!(added.status.success(), "{added:?}");
    };
    add("Open the gate");
    // A look at a day to come does not move the end of the slider for others.
    let ahead = shown(&server, "/n/north-south?as_of=2035-01-01");
    assert!(ahead.contains("2035-01-01") && !shown(&server, "/n/north-south").contains("2035"));
    assert!(!plain.contains("Open the gate") && shown(&server, "/n/north-south").contains("Open the gate"));
    let erased =
        server.command(&["erase", "D1", "--part", "data", "--reason", "wrong", "--basis", "law", "-n", "north-south"]);
    assert!(erased.status.success(), "{erased:?}");
    assert!(!shown(&server, "/n/north-south").contains("Open the gate"), "what was erased is shown");
}
