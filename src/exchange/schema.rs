//! The shape of a draft, as JSON Schema and as words.
//!
//! Both are taken from the types themselves: what a type reads, the schema allows, and the sentence above a field is its meaning
//! everywhere. Nothing here is kept by hand but the headings of the vocabulary. Extra fields are allowed, as they are in a log: a
//! newer version may have written them.

use std::sync::LazyLock;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde_json::{Map, Value, json};

use crate::domain::event::{AccountSays, ClaimSays, Delegation, Event, LaidTo, OfferedAnswer, Otherwise, Pax};
use crate::domain::ids::Letter;
use crate::domain::party::PartyEntry;
use crate::domain::record::Context;
use crate::domain::source::Citation;
use crate::domain::value::{List, Toll, Vote};
use crate::domain::when::When;

/// A kind of event, as the reference page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindDoc {
    /// Its published name.
    pub kind: String,
    /// The heading of the vocabulary it stands under.
    pub group: &'static str,
    /// What it means, and what closes it.
    pub definition: String,
    /// Whether it has a date in the world.
    pub dated: bool,
    /// The fields of its data, in their order.
    pub fields: Vec<FieldDoc>,
}

/// A field, as the reference page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldDoc {
    /// Its name.
    pub name: String,
    /// What it takes, in plain words: "list of actor".
    pub type_words: String,
    /// Whether it must be there.
    pub required: bool,
    /// What it means.
    pub doc: String,
}

/// A type of value that several fields share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeDoc {
    /// Its name, as the type words have it: "party entry".
    pub name: String,
    /// What it means.
    pub doc: String,
    /// Its fields, where it is an object.
    pub fields: Vec<FieldDoc>,
}

/// The headings of the vocabulary, each with its first kind. The kinds of the last keep the record.
const GROUPS: [(&str, &str); 7] = [
    ("negotiation.opened", "The negotiation and its parties"),
    ("round.scheduled", "Talks"),
    ("demand.raised", "Demands and offers"),
    ("ceasefire.declared", "Ceasefires and other restraints"),
    ("agreement.proposed", "Agreements and commitments"),
    ("measure.taken", "Around the table"),
    ("source.registered", "Keeping the record"),
];

static SCHEMA: LazyLock<Value> = LazyLock::new(generate);
static KINDS: LazyLock<Vec<KindDoc>> = LazyLock::new(|| branches().iter().map(kind_doc).collect());

/// The JSON Schema, draft 2020-12, of a line of a plain log.
pub fn event_schema() -> Value {
    SCHEMA.clone()
}

/// Every kind, in the order of the vocabulary.
pub fn kinds() -> Vec<KindDoc> {
    KINDS.clone()
}

/// The types of value that fields share, in alphabetical order; handles and closed lists apart.
pub fn value_types() -> Vec<TypeDoc> {
    let uses = SCHEMA["$defs"].to_string();
    let is_shared = |name: &str| uses.contains(&format!("\"#/$defs/{name}\"")) && !name.ends_with("InFull");
    let is_word =
        |name: &str, schema: &Value| schema.get("enum").is_some() || name == "EventName" || handle_of(name).is_some();
    let defs = SCHEMA["$defs"].as_object().into_iter().flatten();
    let shared = defs.filter(|(name, schema)| is_shared(name) && !is_word(name, schema));
    let fields = |schema: &'static Value| plain_shapes(schema).into_iter().flat_map(fields_of).collect();
    let doc_of = |(name, schema): (&String, &'static Value)| TypeDoc {
        name: type_name(name),
        doc: doc(schema),
        fields: fields(schema),
    };
    let mut types: Vec<_> = shared.map(doc_of).collect();
    types.sort_by(|one, next| one.name.cmp(&next.name));
    types
}

/// The fields of what stands at a path of keys within a draft: `["data", "parties"]`. Without a kind, any kind's.
pub fn fields_at(kind: Option<&str>, path: &[&str]) -> Vec<FieldDoc> {
    shapes_at(kind, path).into_iter().flat_map(fields_of).collect()
}

/// The words of the closed list at a path of keys, if there is one.
pub fn words_at(kind: Option<&str>, path: &[&str]) -> Vec<String> {
    let shapes = shapes_at(kind, path);
    let words = shapes.into_iter().filter_map(|shape| shape["enum"].as_array()).flatten();
    words.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// What a field may be written as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Takes {
    /// A text of any sort.
    pub text: bool,
    /// A date.
    pub date: bool,
    /// A whole number.
    pub whole: bool,
    /// True or false.
    pub flag: bool,
    /// Somebody of a party.
    pub actor: bool,
}

/// What stands at a path of keys within a draft may be written as; nothing, if there is no such place.
pub fn takes_at(kind: &str, path: &[&str]) -> Option<Takes> {
    let shapes = shapes_at(Some(kind), path);
    let is = |name: &str| shapes.iter().any(|shape| plain_type(shape) == name);
    let date = shapes.iter().any(|shape| std::ptr::eq(*shape, &SCHEMA["$defs"]["When"]));
    let actor = shapes.iter().any(|shape| std::ptr::eq(*shape, &SCHEMA["$defs"]["ActorInFull"]));
    let takes = Takes { text: is("string"), date, whole: is("integer"), flag: is("boolean"), actor };
    (!shapes.is_empty()).then_some(takes)
}

/// Whether a kind makes a new life, unless it names one.
pub fn defines(kind: &str) -> bool {
    let data = branches().iter().find(|branch| branch["title"] == kind).map(|branch| &branch["properties"]["data"]);
    let fields = data.into_iter().flat_map(plain_shapes).filter_map(|shape| shape["properties"].as_object()).flatten();
    fields.filter_map(|(_, field)| field["$ref"].as_str()).any(|name| name.starts_with("#/$defs/Def"))
}

/// Whether a kind has a date in the world.
pub fn is_dated(kind: &str) -> bool {
    let (first_of_last, _) = GROUPS[GROUPS.len() - 1];
    place_of(kind) < place_of(first_of_last)
}

fn place_of(kind: &str) -> Option<usize> {
    Event::KINDS.iter().position(|known| *known == kind)
}

fn group_of(kind: &str) -> &'static str {
    let begun = |(first, _): &&(&str, &str)| place_of(first) <= place_of(kind);
    GROUPS.iter().rev().find(begun).map_or("", |(_, heading)| heading)
}

// The schema

fn generate() -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let kinds = Event::json_schema(&mut generator).to_value();
    let parts = json!({
        "occurred": generator.subschema_for::<When>(),
        "context": generator.subschema_for::<Context>(),
        "sources": List::<Citation>::json_schema(&mut generator),
        "id": { "type": "string", "format": "uuid", "description": "The idempotency key; absent: a new one." },
    });
    let defs = generator.take_definitions(true);
    let branches = kinds["oneOf"].as_array().into_iter().flatten().filter_map(|branch| line_of(branch, &parts, &defs));
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:talks:event:1",
        "title": "A draft: one development of a negotiation",
        "description": "One line of a plain log. Unknown fields are allowed and kept.",
        "type": "object",
        "required": ["kind"],
        "oneOf": branches.collect::<Vec<_>>(),
        "$defs": defs,
    })
}

/// From "an object whose one key is the kind" to "a draft whose `kind` is the kind".
fn line_of(branch: &Value, parts: &Value, defs: &Map<String, Value>) -> Option<Value> {
    let (kind, data) = branch["properties"].as_object()?.iter().next()?;
    let dated = is_dated(kind);
    let mut properties = parts.as_object()?.clone();
    properties.insert("kind".into(), json!({ "const": kind }));
    properties.insert("data".into(), data.clone());
    if !dated {
        properties.insert("occurred".into(), json!(false));
    }
    let shape = data["$ref"].as_str().and_then(|name| defs.get(name.trim_start_matches("#/$defs/")));
    let needs_data = shape.unwrap_or(data)["required"].as_array().is_some_and(|names| !names.is_empty());
    let needed = [("kind", true), ("occurred", dated), ("data", needs_data)];
    let required: Vec<_> = needed.into_iter().filter(|(_, needed)| *needed).map(|(name, _)| name).collect();
    Some(json!({
        "title": kind,
        "description": doc(branch),
        "properties": properties,
        "required": required,
    }))
}

fn branches() -> &'static [Value] {
    SCHEMA["oneOf"].as_array().map(Vec::as_slice).unwrap_or_default()
}

/// What may stand at a path: references followed, alternatives laid side by side, a list taken for its items.
fn shapes_at(kind: Option<&str>, path: &[&str]) -> Vec<&'static Value> {
    let branch = branches().iter().find(|branch| kind.is_none_or(|kind| branch["title"] == kind));
    path.iter().fold(branch.into_iter().collect(), |shapes, key| {
        let inner = shapes.into_iter().filter_map(|shape| shape["properties"].get(*key));
        let mut inner: Vec<_> = inner.flat_map(plain_shapes).collect();
        // One value or a list of them: the same shape twice.
        let mut seen: Vec<*const Value> = Vec::new();
        inner.retain(|shape| {
            let is_new = !seen.contains(&std::ptr::from_ref(*shape));
            seen.push(*shape);
            is_new
        });
        inner
    })
}

fn plain_shapes(schema: &'static Value) -> Vec<&'static Value> {
    if let Some(named) = schema["$ref"].as_str() {
        let name = named.trim_start_matches("#/$defs/");
        return SCHEMA["$defs"].get(name).map(plain_shapes).unwrap_or_default();
    }
    match (schema["anyOf"].as_array(), schema.get("items")) {
        (Some(choices), _) => choices.iter().flat_map(plain_shapes).collect(),
        (None, Some(items)) => plain_shapes(items),
        (None, None) => vec![schema],
    }
}

// The words

fn kind_doc(branch: &Value) -> KindDoc {
    let kind = branch["title"].as_str().unwrap_or_default();
    let fields = fields_at(Some(kind), &["data"]);
    KindDoc { kind: kind.into(), group: group_of(kind), definition: doc(branch), dated: is_dated(kind), fields }
}

fn doc(schema: &Value) -> String {
    schema["description"].as_str().unwrap_or_default().replace('\n', " ")
}

fn fields_of(schema: &Value) -> Vec<FieldDoc> {
    let Some(properties) = schema["properties"].as_object() else { return Vec::new() };
    let is_required = |name: &str| schema["required"].as_array().is_some_and(|names| names.iter().any(|n| n == name));
    let field = |(name, field): (&String, &Value)| FieldDoc {
        name: name.clone(),
        type_words: type_words(field),
        required: is_required(name),
        doc: doc(field),
    };
    let mut fields: Vec<_> = properties.iter().map(field).collect();
    let order = declared_order(properties);
    fields.sort_by_key(|field| order.iter().position(|name| *name == field.name));
    fields
}

/// What a field takes.
fn type_words(schema: &Value) -> String {
    if let Some(named) = schema["$ref"].as_str() {
        let name = named.trim_start_matches("#/$defs/");
        let shape = &SCHEMA["$defs"][name];
        return if shape.get("enum").is_some() { type_words(shape) } else { type_name(name) };
    }
    if let Some(words) = schema["enum"].as_array() {
        let words: Vec<_> = words.iter().filter_map(Value::as_str).collect();
        return format!("one of: {}", words.join(", "));
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        let real = choices.iter().filter(|choice| choice["type"] != "null");
        // One value or a list of them: the list says both.
        let list = real.clone().find(|choice| choice["type"] == "array");
        return list.or_else(|| real.clone().next()).map(type_words).unwrap_or_default();
    }
    match plain_type(schema) {
        "array" => match type_words(&schema["items"]) {
            words if words.starts_with("one of") => format!("list, each {words}"),
            words => format!("list of {words}"),
        },
        "string" => "text".into(),
        "integer" => match (schema["minimum"].as_u64(), schema["maximum"].as_u64()) {
            (low, Some(high)) if high < 10 => format!("whole number, {} to {high}", low.unwrap_or_default()),
            _ => "whole number".into(),
        },
        "boolean" => "true or false".into(),
        "object" => match schema.get("additionalProperties") {
            Some(values) => format!("names, each with a {}", type_words(values)),
            None => "object".into(),
        },
        _ => "any JSON".into(),
    }
}

/// The type, without the null that an optional field may be.
fn plain_type(schema: &Value) -> &str {
    let types = schema["type"].as_array().into_iter().flatten().filter_map(Value::as_str);
    schema["type"].as_str().or_else(|| types.into_iter().find(|name| *name != "null")).unwrap_or_default()
}

/// `PartyEntry` is a party entry, `RefD` a demand.
fn type_name(name: &str) -> String {
    if let Some(letter) = handle_of(name) {
        return format!("{} ({}1)", letter.noun(), letter.as_char());
    }
    match name {
        "Reference" => "ref".into(),
        "EventName" => "event (e1)".into(),
        "Range" => "count".into(),
        _ => in_words(name),
    }
}

/// The sort of life that `RefD` or `DefD` names.
fn handle_of(name: &str) -> Option<Letter> {
    let letter = name.strip_prefix("Ref").or_else(|| name.strip_prefix("Def"))?;
    Letter::ALL.into_iter().find(|known| letter == known.as_char().to_string())
}

fn in_words(name: &str) -> String {
    let mut words = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(c.to_lowercase());
    }
    words
}

// The order of fields, which a JSON object does not keep

/// The order in which a type declares the fields that it has.
fn declared_order(properties: &Map<String, Value>) -> &'static [&'static str] {
    let fits =
        |order: &&&[&str]| order.len() == properties.len() && order.iter().all(|name| properties.contains_key(*name));
    ORDERS.iter().find(fits).copied().unwrap_or_default()
}

static ORDERS: LazyLock<Vec<&'static [&'static str]>> = LazyLock::new(|| {
    let kinds = Event::KINDS.iter().map(|kind| asked(|probe| Event::from_parts(kind, probe).map(drop)));
    kinds.chain(shared_orders()).collect()
});

fn shared_orders() -> impl Iterator<Item = &'static [&'static str]> {
    macro_rules! orders {
        ($($shared:ty)*) => { [$(asked(|probe| <$shared>::deserialize(probe).map(drop))),*] };
    }
    orders! {
        Context Citation PartyEntry Delegation Toll Vote Pax OfferedAnswer Otherwise LaidTo ClaimSays AccountSays
    }
    .into_iter()
}

fn asked(read: impl FnOnce(Probe) -> Result<(), Names>) -> &'static [&'static str] {
    read(Probe).err().map(|Names(names)| names).unwrap_or_default()
}

/// A reader that holds nothing: asked for a struct, it answers with the names of the fields it was asked for.
struct Probe;

#[derive(Debug)]
struct Names(&'static [&'static str]);

impl std::fmt::Display for Names {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join(", "))
    }
}

impl std::error::Error for Names {}

impl de::Error for Names {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Names(&[])
    }
}

impl<'de> Deserializer<'de> for Probe {
    type Error = Names;
    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Names> {
        Err(Names(&[]))
    }
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Names> {
        Err(Names(fields))
    }
    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct seq
        tuple tuple_struct map enum identifier ignored_any
    }
}
