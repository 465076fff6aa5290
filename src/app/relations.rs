//! The answers of the list commands as tables: what `talks query` asks and `talks export --format sqlite` writes.
//!
//! The rows are those of the views, so that they can't say otherwise than the commands do. A column is a member of the view's
//! schema. A date takes three: as written, and the first and the last instant that it can mean, null where it is open; so a
//! comparison never takes an open end for a day.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Asking, Trouble};
use crate::sql::{Column, Holds, Relation};
use crate::view::{self, Line, schema};

/// How a table is made of a view.
struct Sheet {
    name: &'static str,
    about: &'static str,
    key: &'static str,
    label: &'static str,
    searched: Option<&'static str>,
    references: &'static [(&'static str, &'static str)],
    schema: fn() -> Value,
    rows: fn(&Asking<'_>) -> Result<Value, serde_json::Error>,
}

/// A list in the rows of a table, as a table that joins.
struct Join {
    name: &'static str,
    about: &'static str,
    /// The column of the row's own name, and that of what is in the list.
    columns: [(&'static str, &'static str); 2],
    /// The table, its key and its list.
    of: &'static [&'static str],
    list: &'static str,
    references: [Option<(&'static str, &'static str)>; 2],
}

/// What a sheet has where nothing else is said.
const PLAIN: Sheet = Sheet {
    name: "negotiation",
    about: "One row: which log was asked, and what was asked of it; what the sheets hold is so as of that day",
    key: "negotiation",
    label: "negotiation",
    searched: None,
    references: &[],
    schema: schema::<view::Answer<()>>,
    rows: |asking| serde_json::to_value([asking.answer(())]),
};

static SHEETS: [Sheet; 15] = [
    PLAIN,
    Sheet {
        name: "events",
        about: "The records in the order in which they were kept, and what became of each: talks log",
        key: "event",
        label: "text",
        searched: Some("text"),
        references: &[("retracted_by", "events")],
        schema: schema::<view::LogLine>,
        rows: |asking| serde_json::to_value(view::log(&asking.asked(), asking.records())),
    },
    Sheet {
        name: "timeline",
        about: "What happened, in the order of the world, as corrected: talks timeline",
        key: "event",
        label: "text",
        references: &[("event", "events")],
        schema: schema::<Line<view::TimelineEntry>>,
        rows: |asking| serde_json::to_value(view::timeline(&asking.asked())),
        ..PLAIN
    },
    Sheet {
        name: "parties",
        about: "Who negotiates, who helps: talks parties",
        key: "party",
        label: "name",
        references: &[("part_of", "parties")],
        schema: schema::<Line<view::PartyView>>,
        rows: |asking| serde_json::to_value(view::parties(&asking.asked())),
        ..PLAIN
    },
    Sheet {
        name: "sources",
        about: "What is cited, and for what: talks sources",
        key: "handle",
        label: "title",
        references: &[("version_of", "sources")],
        schema: schema::<Line<view::SourceView>>,
        rows: |asking| serde_json::to_value(view::sources(&asking.asked())),
        ..PLAIN
    },
    Sheet {
        name: "rounds",
        about: "The rounds of talks: talks rounds",
        key: "handle",
        label: "handle",
        schema: schema::<Line<view::RoundView>>,
        rows: |asking| serde_json::to_value(view::rounds(&asking.asked())),
        ..PLAIN
    },
    Sheet {
        name: "demands",
        about: "What is asked of whom, the answers, and whose move it is: talks demands",
        key: "handle",
        label: "text",
        references: &[("superseded_by", "demands")],
        schema: schema::<Line<view::DemandView>>,
        rows: |asking| serde_json::to_value(view::demands(&asking.asked())),
        ..PLAIN
    },
    Sheet {
        name: "offers",
        about: "What is on the table: talks offers",
        key: "handle",
        label: "text",
        references: &[("superseded_by", "offers")],
        schema: schema::<Line<view::OfferView>>,
        rows: |asking| serde_json::to_value(view::offers(&asking.asked())),
        ..PLAIN
    },
    Sheet {
        name: "ceasefires",
        about: "Ceasefires, by their terms, and what is said of them: talks ceasefires",
        key: "handle",
        label: "called",
        references: &[("superseded_by", "ceasefires"), ("in", "agreements")],
        schema: schema::<Line<view::CeasefireView>>,
        rows: |asking| serde_json::to_value(view::ceasefires(&asking.asked())),
        ..PLAIN
    },
    Sheet {
        name: "agreements",
        about: "How far each agreement has got: talks agreements",
        key: "handle",
        label: "title",
        references: &[("part_of", "agreements"), ("revises", "agreements"), ("superseded_by", "agreements")],
        schema: schema::<Line<view::AgreementView>>,
        rows: |asking| serde_json::to_value(view::agreements(&asking.asked())),
        ..PLAIN
    },
    Sheet {
        name: "commitments",
        about: "What is owed, by when, and how far it is carried out: talks commitments",
        key: "handle",
        label: "text",
        references: &[("in", "agreements")],
        schema: schema::<Line<view::CommitmentView>>,
        rows: |asking| serde_json::to_value(view::commitments(&asking.asked())),
        ..PLAIN
    },
    Sheet {
        name: "deadlines",
        about: "Dates that were set: talks deadlines",
        key: "handle",
        label: "text",
        schema: schema::<Line<view::DeadlineView>>,
        rows: |asking| serde_json::to_value(view::deadlines(&asking.asked())),
        ..PLAIN
    },
    Sheet {
        name: "measures",
        about: "What is done and lasts: strikes, closures, sanctions: talks measures",
        key: "handle",
        label: "text",
        schema: schema::<Line<view::MeasureView>>,
        rows: |asking| serde_json::to_value(view::measures(&asking.asked())),
        ..PLAIN
    },
    Sheet {
        name: "claims",
        about: "Who claims what, who denies it: talks claims",
        key: "handle",
        label: "text",
        schema: schema::<Line<view::ClaimView>>,
        rows: |asking| serde_json::to_value(view::claims(&asking.asked())),
        ..PLAIN
    },
    Sheet {
        name: "incidents",
        about: "What happened on the ground, with the dead and injured by account, never to be summed: talks incidents",
        key: "event",
        label: "text",
        references: &[("event", "events")],
        schema: schema::<Line<view::IncidentView>>,
        rows: |asking| serde_json::to_value(view::incidents(&asking.asked())),
        ..PLAIN
    },
];

static JOINS: [Join; 2] = [
    Join {
        name: "basis",
        about: "The events that each line rests on",
        columns: [("item", "The name of the line: its handle, event or party"), ("event", "An event that it rests on")],
        of: &[
            "rounds",
            "demands",
            "offers",
            "ceasefires",
            "agreements",
            "commitments",
            "deadlines",
            "measures",
            "claims",
            "incidents",
            "parties",
        ],
        list: "basis",
        references: [None, Some(("events", "event"))],
    },
    Join {
        name: "citations",
        about: "The events for which each source is cited",
        columns: [("source", "The source"), ("event", "An event that cites it")],
        of: &["sources"],
        list: "cited_by",
        references: [Some(("sources", "handle")), Some(("events", "event"))],
    },
];

/// The tables without a row: what can be asked.
pub(super) fn empty() -> Vec<Relation> {
    let sheets = SHEETS.iter().map(|sheet| relation(sheet, columns(sheet)));
    sheets.chain(JOINS.iter().map(joining)).collect()
}

/// The tables, filled with what the views answer.
pub(super) fn filled(asking: &Asking<'_>) -> Result<Vec<Relation>, Trouble> {
    let broken = |error: serde_json::Error| Trouble::failed("json", error.to_string());
    let (mut relations, mut joins) = (Vec::new(), JOINS.each_ref().map(joining));
    for sheet in &SHEETS {
        let Value::Array(lines) = (sheet.rows)(asking).map_err(broken)? else { continue };
        let columns = columns(sheet);
        for (join, relation) in JOINS.iter().zip(&mut joins).filter(|(join, _)| join.of.contains(&sheet.name)) {
            relation.rows.extend(lines.iter().flat_map(|line| pairs(line, sheet.key, join.list)));
        }
        let rows = lines.iter().map(|line| row(line, &columns)).collect();
        relations.push(Relation { rows, ..relation(sheet, columns) });
    }
    relations.extend(joins);
    Ok(relations)
}

fn relation(sheet: &'static Sheet, columns: Vec<Column>) -> Relation {
    let (key, label) = (Some(sheet.key), Some(sheet.label));
    Relation { name: sheet.name, about: sheet.about, columns, key, label, searched: sheet.searched, rows: Vec::new() }
}

fn joining(join: &'static Join) -> Relation {
    let column = |((name, doc), references): (&(&'static str, &'static str), Option<(&'static str, &'static str)>)| {
        Column { name: (*name).into(), holds: Holds::Text, doc: (*doc).into(), references }
    };
    let columns = join.columns.iter().zip(join.references).map(column).collect();
    Relation { name: join.name, about: join.about, columns, key: None, label: None, searched: None, rows: Vec::new() }
}

fn pairs<'v>(line: &'v Value, key: &'static str, list: &'static str) -> impl Iterator<Item = Vec<Value>> + 'v {
    let named = line[list].as_array().into_iter().flatten();
    named.map(move |event| vec![line[key].clone(), event.clone()])
}

fn columns(sheet: &Sheet) -> Vec<Column> {
    let schema = (sheet.schema)();
    let members = schema["properties"].as_object().into_iter().flatten();
    members.flat_map(|(name, member)| member_columns(sheet, name, member, &schema)).collect()
}

/// The columns of one member: three of a date, none of what says nothing.
fn member_columns(sheet: &Sheet, name: &str, member: &Value, schema: &Value) -> Vec<Column> {
    let mut shapes = BTreeSet::new();
    collect_shapes(member, schema, &mut shapes);
    shapes.remove("null");
    let holds = match shapes.into_iter().collect::<Vec<_>>()[..] {
        [] if member.get("type").is_some() => return Vec::new(),
        [DATE] => Holds::Date,
        ["boolean"] => Holds::Boolean,
        ["integer"] => Holds::Integer,
        ["string"] => Holds::Text,
        _ => Holds::Json,
    };
    let doc = member["description"].as_str().unwrap_or_default().replace('\n', " ");
    let references = sheet.references.iter().find(|(column, _)| *column == name).and_then(|(_, table)| key_of(table));
    let column = Column { name: name.into(), holds, doc, references };
    if holds != Holds::Date {
        return vec![column];
    }
    let end = |end: &str, which: &str| Column {
        name: format!("{name}_{end}"),
        holds: Holds::Text,
        doc: format!("The {which} instant that {name} can mean; null where it is open"),
        references: None,
    };
    vec![column.clone(), end(EARLIEST, "first"), end(LATEST, "last")]
}

fn key_of(table: &'static str) -> Option<(&'static str, &'static str)> {
    SHEETS.iter().find(|sheet| sheet.name == table).map(|sheet| (table, sheet.key))
}

/// The name of a date in the schemas.
const DATE: &str = "InstantView";
const EARLIEST: &str = "earliest";
const LATEST: &str = "latest";

/// The types that a member may have, through all that it refers to.
fn collect_shapes<'s>(member: &'s Value, schema: &'s Value, shapes: &mut BTreeSet<&'s str>) {
    if let Some(name) = member["$ref"].as_str().and_then(|to| to.rsplit('/').next()) {
        match name {
            DATE => drop(shapes.insert(DATE)),
            name => collect_shapes(&schema["$defs"][name], schema, shapes),
        }
    }
    match &member["type"] {
        Value::String(shape) => drop(shapes.insert(shape)),
        Value::Array(types) => shapes.extend(types.iter().filter_map(Value::as_str)),
        _ if member["const"].is_string() || member["enum"].is_array() => drop(shapes.insert("string")),
        _ => {}
    }
    for choice in ["anyOf", "oneOf"].into_iter().filter_map(|any| member[any].as_array()).flatten() {
        collect_shapes(choice, schema, shapes);
    }
}

fn row(line: &Value, columns: &[Column]) -> Vec<Value> {
    let Value::Object(members) = line else { return Vec::new() };
    columns.iter().map(|column| cell(members, &column.name)).collect()
}

/// A member as written, or an end of the date of which the column is named.
fn cell(members: &Map<String, Value>, name: &str) -> Value {
    let end = || {
        let (of, end) = name.rsplit_once('_')?;
        members.get(of)?.get(end).filter(|instant| *instant != OPEN)
    };
    match members.get(name) {
        Some(date) if date.get("edtf").is_some() => date["edtf"].clone(),
        Some(value) => value.clone(),
        None => end().cloned().unwrap_or_default(),
    }
}

const OPEN: &str = "..";
