//! Every kind of development the log can hold.
//!
//! One variant a kind, with its struct. The sentence above a variant is its definition and what closes it; the reference page and
//! the schema are generated from these lines. The tag is a published name: chosen by hand, never renamed. The enum is exhaustive
//! on purpose, and matched without a wildcard in two places only: the fold (`negotiation.rs`) and the sentence (`view/sentence.rs`).
//!
//! Values in lists of words are closed; a reader takes an unknown word as `other`. A handle that a kind defines is allocated by the
//! log when absent and joins the existing life when present.

use std::fmt;

use schemars::JsonSchema;
use serde::de::{self, DeserializeSeed, EnumAccess, VariantAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::ids::{
    ACeasefire, AClaim, ACommitment, ADeadline, ADemand, AFollowUp, AMeasure, ARound, AnAgreement, AnOffer, Def, Ref,
    Target, Version,
};
use super::party::PartyEntry;
use super::source::SourceRegistered;
use super::term::Term;
use super::value::{Actor, List, Name, Named, Party, Place, Range, Toll, Vote, Walk, codes, facts, no_names};
use super::when::{When, Zone};

macro_rules! kinds {
    ($( $(#[$meta:meta])* $tag:literal $variant:ident $data:ident; )*) => {
        /// A development: what happened, or what the record says about itself.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
        pub enum Event {
            $( $(#[$meta])* #[serde(rename = $tag)] $variant(Box<$data>), )*
        }
        impl Event {
            /// The kinds, in the order of the vocabulary.
            pub const KINDS: &'static [&'static str] = &[$($tag),*];
            /// The kind's published name: `demand.raised`.
            pub fn kind(&self) -> &'static str {
                match self { $( Event::$variant(_) => $tag, )* }
            }
        }
        impl Walk for Event {
            fn walk(&mut self, see: &mut dyn FnMut(Name<'_>)) {
                match self { $( Event::$variant(data) => data.walk(see), )* }
            }
            fn names(&self, see: &mut dyn FnMut(Named<'_>)) {
                match self { $( Event::$variant(data) => data.names(see), )* }
            }
        }
    };
}

kinds! {
    /// The negotiation begins to be tracked. Always first in its log; may be corrected, never retracted.
    "negotiation.opened" NegotiationOpened NegotiationOpened;
    /// The negotiation is over. What is still on the table lapses, until it is reopened.
    "negotiation.closed" NegotiationClosed NegotiationClosed;
    /// A closed negotiation is taken up again; what lapsed is open again.
    "negotiation.reopened" NegotiationReopened NegotiationReopened;
    /// A party comes in. Joining again changes its role, name or aliases; `party.left` ends it.
    "party.joined" PartyJoined PartyEntry;
    /// A party leaves the negotiation.
    "party.left" PartyLeft PartyLeft;
    /// An office changes hands: a minister, an envoy, a leader.
    "office.changed" OfficeChanged OfficeChanged;
    /// A round is announced, or a resumption agreed that has not happened. It ends when the round opens, or is closed as not held.
    "round.scheduled" RoundScheduled RoundScheduled;
    /// The parties sit down. Closed by `round.closed`, or at the end of its own interval.
    "round.opened" RoundOpened RoundOpened;
    /// The parties met and parted; only the day is known.
    "round.held" RoundHeld RoundHeld;
    /// A round ends, with or without a result; a scheduled one may end as not held.
    "round.closed" RoundClosed RoundClosed;
    /// The talks stop for a while. Ended by a resumption, a round opening, or an agreement between the parties.
    "talks.paused" TalksPaused TalksPaused;
    /// The talks go on, after a pause or after a closed round, which it continues or reopens.
    "talks.resumed" TalksResumed TalksResumed;
    /// A party asks something of another. With a known handle it is pressed again. Closed by being met, withdrawn, settled or superseded.
    "demand.raised" DemandRaised DemandRaised;
    /// A demand is worded anew; the old text stays readable.
    "demand.revised" DemandRevised DemandRevised;
    /// An addressee answers a demand; the answer is kept per addressee and closes nothing by itself.
    "demand.answered" DemandAnswered DemandAnswered;
    /// A demand is carried out, fully (which closes it) or partly.
    "demand.met" DemandMet DemandMet;
    /// A demand is taken back.
    "demand.withdrawn" DemandWithdrawn DemandWithdrawn;
    /// A party puts something on the table. Closed by acceptance, withdrawal or a later offer that supersedes it.
    "offer.made" OfferMade OfferMade;
    /// A party answers an offer, or a part of it.
    "offer.answered" OfferAnswered OfferAnswered;
    /// An offer is taken off the table.
    "offer.withdrawn" OfferWithdrawn OfferWithdrawn;
    /// One side says it will stop. Another side may join by the same handle. Runs out at `until`, or ends.
    "ceasefire.declared" CeasefireDeclared CeasefireDeclared;
    /// The parties agree to stop. Without `from` it holds from the moment agreed. Runs out at `until`, or ends.
    "ceasefire.agreed" CeasefireAgreed CeasefireAgreed;
    /// A ceasefire takes effect whose start was fixed after the agreement.
    "ceasefire.began" CeasefireBegan CeasefireBegan;
    /// A ceasefire is extended to a new `until`, or without one reaffirmed, per party. Late, an extension revives it and the gap shows; a reaffirmation does not revive.
    "ceasefire.renewed" CeasefireRenewed CeasefireRenewed;
    /// A ceasefire is suspended, by all or by one. Ended by `ceasefire.resumed`.
    "ceasefire.suspended" CeasefireSuspended CeasefireStep;
    /// A suspended ceasefire holds again.
    "ceasefire.resumed" CeasefireResumed CeasefireStep;
    /// A ceasefire ends, for all or for one.
    "ceasefire.ended" CeasefireEnded CeasefireEnded;
    /// Somebody says that a ceasefire, an agreement or a commitment was broken. An allegation always: the act and its dead live once, in the incident.
    "violation.alleged" ViolationAlleged ViolationAlleged;
    /// A text is put forward.
    "agreement.proposed" AgreementProposed AgreementProposed;
    /// The parties agree, and have not signed. With `revises` it supersedes that text.
    "agreement.reached" AgreementReached AgreementReached;
    /// The parties sign.
    "agreement.signed" AgreementSigned AgreementSigned;
    /// A body ratifies. The agreement is ratified when every listed ratifier has.
    "agreement.ratified" AgreementRatified AgreementDecided;
    /// A body rejects the agreement.
    "agreement.rejected" AgreementRejected AgreementDecided;
    /// The agreement takes legal effect; after a suspension, again.
    "agreement.entered-into-force" AgreementEnteredIntoForce AgreementEnteredIntoForce;
    /// The agreement's end is moved.
    "agreement.extended" AgreementExtended AgreementExtended;
    /// The agreement is suspended.
    "agreement.suspended" AgreementSuspended AgreementSuspended;
    /// The agreement ends. Expiry needs no event: `until` runs by the clock.
    "agreement.ended" AgreementEnded AgreementEnded;
    /// Somebody undertakes to do something. With a known handle it is dated or worded anew. Closed by a full assessment, a waiver or a repudiation.
    "commitment.made" CommitmentMade CommitmentMade;
    /// How far a commitment is carried out, on the Kroc scale: 0 not begun, 1 minimum, 2 intermediate, 3 full.
    "commitment.assessed" CommitmentAssessed CommitmentAssessed;
    /// Whoever it was owed to lets a commitment go.
    "commitment.waived" CommitmentWaived CommitmentDropped;
    /// Whoever owes it disowns a commitment, also one made for it by others.
    "commitment.repudiated" CommitmentRepudiated CommitmentDropped;
    /// A date is fixed that nobody need owe: an exit day, a court's date. With a known handle it is moved; the old dates stay.
    "deadline.set" DeadlineSet DeadlineSet;
    /// Something is done that lasts: a strike, a closed crossing, a blockade. Ended by `measure.lifted`, or at `until`.
    "measure.taken" MeasureTaken MeasureTaken;
    /// A measure ends.
    "measure.lifted" MeasureLifted MeasureLifted;
    /// Something happened on the ground. An aggregate ("this month") is never added to its parts.
    "incident.reported" IncidentReported IncidentReported;
    /// Somebody says something publicly, or it is published or leaked.
    "statement.made" StatementMade StatementMade;
    /// A party asserts something, with its own values. A different version of it is a rival claim.
    "claim.made" ClaimMade ClaimMade;
    /// A party denies a claim, or any event.
    "claim.denied" ClaimDenied ClaimAnswered;
    /// A party confirms a claim, or any event; of a violation laid to it, that is an acknowledgement.
    "claim.confirmed" ClaimConfirmed ClaimAnswered;
    /// A claim is taken back by whoever made it; an alleged violation may be named too.
    "claim.withdrawn" ClaimWithdrawn ClaimWithdrawn;
    /// A source becomes citable. With a known handle its entry is replaced.
    "source.registered" SourceRegistered SourceRegistered;
    /// What a further source reports of the same event, with its own values.
    "account.added" AccountAdded AccountAdded;
    /// Fields of an earlier event are replaced; the old values stay readable.
    "event.corrected" EventCorrected EventCorrected;
    /// An earlier event no longer counts; it stays readable.
    "event.retracted" EventRetracted EventJudged;
    /// A retracted event counts again.
    "event.reinstated" EventReinstated EventJudged;
    /// An analyst's judgement, signed, never computed with.
    "note.added" NoteAdded NoteAdded;
    /// Something to look at again. Closed by `followup.done`.
    "followup.set" FollowupSet FollowupSet;
    /// A follow-up is done.
    "followup.done" FollowupDone FollowupDone;
    /// One finding of a check is silenced, with the reason.
    "check.waived" CheckWaived CheckWaived;
    /// Parts of an earlier event were erased: their bytes are gone, the leaf stays.
    "record.erased" RecordErased RecordErased;
}

impl Event {
    /// Reads the data of a kind, without buffering, so that an error keeps its line and column.
    ///
    /// # Errors
    /// What the data's own format reports; an unknown kind is reported as an unknown variant.
    pub fn from_parts<'de, D: Deserializer<'de>>(kind: &'de str, data: D) -> Result<Event, D::Error> {
        Event::deserialize(KindAndData { kind, data })
    }

    /// Whether it is about the record and not about the world: such an event has no date in the world.
    pub fn is_record_keeping(&self) -> bool {
        use Event::*;
        matches!(
            self,
            SourceRegistered(_)
                | AccountAdded(_)
                | EventCorrected(_)
                | EventRetracted(_)
                | EventReinstated(_)
                | NoteAdded(_)
                | FollowupSet(_)
                | FollowupDone(_)
                | CheckWaived(_)
                | RecordErased(_)
        )
    }

    /// Whether it declares parties, by which all that is said of them is judged.
    pub fn declares(&self) -> bool {
        matches!(self, Event::NegotiationOpened(_) | Event::PartyJoined(_))
    }

    /// Whether it needs a negotiation that is not closed: rounds, pauses, what is put on the table.
    pub fn is_at_the_table(&self) -> bool {
        use Event::*;
        matches!(
            self,
            RoundScheduled(_)
                | RoundOpened(_)
                | RoundHeld(_)
                | TalksPaused(_)
                | TalksResumed(_)
                | DemandRaised(_)
                | OfferMade(_)
        )
    }

    /// Whether it ends or pauses something: dated "some time from a to b", it is taken to have come at b.
    pub fn ends_or_pauses(&self) -> bool {
        use Event::*;
        matches!(
            self,
            NegotiationClosed(_)
                | PartyLeft(_)
                | RoundClosed(_)
                | TalksPaused(_)
                | DemandWithdrawn(_)
                | OfferWithdrawn(_)
                | CeasefireSuspended(_)
                | CeasefireEnded(_)
                | AgreementSuspended(_)
                | AgreementEnded(_)
                | MeasureLifted(_)
                | ClaimWithdrawn(_)
        )
    }
}

/// Presents `(kind, data)` to the derived reader as an externally tagged enum.
struct KindAndData<'a, D> {
    kind: &'a str,
    data: D,
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for KindAndData<'de, D> {
    type Error = D::Error;
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        visitor.visit_enum(self)
    }
    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct seq
        tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de, D: Deserializer<'de>> EnumAccess<'de> for KindAndData<'de, D> {
    type Error = D::Error;
    type Variant = DataOnly<D>;
    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, DataOnly<D>), D::Error> {
        let kind = seed.deserialize(de::value::StrDeserializer::new(self.kind))?;
        Ok((kind, DataOnly(self.data)))
    }
}

struct DataOnly<D>(D);

impl<'de, D: Deserializer<'de>> VariantAccess<'de> for DataOnly<D> {
    type Error = D::Error;
    fn unit_variant(self) -> Result<(), D::Error> {
        Err(de::Error::custom("every kind has data"))
    }
    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, D::Error> {
        seed.deserialize(self.0)
    }
    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_any(visitor)
    }
    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_any(visitor)
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())
    }
}

// The negotiation and its parties

codes! {
    /// How a negotiation ended.
    pub enum ClosedAs { Settled = "settled", Collapsed = "collapsed", Abandoned = "abandoned", Superseded = "superseded" }
}

no_names! { Zone }

facts! {
    /// What is known when the negotiation opens.
    pub struct NegotiationOpened {
        /// Its title.
        pub title: String,
        /// What it is about.
        pub subject: Option<String>,
        /// The parties known from the start.
        #[serde(default)]
        pub parties: List<PartyEntry>,
        /// The zone in which a day is a day: a fixed offset, +00:00 where none is given.
        pub zone: Option<Zone>,
    }

    /// How it ended.
    pub struct NegotiationClosed {
        /// The outcome.
        pub outcome: ClosedAs,
        /// Who ended it.
        #[serde(default)]
        pub by: List<Actor>,
    }

    /// Why it goes on.
    pub struct NegotiationReopened {
        /// The reason.
        pub why: Option<String>,
    }

    /// Who left.
    pub struct PartyLeft {
        /// The party.
        pub party: Party,
        /// The reason.
        pub why: Option<String>,
    }

    /// Who holds an office now.
    pub struct OfficeChanged {
        /// Whose office.
        pub party: Party,
        /// The office: "interior minister".
        pub office: String,
        /// Who holds it; absent: vacant.
        pub who: Option<String>,
    }
}

// Talks

codes! {
    /// The manner of a round.
    pub enum RoundForm {
        Direct = "direct", Proximity = "proximity", Shuttle = "shuttle", Virtual = "virtual", BackChannel = "back-channel",
        Technical = "technical", SideMeeting = "side-meeting", Plenary = "plenary",
    }
    /// Official (1), mixed (1.5) or unofficial (2) diplomacy.
    pub enum Track { One = "1", OneAndAHalf = "1.5", Two = "2" }
    /// How a round ended.
    pub enum Outcome {
        Agreement = "agreement", Partial = "partial", Progress = "progress", NoAgreement = "no-agreement", Deadlock = "deadlock",
        Inconclusive = "inconclusive", Postponed = "postponed", NotHeld = "not-held",
    }
    /// How the talks stopped.
    pub enum PauseHow {
        Recess = "recess", Suspended = "suspended", WalkOut = "walk-out", CalledOff = "called-off", Deadlock = "deadlock",
    }
}

impl Outcome {
    /// Whether it says that the round met.
    pub fn has_met(self) -> bool {
        !matches!(self, Outcome::Postponed | Outcome::NotHeld | Outcome::Other)
    }
}

facts! {
    /// Who sits at the table for a party.
    pub struct Delegation {
        /// The party.
        pub party: Party,
        /// Who leads it.
        pub head: Option<String>,
        /// Who else.
        #[serde(default)]
        pub members: List<String>,
    }

    /// A round to come.
    pub struct RoundScheduled {
        /// The round; absent: a new one.
        #[serde(default)]
        pub round: Def<ARound>,
        /// When it is to be.
        pub r#for: Option<Term>,
        /// At which level: "ministers", "technical".
        pub level: Option<String>,
    }

    /// A round that opens.
    pub struct RoundOpened {
        /// The round; absent: a new one.
        #[serde(default)]
        pub round: Def<ARound>,
        /// What the source calls it: "the first round".
        pub called: Option<String>,
        /// The manner.
        pub form: Option<RoundForm>,
        /// The track.
        pub track: Option<Track>,
        /// Who mediates.
        #[serde(default)]
        pub mediators: List<Party>,
        /// Who came.
        #[serde(default)]
        pub delegations: List<Delegation>,
    }

    /// A round of which only the day is known.
    pub struct RoundHeld {
        /// The round; absent: a new one.
        #[serde(default)]
        pub round: Def<ARound>,
        /// How it ended.
        pub outcome: Option<Outcome>,
        /// What the source calls it.
        pub called: Option<String>,
        /// The manner.
        pub form: Option<RoundForm>,
        /// The track.
        pub track: Option<Track>,
        /// Who mediated.
        #[serde(default)]
        pub mediators: List<Party>,
        /// Who came.
        #[serde(default)]
        pub delegations: List<Delegation>,
    }

    /// A round's end.
    pub struct RoundClosed {
        /// The round.
        pub round: Ref<ARound>,
        /// How it ended; absent: not stated.
        pub outcome: Option<Outcome>,
    }

    /// A pause.
    pub struct TalksPaused {
        /// The round it interrupts.
        pub round: Option<Ref<ARound>>,
        /// How.
        pub how: Option<PauseHow>,
        /// By whom.
        #[serde(default)]
        pub by: List<Actor>,
        /// Until when it was said to last.
        pub until: Option<Term>,
        /// The reason given.
        pub reason: Option<String>,
    }

    /// A resumption.
    pub struct TalksResumed {
        /// The round that goes on; absent: the one paused, else the last.
        pub round: Option<Ref<ARound>>,
    }
}

// Demands and offers

codes! {
    /// How much hangs on a demand.
    pub enum Weight { Primary = "primary", Secondary = "secondary", RedLine = "red-line", Precondition = "precondition" }
    /// An answer to a demand or an offer.
    pub enum Answer {
        Accepted = "accepted", PartlyAccepted = "partly-accepted", Rejected = "rejected", Deferred = "deferred",
        Countered = "countered", Undisclosed = "undisclosed",
    }
    /// How far a demand is carried out.
    pub enum MetHow { Fully = "fully", Partly = "partly" }
}

facts! {
    /// A demand.
    pub struct DemandRaised {
        /// The demand; absent: a new one; known: pressed again.
        #[serde(default)]
        pub demand: Def<ADemand>,
        /// Who asks.
        pub by: List<Actor>,
        /// Of whom.
        pub of: List<Party>,
        /// What is asked.
        pub text: String,
        /// How much hangs on it.
        pub weight: Option<Weight>,
        /// Demands that this one replaces.
        #[serde(default)]
        pub supersedes: List<Ref<ADemand>>,
    }

    /// A new wording.
    pub struct DemandRevised {
        /// The demand.
        pub demand: Ref<ADemand>,
        /// What is asked now.
        pub text: String,
    }

    /// An answer to a demand.
    pub struct DemandAnswered {
        /// The demand.
        pub demand: Ref<ADemand>,
        /// Who answers.
        pub by: Actor,
        /// The answer.
        pub answer: Answer,
        /// The offer that goes with it.
        pub offer: Option<Ref<AnOffer>>,
    }

    /// A demand carried out.
    pub struct DemandMet {
        /// The demand.
        pub demand: Ref<ADemand>,
        /// Fully or partly.
        pub how: MetHow,
    }

    /// A demand taken back.
    pub struct DemandWithdrawn {
        /// The demand.
        pub demand: Ref<ADemand>,
    }

    /// What an offer says to one demand.
    pub struct OfferedAnswer {
        /// The demand.
        pub demand: Ref<ADemand>,
        /// The answer.
        pub answer: Answer,
    }

    /// An offer.
    pub struct OfferMade {
        /// The offer; absent: a new one.
        #[serde(default)]
        pub offer: Def<AnOffer>,
        /// Who offers.
        pub by: List<Actor>,
        /// To whom.
        pub to: List<Party>,
        /// What is offered.
        pub text: String,
        /// Which demands it answers, and how.
        #[serde(default)]
        pub answers: List<OfferedAnswer>,
        /// Offers that this one replaces.
        #[serde(default)]
        pub supersedes: List<Ref<AnOffer>>,
        /// Whether it is called the last.
        #[serde(default)]
        pub r#final: bool,
    }

    /// An answer to an offer.
    pub struct OfferAnswered {
        /// The offer.
        pub offer: Ref<AnOffer>,
        /// Who answers.
        pub by: Actor,
        /// The answer.
        pub answer: Answer,
        /// Which part of it.
        pub part: Option<String>,
    }

    /// An offer taken back.
    pub struct OfferWithdrawn {
        /// The offer.
        pub offer: Ref<AnOffer>,
    }
}

// Ceasefires and other restraints

codes! {
    /// The class of a ceasefire (ETH/PRIO; Clayton and Sticher 2021): a cessation of hostilities, one with a compliance mechanism, or one that ends the conflict.
    pub enum CeasefireClass { Cessation = "cessation", Preliminary = "preliminary", Definitive = "definitive" }
    /// What a ceasefire is for (ETH/PRIO).
    pub enum Purpose { Humanitarian = "humanitarian", PeaceProcess = "peace-process", Holiday = "holiday", Election = "election" }
    /// How a ceasefire ended.
    pub enum CeasefireEnd {
        Renounced = "renounced", Collapsed = "collapsed", Replaced = "replaced", Completed = "completed", NotRenewed = "not-renewed",
    }
}

facts! {
    /// A ceasefire declared by one side.
    pub struct CeasefireDeclared {
        /// The ceasefire; absent: a new one; known: another side joins it.
        #[serde(default)]
        pub ceasefire: Def<ACeasefire>,
        /// Who declares it.
        pub by: List<Party>,
        /// The parties' own word: "truce", "reduction in violence".
        pub called: Option<String>,
        /// The class.
        pub class: Option<CeasefireClass>,
        /// The purpose.
        pub purpose: Option<Purpose>,
        /// Where or against whom it holds.
        pub coverage: Option<String>,
        /// From when; absent: from the moment declared.
        pub from: Option<Term>,
        /// Until when; absent: without an end.
        pub until: Option<Term>,
        /// On what condition.
        pub condition: Option<String>,
        /// The ceasefires it replaces.
        #[serde(default)]
        pub supersedes: List<Ref<ACeasefire>>,
        /// The agreement it is part of and ends with.
        pub r#in: Option<Ref<AnAgreement>>,
    }

    /// A ceasefire agreed between parties.
    pub struct CeasefireAgreed {
        /// The ceasefire; absent: a new one.
        #[serde(default)]
        pub ceasefire: Def<ACeasefire>,
        /// Who agrees to it.
        pub parties: List<Party>,
        /// The parties' own word.
        pub called: Option<String>,
        /// The class.
        pub class: Option<CeasefireClass>,
        /// The purpose.
        pub purpose: Option<Purpose>,
        /// Where or against whom it holds.
        pub coverage: Option<String>,
        /// From when; absent: from the moment agreed.
        pub from: Option<Term>,
        /// Until when; absent: without an end.
        pub until: Option<Term>,
        /// On what condition.
        pub condition: Option<String>,
        /// The ceasefires it replaces.
        #[serde(default)]
        pub supersedes: List<Ref<ACeasefire>>,
        /// The agreement it is part of and ends with.
        pub r#in: Option<Ref<AnAgreement>>,
    }

    /// A ceasefire that takes effect.
    pub struct CeasefireBegan {
        /// The ceasefire.
        pub ceasefire: Ref<ACeasefire>,
    }

    /// A ceasefire extended or reaffirmed.
    pub struct CeasefireRenewed {
        /// The ceasefire.
        pub ceasefire: Ref<ACeasefire>,
        /// By whom; absent: by all it binds.
        #[serde(default)]
        pub by: List<Party>,
        /// The parties' own word.
        pub called: Option<String>,
        /// From when the extension runs.
        pub from: Option<Term>,
        /// Until when; absent: reaffirmed, not extended.
        pub until: Option<Term>,
        /// On what condition.
        pub condition: Option<String>,
    }

    /// A ceasefire suspended or taken up again.
    pub struct CeasefireStep {
        /// The ceasefire.
        pub ceasefire: Ref<ACeasefire>,
        /// By whom; absent: by all it binds.
        #[serde(default)]
        pub by: List<Party>,
        /// The reason.
        pub why: Option<String>,
    }

    /// A ceasefire's end.
    pub struct CeasefireEnded {
        /// The ceasefire.
        pub ceasefire: Ref<ACeasefire>,
        /// By whom; absent: for all it binds.
        #[serde(default)]
        pub by: List<Party>,
        /// How.
        pub how: CeasefireEnd,
    }

    /// An alleged violation.
    pub struct ViolationAlleged {
        /// What is said to be broken: a ceasefire, an agreement or a commitment.
        pub of: Target,
        /// By whom it is said to be broken.
        #[serde(default)]
        pub by: List<Actor>,
        /// Who alleges it; absent: the source itself.
        pub alleged_by: Option<Actor>,
        /// The declared monitor that found it.
        pub found_by: Option<Party>,
        /// The party outside the agreement that it is said to have run through.
        pub through: Option<Party>,
        /// How many violations.
        pub count: Option<Range>,
        /// The incident.
        pub incident: Option<Target>,
    }
}

// Agreements and commitments

codes! {
    /// The form in which something is agreed.
    pub enum AgreementForm {
        InPrinciple = "in-principle", Verbal = "verbal", Partial = "partial", Initialled = "initialled", Tentative = "tentative",
        JointStatement = "joint-statement", Final = "final",
    }
    /// How an agreement ended.
    pub enum AgreementEnd {
        Expired = "expired", Terminated = "terminated", Denounced = "denounced", Collapsed = "collapsed", Superseded = "superseded",
    }
}

facts! {
    /// The agreement's entry in the PA-X Peace Agreements Database.
    pub struct Pax {
        /// Its number there.
        pub id: Option<u32>,
        /// The PA-X Stage: Pre, SubPar, SubComp, Imp, Ren, Cea, Oth.
        pub stage: Option<String>,
        /// The PA-X StageSub.
        pub substage: Option<String>,
    }

    /// A proposed text.
    pub struct AgreementProposed {
        /// The agreement; absent: a new one.
        #[serde(default)]
        pub agreement: Def<AnAgreement>,
        /// Its title.
        pub title: String,
        /// Who proposes it.
        #[serde(default)]
        pub by: List<Actor>,
        /// The agreement it is part of.
        pub part_of: Option<Ref<AnAgreement>>,
        /// The text it revises.
        pub revises: Option<Ref<AnAgreement>>,
    }

    /// Agreed, not yet signed.
    pub struct AgreementReached {
        /// The agreement; absent: a new one.
        #[serde(default)]
        pub agreement: Def<AnAgreement>,
        /// Its title.
        pub title: Option<String>,
        /// The form.
        pub form: Option<AgreementForm>,
        /// On what condition.
        pub condition: Option<String>,
        /// Who agrees.
        #[serde(default)]
        pub parties: List<Party>,
        /// The agreement it is part of.
        pub part_of: Option<Ref<AnAgreement>>,
        /// The text it revises, and so supersedes.
        pub revises: Option<Ref<AnAgreement>>,
        /// The demands it settles.
        #[serde(default)]
        pub settles: List<Ref<ADemand>>,
        /// From when it runs.
        pub from: Option<Term>,
        /// Until when it runs.
        pub until: Option<Term>,
        /// Who must ratify.
        #[serde(default)]
        pub ratifiers: List<Party>,
        /// Its entry in PA-X.
        pub pax: Option<Pax>,
    }

    /// Signed.
    pub struct AgreementSigned {
        /// The agreement; absent: a new one.
        #[serde(default)]
        pub agreement: Def<AnAgreement>,
        /// Its title.
        pub title: Option<String>,
        /// Who signs.
        pub by: List<Actor>,
        /// Who witnesses.
        #[serde(default)]
        pub witnesses: List<Actor>,
        /// The form.
        pub form: Option<AgreementForm>,
        /// On what condition.
        pub condition: Option<String>,
        /// Who agrees, where others sign for them.
        #[serde(default)]
        pub parties: List<Party>,
        /// The agreement it is part of.
        pub part_of: Option<Ref<AnAgreement>>,
        /// The text it revises, and so supersedes.
        pub revises: Option<Ref<AnAgreement>>,
        /// The demands it settles.
        #[serde(default)]
        pub settles: List<Ref<ADemand>>,
        /// From when it runs.
        pub from: Option<Term>,
        /// Until when it runs.
        pub until: Option<Term>,
        /// Who must ratify.
        #[serde(default)]
        pub ratifiers: List<Party>,
        /// Its entry in PA-X.
        pub pax: Option<Pax>,
    }

    /// Ratified or rejected.
    pub struct AgreementDecided {
        /// The agreement.
        pub agreement: Ref<AnAgreement>,
        /// The body that decides.
        pub by: Party,
        /// In what manner: "plebiscite", "acclamation".
        pub how: Option<String>,
        /// The vote.
        pub vote: Option<Box<Vote>>,
    }

    /// In force.
    pub struct AgreementEnteredIntoForce {
        /// The agreement.
        pub agreement: Ref<AnAgreement>,
    }

    /// Its end moved.
    pub struct AgreementExtended {
        /// The agreement.
        pub agreement: Ref<AnAgreement>,
        /// Until when it runs now.
        pub until: Term,
    }

    /// Suspended.
    pub struct AgreementSuspended {
        /// The agreement.
        pub agreement: Ref<AnAgreement>,
        /// By whom.
        #[serde(default)]
        pub by: List<Actor>,
    }

    /// Ended.
    pub struct AgreementEnded {
        /// The agreement.
        pub agreement: Ref<AnAgreement>,
        /// How.
        pub how: AgreementEnd,
        /// By whom.
        #[serde(default)]
        pub by: List<Actor>,
    }

    /// An undertaking.
    pub struct CommitmentMade {
        /// The commitment; absent: a new one; known: dated or worded anew.
        #[serde(default)]
        pub commitment: Def<ACommitment>,
        /// Who owes it.
        pub by: List<Party>,
        /// To whom.
        #[serde(default)]
        pub to: List<Party>,
        /// What is owed.
        pub text: String,
        /// The agreement it stands in.
        pub r#in: Option<Ref<AnAgreement>>,
        /// By when.
        pub due: Option<Term>,
    }

    /// How far it is carried out.
    pub struct CommitmentAssessed {
        /// The commitment.
        pub commitment: Ref<ACommitment>,
        /// 0 not begun, 1 minimum, 2 intermediate, 3 full (Kroc Institute, Peace Accords Matrix).
        pub level: Option<Level>,
    }

    /// Waived or repudiated.
    pub struct CommitmentDropped {
        /// The commitment.
        pub commitment: Ref<ACommitment>,
        /// By whom.
        pub by: Actor,
    }

    /// What follows if a condition comes true.
    pub struct Otherwise {
        /// The condition, in words.
        pub r#if: String,
        /// The date that holds then.
        pub due: Term,
    }

    /// A date fixed.
    pub struct DeadlineSet {
        /// The deadline; absent: a new one; known: moved.
        #[serde(default)]
        pub deadline: Def<ADeadline>,
        /// What is to happen by then.
        pub text: String,
        /// When.
        pub due: Option<Term>,
        /// Who set it.
        #[serde(default)]
        pub by: List<Actor>,
        /// What it concerns.
        pub about: Option<Target>,
        /// Other dates under conditions.
        #[serde(default)]
        pub otherwise: List<Otherwise>,
    }
}

/// A level of implementation: 0 not begun, 1 minimum, 2 intermediate, 3 full (Kroc Institute, Peace Accords Matrix).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Level(#[schemars(range(max = 3))] pub u8);

no_names! { Level }

impl<'de> Deserialize<'de> for Level {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let level = u8::deserialize(d)?;
        (level <= 3).then_some(Level(level)).ok_or_else(|| de::Error::custom("a level runs from 0 to 3"))
    }
}

// Around the table

codes! {
    /// What is done.
    pub enum MeasureType {
        Strike = "strike", Lockout = "lockout", Closure = "closure", Sanction = "sanction", Blockade = "blockade",
        Mobilisation = "mobilisation", Release = "release", Access = "access", PullBack = "pull-back", Mechanism = "mechanism",
        Arrangement = "arrangement",
    }
    /// Whether a measure presses or reassures.
    pub enum Attitude { Coercive = "coercive", ConfidenceBuilding = "confidence-building" }
    /// What happened (after the event types of ACLED).
    pub enum IncidentCategory {
        Clash = "clash", AirStrike = "air-strike", Attack = "attack", Bombing = "bombing", Shelling = "shelling",
        Killing = "killing", Abduction = "abduction", Protest = "protest", StrategicDevelopment = "strategic-development",
    }
    /// What a statement does.
    pub enum Act {
        Announcement = "announcement", Appeal = "appeal", Warning = "warning", Threat = "threat", Assurance = "assurance",
        Proposal = "proposal", Condition = "condition", Accusation = "accusation", Position = "position",
        Endorsement = "endorsement", Ruling = "ruling", Enactment = "enactment", Vote = "vote", NoComment = "no-comment",
    }
    /// How a text came to be known.
    pub enum Disclosure { Public = "public", Leaked = "leaked", Published = "published" }
}

facts! {
    /// A measure.
    pub struct MeasureTaken {
        /// The measure; absent: a new one.
        #[serde(default)]
        pub measure: Def<AMeasure>,
        /// Who takes it.
        #[serde(default)]
        pub by: List<Party>,
        /// Against whom.
        #[serde(default)]
        pub against: List<Party>,
        /// What it is.
        pub r#type: MeasureType,
        /// In words.
        pub text: Option<String>,
        /// Whether it presses or reassures.
        pub attitude: Option<Attitude>,
        /// Until when.
        pub until: Option<Term>,
    }

    /// A measure's end.
    pub struct MeasureLifted {
        /// The measure.
        pub measure: Ref<AMeasure>,
    }

    /// Whom an act is laid to, and by whom.
    pub struct LaidTo {
        /// To whom.
        pub to: Actor,
        /// By whom; absent: by the source.
        pub by: Option<Actor>,
    }

    /// An incident.
    pub struct IncidentReported {
        /// What happened.
        pub category: IncidentCategory,
        /// Who did it, where that is not in question.
        #[serde(default)]
        pub by: List<Actor>,
        /// Against whom.
        #[serde(default)]
        pub against: List<Party>,
        /// The dead and injured, by class and side, in persons.
        #[serde(default)]
        pub tolls: List<Toll>,
        /// People named.
        #[serde(default)]
        pub people: List<String>,
        /// Who says they did it.
        pub claimed_by: Option<Actor>,
        /// Whom others hold responsible.
        #[serde(default)]
        pub laid_to: List<LaidTo>,
        /// A total over a time or place, never added to its parts.
        #[serde(default)]
        pub aggregate: bool,
    }

    /// A statement.
    pub struct StatementMade {
        /// Who speaks.
        pub by: Actor,
        /// What it does.
        pub act: List<Act>,
        /// To whom.
        #[serde(default)]
        pub to: List<Party>,
        /// What is said.
        pub text: String,
        /// What it is about.
        pub about: Option<Target>,
        /// The published text that this one replaces.
        pub replaces: Option<Target>,
        /// How it came to be known.
        pub disclosure: Option<Disclosure>,
        /// The vote it reports.
        pub vote: Option<Box<Vote>>,
    }

    /// A claimant's own values.
    pub struct ClaimSays {
        /// When it was.
        pub occurred: Option<When>,
        /// The dead and injured.
        #[serde(default)]
        pub tolls: List<Toll>,
        /// Where.
        pub place: Option<Place>,
        /// What it is called.
        pub called: Option<String>,
    }

    /// A party's claim.
    pub struct ClaimMade {
        /// The claim; absent: a new one.
        #[serde(default)]
        pub claim: Def<AClaim>,
        /// Who claims.
        pub by: Actor,
        /// What is claimed.
        pub text: String,
        /// What it is about.
        pub about: Option<Target>,
        /// The claim it contradicts with a version of its own.
        pub rival_of: Option<Ref<AClaim>>,
        /// Its own values.
        pub says: Option<ClaimSays>,
    }

    /// A denial or a confirmation.
    pub struct ClaimAnswered {
        /// A claim, or any event.
        pub of: Target,
        /// Who denies or confirms.
        pub by: Actor,
    }

    /// A claim taken back.
    pub struct ClaimWithdrawn {
        /// The claim, or an alleged violation.
        pub claim: Target,
    }
}

// Keeping the record

codes! {
    /// What a further source does to an event.
    pub enum Stance { Confirms = "confirms", Denies = "denies", Qualifies = "qualifies", Silent = "silent" }
    /// Why a correction is made: the recorder erred (known as long as the event is), or a source says otherwise (known with that source).
    pub enum CorrectionBasis { Transcription = "transcription", Source = "source" }
    /// A part of a record.
    pub enum Part { Data = "data", Context = "context", Sources = "sources" }
}

facts! {
    /// A source's own values.
    pub struct AccountSays {
        /// When it was.
        pub occurred: Option<When>,
        /// The dead and injured.
        #[serde(default)]
        pub tolls: List<Toll>,
        /// Where.
        pub place: Option<Place>,
        /// What it is called.
        pub called: Option<String>,
        /// In words.
        pub text: Option<String>,
    }

    /// A further account.
    pub struct AccountAdded {
        /// The event, or the life, it is an account of.
        pub of: Target,
        /// Whether it supports it.
        pub stance: Stance,
        /// Its own values.
        pub says: Option<AccountSays>,
    }

    /// A correction.
    pub struct EventCorrected {
        /// The event corrected.
        pub target: Version,
        /// A JSON merge patch (RFC 7396) over `occurred`, `data`, `context` and `sources`.
        pub patch: serde_json::Value,
        /// Why.
        pub basis: CorrectionBasis,
        /// In words.
        pub reason: String,
    }

    /// A retraction or a reinstatement.
    pub struct EventJudged {
        /// Any earlier event, also a correction or a retraction.
        pub target: Version,
        /// In words.
        pub reason: String,
    }

    /// A note.
    pub struct NoteAdded {
        /// What it is about.
        pub on: Option<Target>,
        /// The note.
        pub text: String,
    }

    /// A follow-up.
    pub struct FollowupSet {
        /// The follow-up; absent: a new one; known: moved.
        #[serde(default)]
        pub followup: Def<AFollowUp>,
        /// What to look at.
        pub text: String,
        /// When.
        pub due: Term,
    }

    /// A follow-up done.
    pub struct FollowupDone {
        /// The follow-up.
        pub followup: Ref<AFollowUp>,
    }

    /// A finding silenced.
    pub struct CheckWaived {
        /// The event the finding is about.
        pub target: Version,
        /// The check.
        pub check: String,
        /// In words.
        pub reason: String,
    }

    /// An erasure.
    pub struct RecordErased {
        /// The event erased.
        pub target: Version,
        /// Which parts.
        pub parts: List<Part>,
        /// In words.
        pub reason: String,
        /// The legal or editorial ground.
        pub basis: String,
    }
}
