//! How many connections are held at a time, in all and of one peer.
//!
//! Whoever comes when all seats are taken gets that of a connection that asks nothing, so that many silent ones do not keep out one
//! that speaks. Where all are being answered, whoever comes is turned away.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::pulse::Pulse;

/// The connections that are held, in all.
const IN_ALL: usize = 256;
/// Of one address. All programs of this machine have one address between them.
const OF_ONE: usize = 128;

/// The seats.
#[derive(Clone, Debug, Default)]
pub(super) struct Seats(Arc<Mutex<Taken>>);

#[derive(Debug, Default)]
struct Taken {
    next: u64,
    by: HashMap<u64, (IpAddr, Arc<Pulse>)>,
}

/// A seat, until it is dropped.
#[derive(Debug)]
pub(super) struct Seat {
    seats: Seats,
    number: u64,
    pub(super) pulse: Arc<Pulse>,
}

impl Seats {
    /// A seat for a peer; somebody else may have to leave for it.
    pub(super) fn take(&self, peer: IpAddr) -> Option<Seat> {
        let mut taken = self.lock();
        let of_one = taken.by.values().filter(|(of, _)| *of == peer).count();
        if of_one >= OF_ONE {
            taken.free(Some(peer))?;
        } else if taken.by.len() >= IN_ALL {
            taken.free(None)?;
        }
        let (number, pulse) = (taken.next, Arc::new(Pulse::new()));
        taken.next += 1;
        taken.by.insert(number, (peer, Arc::clone(&pulse)));
        Some(Seat { seats: self.clone(), number, pulse })
    }

    /// How many are taken.
    pub(super) fn count(&self) -> usize {
        self.lock().by.len()
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        // Nothing panics while it is held, and a count of seats is never half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    fn free(&mut self, of: Option<IpAddr>) -> Option<()> {
        let can_end = self.by.iter().filter(|(_, (peer, pulse))| of.is_none_or(|of| of == *peer) && pulse.can_end());
        let number = can_end.min_by_key(|(_, (_, pulse))| pulse.rank()).map(|(number, _)| *number)?;
        let (_, pulse) = self.by.remove(&number)?;
        pulse.ended.notify_one();
        Some(())
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.seats.lock().by.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::super::pulse::Stage;
    use super::*;

    const PEER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    #[test]
    fn whoever_asks_nothing_gives_way_and_whoever_is_answered_does_not() {
        let seats = Seats::default();
        let held: Vec<Seat> = (0..OF_ONE).map(|_| seats.take(PEER).expect("there is room")).collect();
        held[1..].iter().for_each(|seat| seat.pulse.set(Stage::Answered));
        let new = seats.take(PEER).expect("the first gives way");
        assert_eq!(seats.count(), OF_ONE);
        new.pulse.set(Stage::Answered);
        assert!(seats.take(PEER).is_none());
        drop(held);
        assert_eq!(seats.count(), 1);
    }

    #[test]
    fn one_peer_leaves_room_for_others() {
        let seats = Seats::default();
        let held: Vec<Seat> = (0..2 * OF_ONE).filter_map(|_| seats.take(PEER)).collect();
        assert_eq!((held.len(), seats.count()), (2 * OF_ONE, OF_ONE));
        assert!(seats.take(IpAddr::V6(std::net::Ipv6Addr::LOCALHOST)).is_some());
    }
}
