//! Commitments, deadlines and follow-ups.

use schemars::JsonSchema;
use serde::Serialize;

use super::line::{Asked, Awaited, InstantView, Line, word};
use crate::domain::commitment::{Commitment, CommitmentState, Deadline, DeadlineState, FollowUp};
use crate::domain::event::Level;
use crate::domain::ids::{Handle, Target};
use crate::domain::moment::Moment;
use crate::domain::term::Term;
use crate::domain::value::{Actor, Party};

/// A commitment.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CommitmentView {
    /// Its handle.
    pub handle: Handle,
    /// Who owes it.
    #[schemars(with = "Vec<String>")]
    pub by: Vec<Party>,
    /// To whom.
    #[schemars(with = "Vec<String>")]
    pub to: Vec<Party>,
    /// What is owed, as last worded.
    pub text: String,
    /// The agreement it stands in.
    pub r#in: Option<Handle>,
    /// By when; null where that is open.
    pub due: Option<InstantView>,
    /// What that hangs on, while it has not come.
    pub due_awaits: Option<Awaited>,
    /// The dates before.
    pub earlier_dues: Vec<InstantView>,
    /// How far it is carried out, as last assessed: 0 not begun, 1 minimum, 2 intermediate, 3 full.
    pub level: Option<Level>,
    /// Where it stands.
    pub state: CommitmentState,
    /// When it was carried out in full.
    pub met: Option<InstantView>,
    /// Whether that was after its date.
    pub late: bool,
    /// Who let it go.
    pub waived_by: Option<Actor>,
    /// Who disowned it.
    pub repudiated_by: Vec<Actor>,
    /// How many violations of it are alleged, and not taken back.
    pub violations_alleged: usize,
}

/// A deadline.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct DeadlineView {
    /// Its handle.
    pub handle: Handle,
    /// What is to happen by then.
    pub text: String,
    /// Who set it.
    pub by: Vec<Actor>,
    /// What it concerns.
    pub about: Option<Target>,
    /// When; null where that is open.
    pub due: Option<InstantView>,
    /// What that hangs on, while it has not come.
    pub due_awaits: Option<Awaited>,
    /// The dates before.
    pub earlier_dues: Vec<InstantView>,
    /// Other dates, and on what condition each.
    pub otherwise: Vec<OtherwiseView>,
    /// Where it stands.
    pub state: DeadlineState,
}

/// A date under a condition.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct OtherwiseView {
    /// The condition, in words.
    pub r#if: String,
    /// The date then.
    pub due: Option<InstantView>,
}

/// A follow-up of the desk.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct FollowUpView {
    /// Its handle.
    pub handle: Handle,
    /// What to look at.
    pub text: String,
    /// When.
    pub due: Option<InstantView>,
    /// Where it stands.
    pub state: DeadlineState,
}

/// The commitments, by handle.
pub fn commitments(asked: &Asked<'_>) -> Vec<Line<CommitmentView>> {
    let line = |commitment: &Commitment| {
        let item = commitment_view(asked, commitment);
        let certain = asked.certain.commitments.get(&commitment.handle).map(|k| word(k.state(&asked.certainly())));
        let headline = (word(item.state), certain);
        asked.life(commitment.handle, item, &commitment.basis, headline)
    };
    asked.all.commitments.values().map(line).collect()
}

fn commitment_view(asked: &Asked<'_>, commitment: &Commitment) -> CommitmentView {
    let now = asked.now();
    CommitmentView {
        handle: commitment.handle,
        by: commitment.by.clone(),
        to: commitment.to.clone(),
        text: commitment.text().to_string(),
        r#in: commitment.within,
        due: commitment.due().and_then(|term| asked.due(term)),
        due_awaits: commitment.due().and_then(|term| asked.awaited(term)),
        earlier_dues: earlier(asked, &commitment.dues),
        level: commitment.levels.last().map(|(level, _)| *level),
        state: commitment.state(&now),
        met: commitment.met().and_then(|moment| asked.when(moment)),
        late: commitment.is_late(&now),
        waived_by: commitment.waived.as_ref().map(|(by, _)| by.clone()),
        repudiated_by: commitment.repudiated.iter().map(|(by, _)| by.clone()).collect(),
        violations_alleged: asked.alleged(&commitment.violations),
    }
}

/// Every date but the last.
fn earlier(asked: &Asked<'_>, dues: &[(Option<Term>, Moment)]) -> Vec<InstantView> {
    let before = dues.split_last().map_or(&[][..], |(_, before)| before);
    before.iter().filter_map(|(due, _)| due.as_ref()).filter_map(|term| asked.due(term)).collect()
}

/// The deadlines, by handle.
pub fn deadlines(asked: &Asked<'_>) -> Vec<Line<DeadlineView>> {
    let line = |deadline: &Deadline| {
        let due = |term: &Term| asked.due(term);
        let item = DeadlineView {
            handle: deadline.handle,
            text: deadline.text.clone(),
            by: deadline.by.clone(),
            about: deadline.about.clone(),
            due: deadline.due().and_then(due),
            due_awaits: deadline.due().and_then(|term| asked.awaited(term)),
            earlier_dues: earlier(asked, &deadline.dues),
            otherwise: deadline
                .otherwise
                .iter()
                .map(|o| OtherwiseView { r#if: o.r#if.clone(), due: due(&o.due) })
                .collect(),
            state: deadline.state(&asked.now()),
        };
        let certain = asked.certain.deadlines.get(&deadline.handle).map(|t| word(t.state(&asked.certainly())));
        let headline = (word(item.state), certain);
        asked.life(deadline.handle, item, &deadline.basis, headline)
    };
    asked.all.deadlines.values().map(line).collect()
}

/// The follow-ups, by handle.
pub fn followups(asked: &Asked<'_>) -> Vec<Line<FollowUpView>> {
    let line = |followup: &FollowUp| {
        let item = FollowUpView {
            handle: followup.handle,
            text: followup.text.clone(),
            due: asked.due(&followup.due),
            state: followup.state(&asked.now()),
        };
        let certain = asked.certain.followups.get(&followup.handle).map(|f| word(f.state(&asked.certainly())));
        let headline = (word(item.state), certain);
        asked.life(followup.handle, item, &followup.basis, headline)
    };
    asked.all.followups.values().map(line).collect()
}
