//! The style and the scripts, as files of a server and as parts of a file that is mailed.

/// The style.
pub(super) const STYLE: &str = include_str!("assets/page.css");
/// What every page does.
pub(super) const CORE: &str = include_str!("assets/core.js");
/// What a page does that has all its stops with it.
pub(super) const STILL: &str = include_str!("assets/still.js");
/// What a page does that can ask its server.
pub(super) const LIVE: &str = include_str!("assets/live.js");

/// A file of the page by its name: its type, and its bytes.
pub fn asset(name: &str) -> Option<(&'static str, &'static [u8])> {
    let script = "text/javascript; charset=utf-8";
    Some(match name {
        "page.css" => ("text/css; charset=utf-8", STYLE.as_bytes()),
        "core.js" => (script, CORE.as_bytes()),
        "live.js" => (script, LIVE.as_bytes()),
        _ => return None,
    })
}

/// The scripts of a file as one: what they import from each other stands before it is used.
pub(super) fn still_script() -> String {
    let body = |script: &str| {
        let lines = script.lines().filter(|line| !line.starts_with("import "));
        lines.map(|line| line.strip_prefix("export ").unwrap_or(line)).collect::<Vec<_>>().join("\n")
    };
    format!("{}\n{}\n", body(CORE), body(STILL))
}
