//! Who is let in: by the name that is asked for, the site that asks, and the shape of the request.

use super::server::{Answer, Server};

const STATUS: &str = "/api/negotiations";

#[test]
fn only_our_own_names_are_answered_each_once_and_to_the_letter() {
    let server = Server::start("hosts", &["--host", "talks.example.org"]);
    let port = server.at.rsplit(':').next().expect("a port").to_string();
    let with_port = |name: &str| name.replace("PORT", &port);
    for name in ["127.0.0.1:PORT", "localhost:PORT", "LocalHost:PORT", "[::1]:PORT", "talks.example.org:PORT"] {
        let answer = asked(&server, &[("Host", &with_port(name))]);
        assert_eq!(answer.status, 200, "{name}: {answer:?}");
    }
    for name in [
        "",
        "localhost",
        "127.0.0.1",
        "[::1]",
        "localhost.",
        "localhost.:PORT",
        "localhost:PORT.",
        "127.0.0.1.nip.io:PORT",
        "localhost.evil:PORT",
        "evil.localhost:PORT",
        "evil:PORT",
        "127.1:PORT",
        "127.0.0.2:PORT",
        "127.0.0.1:1",
        "0.0.0.0:PORT",
        "2130706433:PORT",
        "0x7f000001:PORT",
        "0177.0.0.1:PORT",
        "[::ffff:127.0.0.1]:PORT",
        "[0:0:0:0:0:0:0:1]:PORT",
        "::1:PORT",
        "[::1%lo]:PORT",
        "localhost:PORT@evil",
        "evil@localhost:PORT",
        "localhost:PORT/",
        "localhost:PORT, localhost:PORT",
        "localhost :PORT",
        "localhost:0PORT",
        "localhost:PORT:PORT",
        "talks.example.org",
        "xtalks.example.org:PORT",
        "talks.example.org.:PORT",
        "http://localhost:PORT",
        "*",
        "null",
        "LOCALHOST:PORT\u{e9}",
        "localhost:+PORT",
    ] {
        let answer = asked(&server, &[("Host", &with_port(name))]);
        assert!([400, 403].contains(&answer.status), "{name}: {answer:?}");
        assert!(!answer.body.contains("us-taliban"), "{name}: {answer:?}");
    }
    for headers in [
        &[][..],
        &[("Host", "H"), ("Host", "H")],
        &[("Host", "H"), ("Host", "evil")],
        &[("Host", "evil"), ("Host", "H")],
    ] {
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.replace('H', &server.at))).collect();
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(asked(&server, &headers).problem(), "wrong-host", "{headers:?}");
    }
}

#[test]
fn the_name_in_the_line_of_the_request_is_looked_at_too() {
    let server = Server::start("lines", &[]);
    let line = |line: &str| {
        let line = line.replace("AT", &server.at);
        Answer::of(&server.raw(format!("{line}\r\nHost: {}\r\nConnection: close\r\n\r\n", server.at).as_bytes()))
    };
    assert_eq!(line(&format!("GET http://AT{STATUS} HTTP/1.1")).status, 200);
    assert_eq!(line(&format!("GET http://evil.example{STATUS} HTTP/1.1")).problem(), "wrong-host");
    assert_eq!(line(&format!("GET http://AT@evil.example{STATUS} HTTP/1.1")).problem(), "wrong-host");
    assert_eq!(line("CONNECT AT HTTP/1.1").status, 404);
    assert_eq!(line(&format!("GET {STATUS} HTTP/1.0")).problem(), "wrong-version");
    assert_eq!(line("GET / HTTP/2.0").status, 400);
    assert_eq!(line("GET  / HTTP/1.1").status, 400);
    assert_eq!(line("G@T / HTTP/1.1\u{0}").status, 400);
    assert_eq!(line("OPTIONS * HTTP/1.1").status, 404);
}

#[test]
fn what_another_site_sends_is_refused() {
    let server = Server::start("origins", &["--write"]);
    let own = format!("http://{}", server.at);
    let port = server.at.rsplit(':').next().expect("a port");
    let local = format!("http://localhost:{port}");
    let link = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document")];
    for headers in [
        &[("Origin", own.as_str())][..],
        &[("Origin", &local)],
        &[("Sec-Fetch-Site", "same-origin")],
        &[("Sec-Fetch-Site", "none")],
        &link,
    ] {
        assert_eq!(server.send("GET", STATUS, headers, "").status, 200, "{headers:?}");
    }
    let secure = own.replace("http:", "https:");
    let elsewhere = own.replace(port, "1");
    let more = format!("{own}.evil");
    for headers in [
        &[("Origin", "http://evil.example")][..],
        &[("Origin", "null")],
        &[("Origin", "")],
        &[("Origin", &secure)],
        &[("Origin", &elsewhere)],
        &[("Origin", &more)],
        &[("Origin", &own), ("Origin", "http://evil.example")],
        &[("Origin", &own), ("Origin", &own)],
        &[("Sec-Fetch-Site", "cross-site")],
        &[("Sec-Fetch-Site", "same-site")],
        &[("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Site", "cross-site")],
        &[("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors"), ("Sec-Fetch-Dest", "image")],
        &[("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "iframe")],
        &[("Origin", "http://evil.example"), ("Sec-Fetch-Site", "same-origin")],
    ] {
        assert_eq!(server.send("GET", STATUS, headers, "").problem(), "wrong-origin", "{headers:?}");
        assert_eq!(server.post("/api/n/north-south/events", headers, "{}").problem(), "wrong-origin", "{headers:?}");
    }
    // A link leads to a page; it adds nothing.
    assert_eq!(server.post("/api/n/north-south/events", &link, "{}").problem(), "wrong-origin");
    // Nobody is told that another site may read.
    let preflight = [("Origin", "http://evil.example"), ("Access-Control-Request-Method", "POST")];
    let refused = server.send("OPTIONS", "/api/n/north-south/events", &preflight, "");
    assert_eq!(refused.problem(), "wrong-origin");
    let answers = [refused, server.send("OPTIONS", STATUS, &[("Origin", &own)], ""), server.get(STATUS)];
    assert_eq!(answers[1].problem(), "wrong-method");
    assert!(answers.iter().all(|answer| answer.headers("Access-Control-Allow-Origin").is_empty()));
}

#[test]
fn every_answer_carries_what_keeps_a_page_to_itself() {
    let server = Server::start("headers", &[]);
    let refused = server.send("GET", "/", &[("Origin", "null")], "");
    for answer in [server.get("/"), server.get(STATUS), server.get("/nothing"), server.get("/n/us-taliban"), refused] {
        let policy = answer.header("Content-Security-Policy");
        assert_eq!(
            policy,
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
             form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        );
        for (name, value) in [
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Cache-Control", "no-store"),
        ] {
            assert_eq!(answer.header(name), value, "{answer:?}");
        }
        assert!(answer.headers("Server").is_empty() && answer.headers("Set-Cookie").is_empty());
    }
}

/// A request with these headers only.
#[track_caller]
fn asked(server: &Server, headers: &[(&str, &str)]) -> Answer {
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    Answer::of(&server.raw(format!("GET {STATUS} HTTP/1.1\r\nConnection: close\r\n{headers}\r\n").as_bytes()))
}
