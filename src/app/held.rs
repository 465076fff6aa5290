//! The state after everything, held in memory for whoever asks again before the log has moved on.

use super::ask::{Depth, Question};
use super::point::Point;
use super::present::{Present, present};
use super::rows::Rows;
use super::{Env, Trouble};
use crate::domain::when::{Instant, Zone};
use crate::log::{Hash, Head, Reader, Stop};

/// The day of the world that is asked about, and the day of the reports.
type Days = (Point, Option<Point>);

/// The state of one log, as it was last asked for.
#[derive(Debug, Default)]
pub(super) struct Held(Option<State>);

#[derive(Debug)]
struct State {
    slug: String,
    root: Hash,
    depth: Depth,
    zone: Zone,
    /// From then on it is the state of every day.
    settled: Instant,
    present: Present,
}

impl Held {
    /// The days asked about and the state then: the one that is held, or else from the rows, which may not be able to tell.
    pub fn ask(
        &mut self,
        (slug, head, reader): (&str, &Head, &dyn Reader),
        question: &Question,
        depth: Depth,
        env: &Env,
    ) -> Result<Option<(Days, Present)>, Stop<Trouble>> {
        let days = |zone| question.plain_days(zone, env).transpose().map_err(Stop::Refused);
        let root = head.root();
        if let Some(State { zone, settled, present, .. }) =
            self.0.as_ref().filter(|state| (&*state.slug, state.root, state.depth) == (slug, root, depth))
        {
            let Some(days) = days(*zone)? else { return Ok(None) };
            if *settled <= days.0.at && days.1.is_none() {
                return Ok(Some((days, present.clone())));
            }
        }
        let Some(rows) = Rows::open(head, reader)? else { return Ok(None) };
        let (zone, settled) = (rows.zone(), rows.settled());
        let Some((as_of, known_by)) = days(zone)? else { return Ok(None) };
        let day_known = known_by.as_ref().map(|day| day.at);
        let Some(present) = present(&rows, as_of.at, day_known, depth)? else { return Ok(None) };
        if settled <= as_of.at && known_by.is_none() {
            self.0 = Some(State { slug: slug.into(), root, depth, zone, settled, present: present.clone() });
        }
        Ok(Some(((as_of, known_by), present)))
    }
}
