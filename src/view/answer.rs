//! The frame of every answer: what was asked, and of which log.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use uuid::Uuid;

use super::line::InstantView;
use crate::domain::value::Party;

/// An answer, as `--json` prints it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Answer<T> {
    /// The log's name.
    pub negotiation: String,
    /// The log's identity: the id of its first event; null where that is a draft without one.
    pub log: Option<Uuid>,
    /// The day of the world asked about.
    pub as_of: InstantView,
    /// What had been reported by then; null: everything.
    pub known_by: Option<InstantView>,
    /// What had been recorded by then; null: everything.
    pub recorded_by: Option<InstantView>,
    /// Whether only certain facts were folded.
    pub certain: bool,
    /// Whose account was folded.
    pub reading: ReadingView,
    /// The last version of the log that the answer could use; null: none.
    pub version: Option<u64>,
    /// The root of that prefix; null for drafts, which are not sealed.
    pub root: Option<String>,
    /// The version of the rules that folded it.
    pub rules: u32,
    /// Whether every record could be read.
    pub complete: bool,
    /// The answer.
    pub data: T,
}

impl Answer<()> {
    /// The same frame around something.
    pub fn with<T>(self, data: T) -> Answer<T> {
        let Answer { negotiation, log, as_of, known_by, recorded_by, certain, reading, version, root, .. } = self;
        let (rules, complete) = (self.rules, self.complete);
        Answer {
            negotiation,
            log,
            as_of,
            known_by,
            recorded_by,
            certain,
            reading,
            version,
            root,
            rules,
            complete,
            data,
        }
    }
}

/// A reading, and how much it leaves out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReadingView {
    /// The party whose account it is; null: everybody's.
    #[schemars(with = "Option<String>")]
    pub accounts_of: Option<Party>,
    /// Whether only corroborated facts count.
    pub corroborated: bool,
    /// How many events fall out of it.
    pub left_out: usize,
}

/// The JSON Schema (2020-12) of what a view says.
pub fn schema<T: JsonSchema>() -> serde_json::Value {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    generator.into_root_schema_for::<T>().into()
}
