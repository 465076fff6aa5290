//! The sources, and what each is cited for.

use schemars::JsonSchema;
use serde::Serialize;

use super::line::{Asked, InstantView, Line};
use crate::domain::history::SourceRecord;
use crate::domain::ids::{Handle, Version};
use crate::domain::source::Reliability;

/// A source.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct SourceView {
    /// Its handle.
    pub handle: Handle,
    /// Its title.
    pub title: Option<String>,
    /// Who published it.
    pub publisher: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// When it was published.
    pub published: Option<InstantView>,
    /// Where it can be read.
    pub url: Option<String>,
    /// The SHA-256 of the copy kept.
    pub sha256: Option<String>,
    /// How far it is trusted (Admiralty code).
    pub reliability: Option<Reliability>,
    /// The source it is a later version of.
    pub version_of: Option<Handle>,
    /// The events that cite it, among those that count.
    #[schemars(with = "Vec<String>")]
    pub cited_by: Vec<Version>,
}

/// The sources, by handle.
pub fn sources(asked: &Asked<'_>) -> Vec<Line<SourceView>> {
    let sources = asked.all.ground.sources.iter();
    sources.map(|(handle, record)| line(asked, *handle, record)).collect()
}

fn line(asked: &Asked<'_>, handle: Handle, record: &SourceRecord) -> Line<SourceView> {
    let entry = &record.entry;
    let cites = |citations: &[crate::domain::source::Citation]| citations.iter().any(|c| c.source.0 == handle);
    let mut cited_by: Vec<Version> = asked.facts().filter(|f| cites(&f.record.sources)).map(|f| f.version()).collect();
    cited_by.sort();
    let item = SourceView {
        handle,
        title: entry.title.clone(),
        publisher: entry.publisher.clone(),
        author: entry.author.clone(),
        published: entry.published.as_ref().map(|when| InstantView::of(when, asked.zone())),
        url: entry.url.clone(),
        sha256: entry.sha256.clone(),
        reliability: entry.reliability,
        version_of: entry.version_of.map(|source| source.0),
        cited_by,
    };
    asked.line(item, record.basis.first().copied(), &record.basis, None)
}
