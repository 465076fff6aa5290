//! Nothing that is printed is wider than the screen, whatever script the names are written in.

use std::fs;
use std::process::Command;

use unicode_width::UnicodeWidthStr;

const LOG: &str = r#"{"kind":"negotiation.opened","occurred":"2025-10-01","data":{"title":"مذاکرات دوحہ","parties":[{"party":"af","name":"امارت اسلامی افغانستان","kind":"state","role":"party"},{"party":"pk","name":"پاکستان","kind":"state","role":"party"},{"party":"cn","name":"中华人民共和国外交部","kind":"state","role":["mediator"]}]}}
{"kind":"demand.raised","occurred":"2025-10-02","data":{"by":"pk","of":"af","text":"سرحد پار دہشت گردی کے خلاف فیصلہ کن کارروائی کی جائے اور تمام پناہ گاہیں بند کی جائیں"}}
{"kind":"demand.raised","occurred":"2025-10-03","data":{"by":"cn","of":["af","pk"],"text":"双方应保持最大限度的克制,通过对话解决分歧,停止一切敌对行动并开放边境口岸"}}
{"kind":"ceasefire.agreed","occurred":"2025-10-04","data":{"parties":["af","pk"],"called":"جنگ بندی","until":"2025-10-20"}}
{"kind":"claim.made","occurred":"2025-10-04","data":{"by":"af","text":"دہشت گردوں کو پناہ نہیں دی جاتی"}}
{"kind":"round.opened","occurred":"2025-10-04","data":{"called":"第一轮会谈"}}
"#;

const COMMANDS: [&[&str]; 11] = [
    &["status"],
    &["demands"],
    &["ceasefires"],
    &["claims"],
    &["rounds"],
    &["parties"],
    &["party", "af"],
    &["timeline"],
    &["replay"],
    &["due"],
    &["show", "e3"],
];

#[test]
fn no_line_is_wider_than_the_screen_in_any_script() {
    let log = format!("{}/scripts.jsonl", env!("CARGO_TARGET_TMPDIR"));
    fs::write(&log, LOG).expect("a log");
    let logs = [(log.as_str(), "2025-10-05"), ("events/afghanistan-pakistan-2025.jsonl", "2025-11-08")];
    for (log, day) in logs {
        for width in [60, 80, 200] {
            for command in COMMANDS.iter().filter(|command| log.ends_with("scripts.jsonl") || command.len() == 1) {
                let mut talks = Command::new(env!("CARGO_BIN_EXE_talks"));
                talks.args(*command).args(["--log", log, "--as-of", day, "-q"]).env("COLUMNS", width.to_string());
                let output = talks.current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("the program runs");
                assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
                let text = String::from_utf8(output.stdout).expect("UTF-8");
                let wide = text.lines().find(|line| line.width() > width);
                assert_eq!(wide, None, "{command:?} of {log} at {width}");
            }
        }
    }
}
