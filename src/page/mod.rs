//! The page: a negotiation at a glance, as HTML that can be read and used without a script.
//!
//! From views to HTML, and nothing else: no clock, no network, no file. Text from events is text. What a script does on top (two
//! sliders, filters that do not reload) it does with markup that was made here: the page that a server sends and the file that is
//! mailed show the same rows, made by the same functions.

mod address;
mod asks;
mod assets;
mod bar;
mod board;
mod events;
mod form;
mod frame;
mod help;
mod preview;
mod row;
mod state;
mod twin;

pub use address::{Place, Query};
pub use assets::asset;
pub use board::board;
pub use form::{Chosen, Field, Form};
pub use frame::{Beside, negotiation, problem};
pub use preview::{Preview, preview, refused};
pub use twin::{ReadingName, Twin};
