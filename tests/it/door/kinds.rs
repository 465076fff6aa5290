//! Every kind goes through the door: the samples of all kinds, appended one by one to a single log.

use serde_json::Value;

use super::Folder;

const SAMPLES: &str = include_str!("../goldens/kinds.jsonl");

/// Appends a sample, by force where it does not fit, and gives the receipt.
#[track_caller]
fn add(folder: &Folder, sample: &str) -> Value {
    for manner in ["", " --force"] {
        let ran = folder.run_given(&format!("talks add --json{manner}"), sample);
        if ran.code == 0 {
            return serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}", ran.out));
        }
        assert_eq!(ran.code, 1, "{sample}\n{}", ran.err);
        assert!(ran.err.contains("urn:talks:error:refused"), "{sample}\n{}", ran.err);
    }
    panic!("{sample} is refused whatever is said");
}

#[test]
fn every_kind_is_stored_as_it_was_submitted() {
    let folder = Folder::new();
    let (opening, samples) = SAMPLES.split_once('\n').expect("an opening, and more");
    folder.write("opening.jsonl", opening);
    folder.says("talks init && talks import opening.jsonl -n kinds --force");
    for (sample, version) in samples.lines().zip(2..) {
        let receipt = add(&folder, sample);
        let submitted: Value = serde_json::from_str(sample).expect("a sample is JSON");
        let event = &receipt["events"][0];
        assert_eq!((&event["kind"], &receipt["version"]), (&submitted["kind"], &Value::from(version)), "{sample}");
        assert_eq!(event["occurred"], submitted["occurred"], "{sample}");
    }
    let verified = folder.json("talks verify");
    assert_eq!(verified["logs"][0]["version"], SAMPLES.lines().count(), "{verified:#}");
    assert!(verified["logs"][0]["finding"].is_null(), "{verified:#}");
    let exported = folder.says("talks export -q");
    for (line, sample) in exported.lines().zip(SAMPLES.lines()) {
        let (stored, submitted): (Value, Value) = (json(line), json(sample));
        for part in ["data", "context", "sources"].into_iter().filter(|part| stored.get(part).is_some()) {
            assert_eq!(stored[part], submitted.get(part).cloned().unwrap_or_else(|| serde_json::json!({})), "{sample}");
        }
    }
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("a line is JSON")
}
