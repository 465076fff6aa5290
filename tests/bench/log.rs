//! A log to measure with: drafts of 300 to 450 bytes.

use std::fmt::Write as _;

/// When the event of a place is dated.
pub fn when(i: usize) -> String {
    let (day, hour, minute) = (i / 1440, i / 60 % 24, i % 60);
    let (year, month, day) = (2020 + day / 336, day % 336 / 28 + 1, day % 28 + 1);
    format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}Z")
}

/// A log of demands and what becomes of them, statements and incidents, a minute apart.
pub fn drafts(size: usize, lives: usize) -> String {
    let mut text = String::from(
        r#"{"kind":"negotiation.opened","occurred":"2020-01-01","data":{"title":"Bench","parties":[{"party":"a","name":"A","kind":"state","role":"party"},{"party":"b","name":"B","kind":"state","role":"party"}]}}
{"kind":"source.registered","data":{"source":"S1","publisher":"P","published":"2020-01-01"}}
"#,
    );
    for i in 2..size {
        let when = when(i);
        let demand = i % lives + 1;
        let (kind, data) = if i < lives + 2 {
            (
                "demand.raised",
                format!(
                    r#"{{"demand":"D{demand}","by":["a"],"of":["b"],"text":"The border at crossing {demand} is to be opened to trade, to those who travel on foot and to the sick, on every day but Friday."}}"#
                ),
            )
        } else {
            match i % 4 {
                0 => ("demand.revised", format!(r#"{{"demand":"D{demand}","text":"Crossing {demand} is to be opened by spring, and to lorries that carry nothing but food and medicine before that."}}"#)),
                1 => ("demand.answered", format!(r#"{{"demand":"D{demand}","by":"b","answer":"deferred"}},"context":{{"issue":"crossings","summary":"The minister asked for time to consult the provinces."}}"#)),
                2 => ("incident.reported", r#"{"category":"clash","against":["a"],"tolls":[{"class":"combatants","killed":{"low":1,"best":2}},{"class":"civilians","injured":{"low":3}}]},"context":{"place":"the hills above the crossing","according_to":[{"party":"b","who":"a hospital"}]}"#.into()),
                _ => ("statement.made", r#"{"by":{"party":"a","who":"a spokesman"},"act":["position"],"text":"We stand by what we said yesterday, and expect of the other side that it keeps to what it has signed."}"#.into()),
            }
        };
        let sources = r#"[{"source":"S1","locator":"para 2","quote":"said on Thursday that the talks would go on as long as there was something to talk about"}]"#;
        let line = writeln!(text, r#"{{"kind":"{kind}","occurred":"{when}","data":{data},"sources":{sources}}}"#);
        debug_assert!(line.is_ok());
    }
    text
}
