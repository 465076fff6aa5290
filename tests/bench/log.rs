//! A log to measure with.

use std::fmt::Write as _;

/// A log of demands and what becomes of them, statements and incidents, a minute apart.
pub fn drafts(size: usize, lives: usize) -> String {
    let mut text = String::from(
        r#"{"kind":"negotiation.opened","occurred":"2020-01-01","data":{"title":"Bench","parties":[{"party":"a","name":"A","kind":"state","role":"party"},{"party":"b","name":"B","kind":"state","role":"party"}]}}
{"kind":"source.registered","data":{"source":"S1","publisher":"P","published":"2020-01-01"}}
"#,
    );
    for i in 2..size {
        let (day, hour, minute) = (i / 1440, i / 60 % 24, i % 60);
        let (year, month, day) = (2020 + day / 336, day % 336 / 28 + 1, day % 28 + 1);
        let when = format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}Z");
        let demand = i % lives + 1;
        let (kind, data) = if i < lives + 2 {
            (
                "demand.raised",
                format!(
                    r#"{{"demand":"D{demand}","by":["a"],"of":["b"],"text":"The border at crossing {demand} is to be opened to trade."}}"#
                ),
            )
        } else {
            match i % 4 {
                0 => ("demand.revised", format!(r#"{{"demand":"D{demand}","text":"Crossing {demand} is to be opened by spring."}}"#)),
                1 => ("demand.answered", format!(r#"{{"demand":"D{demand}","by":"b","answer":"deferred"}}"#)),
                2 => ("incident.reported", r#"{"category":"clash","against":["a"],"tolls":[{"class":"combatants","killed":{"low":1,"best":2}}]}"#.into()),
                _ => ("statement.made", r#"{"by":{"party":"a","who":"a spokesman"},"act":["position"],"text":"We stand by what we said yesterday."}"#.into()),
            }
        };
        let sources = r#"[{"source":"S1","locator":"para 2","quote":"said on Thursday that the talks would go on"}]"#;
        let line = writeln!(text, r#"{{"kind":"{kind}","occurred":"{when}","data":{data},"sources":{sources}}}"#);
        debug_assert!(line.is_ok());
    }
    text
}
