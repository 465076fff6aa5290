//! Questions asked of the state: pure functions of a negotiation and an instant.
//!
//! The output structs are the contract: what `--json` prints and what a page shows is one of these and nothing else. A view never
//! folds events of its own. Every line carries its basis, the events it rests on, so that it can be asked why.

mod accusations;
mod agreements;
mod answer;
mod board;
mod brief;
mod ceasefires;
mod changes;
mod check;
mod claims;
mod commitments;
mod course;
mod demands;
mod due;
mod incidents;
mod line;
mod log;
mod measures;
mod parties;
mod party;
mod plain;
mod readings;
mod rounds;
mod search;
pub mod sentence;
mod show;
mod sources;
mod status;
mod talks;
mod timeline;
mod why;

pub use accusations::{AccusationState, AccusationView, Accusations, AccuserCount, LossView, accusations};
pub use agreements::{AgreementView, DecisionView, agreements};
pub use answer::{Answer, ReadingView, schema};
pub use board::{BoardLine, board_line};
pub use brief::{Brief, ChangeLine, Cited, Compared, Dispute, LINES_AT_MOST, Shortlist, Side, brief};
pub use ceasefires::{CeasefireView, GapView, PartyTerms, ViolationCounts, ViolationView, ceasefires};
pub use changes::{Became, Change, Changed, Difference, EventChange, Replay, ReplayStep, changes, difference, replay};
pub use check::{Check, Checked, Finding, check, newly_found};
pub use claims::{ClaimView, claims};
pub use commitments::{CommitmentView, DeadlineView, FollowUpView, commitments, deadlines, followups};
pub use course::{Course, Stretch, courses};
pub use demands::{AnswerView, DemandView, OfferView, demands, offers};
pub use due::{DueList, DueView, due, due_list};
pub use incidents::{IncidentView, IncidentsSummary, TollView, incidents, summary};
pub use line::{Asked, Awaited, InstantView, Line};
pub use log::{LogLine, log};
pub use measures::{MeasureView, measures};
pub use parties::{PartyView, parties};
pub use party::{AllegationView, IssueView, PartyProfile, PersonView, PositionChange, SaidView, VerdictView, party};
pub use plain::{clean, clean_json};
pub use readings::{Apart, OneSided, OnlyIn, Readings, readings};
pub use rounds::{AccountView, RoundView, With, rounds};
pub use search::{Found, FoundAt, search};
pub use show::{Correction, EventView, Shown, show};
pub use sources::{SourceView, sources};
pub use status::{AnomalyView, Status, anomalies, status};
pub use talks::{NextView, TalksView, other_tables, talks};
pub use timeline::{TimelineEntry, timeline};
pub use why::{CitationView, Reason, Why, why};
