//! x
use crate::given;
use serde_json::json;
#[test]
fn circle() {
    for n in 1..12 {
        let mut drafts = vec![
            json!({"kind":"negotiation.opened","occurred":"2023-10-01","data":{"title":"x","parties":[]}}),
            json!({"kind":"ceasefire.agreed","occurred":"2023-10-02","data":{"ceasefire":"C1","parties":["p","q"],"until":{"with":"C1","milestone":"ends"}}}),
        ];
        for _ in 0..n {
            drafts.push(json!({"kind":"ceasefire.renewed","occurred":"2023-10-03","data":{"ceasefire":"C1","until":{"with":"C1","milestone":"ends"}}}));
        }
        let state = given::state(&given::log(&drafts), "2023-10-05");
        let now = state.at(given::at("2023-10-05"));
        let t = std::time::Instant::now();
        let s = state.ceasefires.values().next().unwrap().standing(&now).state;
        println!("{n} {s:?} {:?}", t.elapsed());
        if t.elapsed().as_secs() > 20 {
            break;
        }
    }
}
#[test]
fn ahead() {
    let drafts = vec![
        json!({"kind":"negotiation.opened","occurred":"2023-10-01","data":{"title":"x","parties":[]}}),
        json!({"kind":"ceasefire.agreed","occurred":"2023-10-02","data":{"ceasefire":"C1","parties":["p","q"],"until":"2023-10-10"}}),
        json!({"kind":"ceasefire.renewed","occurred":"2023-10-05","data":{"ceasefire":"C1","from":"2023-10-15","until":"2023-10-20"}}),
    ];
    for day in ["2023-10-04", "2023-10-07", "2023-10-12", "2023-10-16", "2023-10-21"] {
        let state = given::state(&given::log(&drafts), day);
        let now = state.at(given::at(day));
        println!("{day} {:?}", state.ceasefires.values().next().unwrap().standing(&now).state);
    }
}
