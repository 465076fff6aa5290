//! The ground floor: what can be true.
//!
//! Pure: nothing here reads a file, a clock or a random number, and nothing here knows the floors above.

pub mod agreement;
pub mod anomaly;
mod arms;
mod basis;
pub mod ceasefire;
pub mod claim;
pub mod commitment;
pub mod demand;
pub mod event;
pub mod hindsight;
pub mod history;
pub mod ids;
pub mod incident;
pub mod ledger;
pub mod lives;
pub mod measure;
pub mod moment;
pub mod negotiation;
pub mod now;
pub mod offer;
mod order;
pub mod party;
pub mod position;
pub mod reach;
pub mod reading;
pub mod record;
pub mod source;
pub mod table;
pub mod tail;
pub mod talks;
pub mod term;
pub mod upcast;
pub mod value;
pub mod when;
pub mod wordings;
