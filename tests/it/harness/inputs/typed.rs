//! Bad commands: what is typed where a name, a number, a date, a hash or a file is expected.

use super::{Case, Deed};

pub fn cases() -> Vec<Case> {
    let add = "add demand.raised by=north of=south text=more";
    let mut lines: Vec<String> = Vec::new();
    for id in ["", "x", "00000000", "11111111-2222-4333-8444-55555555555g"] {
        lines.push(format!("{add} --when 2025-10-19 --id={id}"));
    }
    for version in ["", "x", "-1", "1.5", "e", "e-1", "99999999999999999999", "e2", "0"] {
        lines.push(format!("{add} --when 2025-10-19 --expect-version={version}"));
    }
    for when in ["", "x", "10/11/2025", "2025-02-30", "32", "tomorrow-ish", "2025-10-20/2025-10-19", "-1", "noon"] {
        lines.push(format!("{add} --when={when}"));
    }
    for pair in [
        "=x",
        "text",
        "text:=",
        "text:={",
        "text:=1",
        "a.b.c=1",
        "text=@missing",
        "text=@.",
        "tolls.0=1",
        "by:=[]",
        "unknown=1",
        "..=1",
    ] {
        lines.push(format!("add statement.made by=north act=position {pair} --when 2025-10-19"));
    }
    for kind in ["", "x", "demand", "demand.raised2", "DEMAND.RAISED", "--", "é.é"] {
        lines.push(format!("add {kind} text=x"));
    }
    for name in ["e0", "e99", "D9", "x", "", "e", "e1e1", "D1D2", "-1"] {
        lines.push(format!("retract {name} --reason r"));
        lines.push(format!("erase {name} --part data --reason r --basis b"));
        lines.push(format!("show {name}"));
    }
    for root in ["", "x", "00", &"g".repeat(64), &"A".repeat(64), &"0".repeat(63), &"0".repeat(65)] {
        lines.push(format!("verify --root={root}"));
    }
    lines.push(format!("verify --root={}", "0".repeat(64)));
    for file in ["missing.json", ".", "/dev/null", STORE_AS_RECEIPTS] {
        lines.push(format!("verify --receipts {file}"));
        lines.push(format!("import {file} -n talks"));
        lines.push(format!("receive {file}"));
    }
    for store in ["missing.db", ".", "/dev/null", "/dev/zero", "missing/talks.db", "case.jsonl"] {
        lines.push(format!("status --store {store}"));
        lines.push(format!("{add} --when 2025-10-19 --store {store}"));
    }
    for slug in ["", "x", "../talks", "TALKS", "talks ", "a/b", "é"] {
        lines.push(format!("status -n={slug}"));
        lines.push(format!("open {slug} --title T"));
    }
    for day in ["", "x", "10/11/2025", "2025-02-30"] {
        lines.push(format!("status --as-of={day}"));
        lines.push(format!("status --known-by={day}"));
    }
    for sql in [
        "",
        "DELETE;FROM;log",
        "SELECT",
        "DROP;TABLE;log",
        "SELECT;1;;SELECT;2",
        "ATTACH;'x';AS;y",
        "PRAGMA;user_version=9",
    ] {
        lines.push(format!("query={sql}"));
    }
    for command in [
        "init talks.db",
        "backup talks.db",
        "export -o talks.db",
        "erase e2 --part envelope --reason r --basis b",
        "undo --expect-version 1",
    ] {
        lines.push(command.into());
    }
    lines.into_iter().map(typed).collect()
}

/// The store itself, where receipts are expected.
const STORE_AS_RECEIPTS: &str = "talks.db";

fn typed(line: String) -> Case {
    let args = match line.strip_prefix("query=") {
        Some(sql) => vec!["query".to_string(), sql.replace(";;", "\u{1}").replace(';', " ").replace('\u{1}', ";")],
        None => line.split(' ').map(Into::into).collect(),
    };
    Case { name: format!("typed: {line}"), deed: Deed::Type(args) }
}
