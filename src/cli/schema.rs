//! `talks schema`

use super::page::Page;
use crate::app::{Trouble, schema_named, schema_names};
use crate::exchange::schema::event_schema;

pub(super) fn page(of: Option<&str>) -> Result<Page, Trouble> {
    match of {
        None | Some("event") => Ok(Page::raw(event_schema())),
        Some(name) => schema_named(name).map(Page::raw).ok_or_else(|| {
            let names: Vec<&str> = schema_names().collect();
            let trouble = Trouble::usage("no-such-schema", format!("no schema \"{name}\""));
            trouble.because(format!("there are event, {}", names.join(", "))).help("talks schema event")
        }),
    }
}
