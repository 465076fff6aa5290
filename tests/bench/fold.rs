//! How fast a plain log is read and folded, in one process and without a store.
//!
//! `cargo bench` prints events per second for each stage, the best of five runs, on a generated log of 100 000 events on 50 and on
//! 10 000 lives. `cargo bench -- 20000` takes another size. Machines differ: compare the stages of one run with each other.

mod log;

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
        let text = log::drafts(size, lives);
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
