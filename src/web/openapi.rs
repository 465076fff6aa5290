//! The description of the addresses, as OpenAPI 3.1: made of the same table as the router and of the published schemas.

use serde_json::{Map, Value, json};

use super::routes::{DESCRIPTION, EVENTS, STORE, STREAM, address, records};
use super::{append, params, stream};
use crate::app::{NamedView, Param, Takes, VIEWS, schema_named};
use crate::exchange::schema::event_schema;

const INTRO: &str = "The answers are those of the commands: what `talks NAME --json` prints is what `GET /api/n/SLUG/NAME` answers, and \
    what `--csv` prints is at `NAME.csv`. docs/http.md tells how to ask.";

/// The document.
pub fn document() -> Value {
    let mut schemas = Schemas::default();
    let mut paths = Map::new();
    for (is_board, name, about) in STORE {
        let may: &[&[Param]] = if is_board { &[&params::COMMON] } else { &[] };
        let line = if is_board { schemas.add("board") } else { schemas.negotiation() };
        let content = listed(&line);
        paths.insert(format!("/api/{name}"), json!({ "get": get(name, about, may, content.clone(), false) }));
        let twin = get(&format!("{name}_csv"), about, may, csv(), false);
        paths.insert(format!("/api/{name}.csv"), json!({ "get": twin }));
    }
    for view in VIEWS {
        let content = in_json(&schemas.add(view.schema));
        paths.insert(address(view), json!({ "get": of_view(view, view.name, content) }));
        if view.is_table {
            let twin = of_view(view, &format!("{}_csv", view.name), csv());
            paths.insert(format!("{}.csv", address(view)), json!({ "get": twin }));
        }
    }
    let mut events = json!({ "post": post(&mut schemas) });
    if let Some(view) = records() {
        events["get"] = of_view(view, "events", in_json(&schemas.add(view.schema)));
    }
    paths.insert(EVENTS.into(), events);
    paths.insert(STREAM.into(), json!({ "get": streamed(&mut schemas) }));
    let described = json!({ "description": "This document", "content": { "application/json": { "schema": { "type": "object" } } } });
    let described = json!({ "operationId": "openapi", "summary": "This document", "responses": { "200": described } });
    paths.insert(DESCRIPTION.into(), json!({ "get": described }));
    json!({
        "openapi": "3.1.0",
        "info": { "title": "talks", "version": env!("CARGO_PKG_VERSION"), "description": INTRO, "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" } },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": { "schemas": schemas.0, "responses": { "Problem": problem() }, "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } } },
    })
}

/// The schemas by their names; what they define in common stands there once.
#[derive(Default)]
struct Schemas(Map<String, Value>);

impl Schemas {
    fn add(&mut self, name: &str) -> Value {
        let schema = if name == "event" { Some(event_schema()) } else { schema_named(name) };
        self.put(name, schema.unwrap_or_else(|| json!({})))
    }

    /// Puts a schema in its place, with what it defines beside it.
    fn put(&mut self, name: &str, mut schema: Value) -> Value {
        let refer = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
        if self.0.contains_key(name) {
            return refer(name);
        }
        let defined = schema.as_object_mut().and_then(|schema| {
            schema.shift_remove("$schema");
            schema.shift_remove("$id");
            schema.shift_remove("$defs")
        });
        let Value::Object(defined) = defined.unwrap_or_default() else {
            self.0.insert(name.into(), schema);
            return refer(name);
        };
        // A name that means something else in another schema is told apart by the schema's own.
        let own = |known: &Map<String, Value>, def: &str, value: &Value| match known.get(def) {
            Some(other) if other != value => format!("{name}.{def}"),
            _ => def.to_string(),
        };
        let moved = |value: &Value, names: &Map<String, Value>| pointed(value.clone(), names);
        let plain: Map<String, Value> = defined.keys().map(|def| (def.clone(), def.as_str().into())).collect();
        let names: Map<String, Value> =
            defined.iter().map(|(def, value)| (def.clone(), own(&self.0, def, &moved(value, &plain)).into())).collect();
        for (def, value) in &defined {
            let place = names[def].as_str().unwrap_or(def).to_string();
            self.0.entry(place).or_insert_with(|| moved(value, &names));
        }
        self.0.insert(name.into(), pointed(schema, &names));
        refer(name)
    }

    fn negotiation(&mut self) -> Value {
        let text = |about: &str| json!({ "type": "string", "description": about });
        let members = json!({
            "negotiation": text("Its name"),
            "version": { "type": "integer", "minimum": 0, "description": "The last version of its log" },
            "root": text("The root of its log up to there"),
        });
        self.put(
            "negotiation",
            json!({ "type": "object", "properties": members, "required": ["negotiation", "version", "root"] }),
        )
    }
}

/// A schema whose references lead to where the definitions were moved.
fn pointed(value: Value, names: &Map<String, Value>) -> Value {
    match value {
        Value::Array(values) => values.into_iter().map(|value| pointed(value, names)).collect(),
        Value::Object(members) => {
            let member = |(key, value): (String, Value)| match value.as_str().and_then(|to| to.strip_prefix("#/$defs/"))
            {
                Some(def) if key == "$ref" => {
                    let name = names.get(def).and_then(Value::as_str).unwrap_or(def);
                    (key, format!("#/components/schemas/{name}").into())
                }
                _ => (key, pointed(value, names)),
            };
            Value::Object(members.into_iter().map(member).collect())
        }
        other => other,
    }
}

fn of_view(view: &NamedView, id: &str, content: Value) -> Value {
    let mut told = get(id, view.about, &[&params::COMMON, view.takes], content, true);
    if let (Some(of), Some(list)) = (view.of, told["parameters"].as_array_mut()) {
        list.insert(1, in_path(of.name, of.about));
    }
    told
}

fn get(id: &str, about: &str, may: &[&[Param]], content: Value, of_one: bool) -> Value {
    let slug = of_one.then(|| in_path("slug", "The name of the negotiation"));
    let asked = may.iter().copied().flatten().map(in_query);
    let tag = json!({ "ETag": { "description": "Changes when the answer does", "schema": { "type": "string" } } });
    json!({
        "operationId": id,
        "summary": about,
        "parameters": slug.into_iter().chain(asked).collect::<Vec<_>>(),
        "responses": {
            "200": { "description": "The answer", "headers": tag, "content": content },
            "304": { "description": "It is what If-None-Match names" },
            "default": refused(),
        },
    })
}

fn post(schemas: &mut Schemas) -> Value {
    let (draft, receipt) = (schemas.add("event"), in_json(&schemas.add("receipt")));
    let root = json!({
        "name": "If-Match", "in": "header", "description": "The root that the log is expected to have, in quotes",
        "schema": { "type": "string", "pattern": "^\"[0-9a-fA-F]{64}\"$" },
    });
    let mut parameters = vec![in_path("slug", "The name of the negotiation"), root];
    parameters.extend(append::TAKES.iter().map(in_query));
    let lines = json!({ "schema": { "type": "string", "description": "One draft a line" } });
    let one_or_all = json!({ "anyOf": [draft.clone(), { "type": "array", "items": draft }] });
    json!({
        "operationId": "append",
        "summary": "Append drafts, all of them or none; what is there already is not stored again",
        "parameters": parameters,
        "requestBody": { "required": true, "content": {
            "application/json": { "schema": one_or_all }, "application/jsonl": lines, "application/x-ndjson": lines,
        } },
        "security": [{ "token": [] }],
        "responses": {
            "200": { "description": "Nothing was new, or it was only tried", "content": receipt },
            "201": { "description": "It was stored", "content": receipt },
            "412": { "description": "The log moved on from the root that was named; nothing was stored", "$ref": "#/components/responses/Problem" },
            "default": refused(),
        },
    })
}

fn streamed(schemas: &mut Schemas) -> Value {
    let arrival = schemas.add("watch");
    let about = "What comes in, as server-sent events: `id` is the version, `data` one line of JSON";
    let content = json!({ "text/event-stream": { "schema": { "type": "string" }, "x-data": arrival } });
    let mut told = get("stream", about, &[&params::COMMON, &stream::TAKES], content, true);
    let last = json!({ "name": "Last-Event-ID", "in": "header", "description": "Begin after this version", "schema": { "type": "string" } });
    if let Some(list) = told["parameters"].as_array_mut() {
        list.push(last);
    }
    if let Some(responses) = told["responses"].as_object_mut() {
        responses.shift_remove("304");
    }
    told
}

fn in_path(name: &str, about: &str) -> Value {
    json!({ "name": name, "in": "path", "required": true, "description": about, "schema": { "type": "string" } })
}

fn in_query(param: &Param) -> Value {
    let schema = match param.takes {
        Takes::Text | Takes::Needed => json!({ "type": "string" }),
        Takes::Several => json!({ "type": "array", "items": { "type": "string" } }),
        Takes::Word(words) => json!({ "type": "string", "enum": words }),
        Takes::Number => json!({ "type": "integer", "minimum": 0 }),
        Takes::Switch => json!({ "type": "boolean", "default": false }),
    };
    let needed = param.takes == Takes::Needed;
    json!({ "name": param.name, "in": "query", "required": needed, "description": param.about, "schema": schema })
}

fn in_json(schema: &Value) -> Value {
    json!({ "application/json": { "schema": schema } })
}

fn csv() -> Value {
    json!({ "text/csv": { "schema": { "type": "string" } } })
}

/// The lists of a store stand in `data`, without a frame.
fn listed(line: &Value) -> Value {
    let lines = json!({ "type": "object", "properties": { "negotiations": { "type": "array", "items": line } }, "required": ["negotiations"] });
    in_json(&json!({ "type": "object", "properties": { "data": lines }, "required": ["data"] }))
}

fn refused() -> Value {
    json!({ "$ref": "#/components/responses/Problem" })
}

/// RFC 9457, as the terminal prints it with `--json`.
fn problem() -> Value {
    let texts = json!({ "type": "array", "items": { "type": "string" } });
    let members = json!({
        "type": { "type": "string", "description": "urn:talks:error: and a name of docs/errors.md" },
        "title": { "type": "string" },
        "status": { "type": "integer" },
        "detail": { "type": "string", "description": "What was wrong" },
        "exit": { "type": "integer", "description": "The exit code of the command" },
        "why": texts,
        "help": { "type": "string", "description": "What to do instead" },
        "candidates": texts,
        "problems": { "type": "array", "items": { "type": "object" } },
    });
    let schema = json!({ "type": "object", "properties": members, "required": ["type", "title", "status", "detail"] });
    json!({ "description": "What went wrong", "content": { "application/problem+json": { "schema": schema } } })
}
