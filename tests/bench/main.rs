//! How fast a plain log is read and folded, in one process and without a store.
//!
//! `cargo bench` prints events per second for each stage, the best of five runs, on a generated log of 100 000 events on 50 and on
//! 10 000 lives. `cargo bench -- 20000` takes another size. Machines differ: compare the stages of one run with each other.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Instant as Clock;

use talks::domain::history::{History, Knowledge};
use talks::domain::negotiation::{Cut, fold};
use talks::domain::record::Record;
use talks::domain::when::When;
use talks::exchange::drafts::Reader;

fn main() {
    let size = std::env::args().filter_map(|arg| arg.parse().ok()).next().unwrap_or(100_000);
    for lives in [50, 10_000] {
        let text = log(size, lives);
        println!("{size} events on {lives} lives, {} bytes an event", text.len() / size);
        let records = report("read drafts (strict JSON, types, handles, aliases)", size, || read(&text));
        let history =
            report("known, effective, registry, world order", size, || History::new(&records, &Knowledge::default()));
        let at = When::parse("2030-01-01").map(|day| day.span(history.ground.zone).last());
        let Ok(at) = at else { return };
        let state = report("fold", size, || fold(&history, at, &Cut::default()));
        println!("  {} anomalies\n", state.anomalies.len());
    }
}

fn read(text: &str) -> Vec<Arc<Record>> {
    let mut reader = Reader::default();
    reader.push(text.as_bytes());
    reader.finish().records.into_iter().map(Arc::new).collect()
}

/// The best of five runs, printed; gives back what the last one made.
fn report<T>(stage: &str, size: usize, mut run: impl FnMut() -> T) -> T {
    let mut best = f64::INFINITY;
    let mut made = None;
    for _ in 0..5 {
        drop(made.take());
        let start = Clock::now();
        made = Some(run());
        best = best.min(start.elapsed().as_secs_f64());
    }
    println!("  {:>12.0} events/s  {stage}", size as f64 / best);
    made.expect("five runs make something")
}

/// A log of demands and what becomes of them, statements and incidents, a minute apart.
fn log(size: usize, lives: usize) -> String {
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
