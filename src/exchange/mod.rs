//! Formats: what comes in from outside, and what goes out.
//!
//! Bytes in, (records, problems) out. Reading gives what could be read and a list of what could not, each with its place and, where
//! there is one, a remedy that can be typed; it never stops at the first. No file is opened here and no network used: whoever calls
//! has the bytes already, and decides what a problem means.

pub(crate) mod batches;
pub mod canon;
pub mod drafts;
pub mod near;
pub mod pairs;
pub mod schema;
pub mod short;
pub mod typed;
