//! Work on what is read, rows or lines, by two threads, in the order in which it stands.
//!
//! Where two can read at once, each reads the next stretch that nobody has taken, and makes something of it. Lines come from one
//! reader: what is made of them is made by a second thread as well, and whatever that has no room for the first does itself, so neither
//! waits for the other. Where the system gives no second thread, the first does all.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SendError, TrySendError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

const BATCH: usize = 512;
const WAITING: usize = 2;

/// Some items, by their place among the batches.
type Batch<T> = (usize, Vec<T>);

/// How many items are read at a stretch.
const STRETCH: u64 = 1024;

/// Makes something of each item of a range, which two can read.
pub(crate) fn made_by_two<T, M: Send, E: Send>(
    range: Range<u64>,
    first: impl FnMut(Range<u64>, &mut dyn FnMut(T)) -> Result<(), E>,
    second: Option<impl FnMut(Range<u64>, &mut dyn FnMut(T)) -> Result<(), E> + Send>,
    make: impl Fn(T) -> M + Sync,
) -> Result<Vec<M>, E> {
    let stretches = &Stretches { next: AtomicU64::new(range.start), end: range.end };
    let make = &make;
    thread::scope(|scope| {
        let worker = second.map(|second| thread::Builder::new().spawn_scoped(scope, || stretches.made(second, make)));
        let mut made = stretches.made(first, make);
        if let Some(Ok(worker)) = worker {
            made.extend(worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        made.sort_unstable_by_key(|(start, _)| *start);
        let whole = Vec::with_capacity(made.iter().map(|(_, made)| made.as_ref().map_or(0, Vec::len)).sum());
        made.into_iter().try_fold(whole, |mut whole, (_, made)| {
            whole.extend(made?);
            Ok(whole)
        })
    })
}

/// The stretches of a range, each for whoever comes for it first.
struct Stretches {
    next: AtomicU64,
    end: u64,
}

impl Stretches {
    fn take(&self) -> Option<Range<u64>> {
        let start = self.next.fetch_add(STRETCH, Ordering::Relaxed);
        (start < self.end).then(|| start..self.end.min(start + STRETCH))
    }

    /// What is made of the stretches that are left, each with where it starts. Those before one that can't be read are taken already.
    fn made<T, M, E>(
        &self,
        mut read: impl FnMut(Range<u64>, &mut dyn FnMut(T)) -> Result<(), E>,
        make: impl Fn(T) -> M,
    ) -> Vec<(u64, Result<Vec<M>, E>)> {
        let one = |stretch: Range<u64>| {
            let (start, mut made) = (stretch.start, Vec::with_capacity(STRETCH as usize));
            let read = read(stretch, &mut |item| made.push(make(item)));
            if read.is_err() {
                self.next.store(self.end, Ordering::Relaxed);
            }
            (start, read.map(|()| made))
        };
        std::iter::from_fn(|| self.take()).map(one).collect()
    }
}

/// Makes something of each item that `read` hands out.
pub(crate) fn made_of_each<T: Send, M: Send, E>(
    read: impl FnOnce(&mut dyn FnMut(T)) -> Result<(), E>,
    make: impl Fn(T) -> M + Sync,
) -> Result<Vec<M>, E> {
    let all = &|(at, items): Batch<T>| (at, items.into_iter().map(&make).collect::<Vec<M>>());
    thread::scope(|scope| {
        let (mut waiting, mut done, mut at): (Vec<T>, Vec<Batch<M>>, usize) = (Vec::new(), Vec::new(), 0);
        let mut second = None;
        read(&mut |item| {
            waiting.push(item);
            if waiting.len() < BATCH {
                return;
            }
            let batch = (at, std::mem::replace(&mut waiting, Vec::with_capacity(BATCH)));
            at += 1;
            // A short log is not worth a thread.
            let (send, _) = second.get_or_insert_with(|| {
                let (send, receive) = sync_channel(WAITING);
                (send, thread::Builder::new().spawn_scoped(scope, move || each(receive, all)).ok())
            });
            if let Err(TrySendError::Full(batch) | TrySendError::Disconnected(batch)) = send.try_send(batch) {
                done.push(all(batch));
            }
        })?;
        done.push(all((at, waiting)));
        if let Some((send, worker)) = second {
            drop(send);
            let by_second = worker.map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            done.extend(by_second.into_iter().flatten());
        }
        done.sort_unstable_by_key(|(at, _)| *at);
        Ok(done.into_iter().flat_map(|(_, made)| made).collect())
    })
}

/// Takes each item that `read` hands out, in constant memory; gives what `read` gave.
pub(crate) fn taken_meanwhile<T: Send, R>(read: impl FnOnce(&mut dyn FnMut(T)) -> R, take: impl FnMut(T) + Send) -> R {
    let take = &Mutex::new(take);
    let taken = move |items: Vec<T>| {
        let mut take = take.lock().unwrap_or_else(PoisonError::into_inner);
        items.into_iter().for_each(&mut *take);
    };
    thread::scope(|scope| {
        let (send, receive) = sync_channel::<Vec<T>>(WAITING);
        let _ = thread::Builder::new().spawn_scoped(scope, move || receive.into_iter().for_each(taken));
        // Where nobody receives there is no second thread; or it has panicked, and the scope says so.
        let hand_over = |items| send.send(items).unwrap_or_else(|SendError(items)| taken(items));
        let mut waiting = Vec::with_capacity(BATCH);
        let given = read(&mut |item| {
            waiting.push(item);
            if waiting.len() == BATCH {
                hand_over(std::mem::replace(&mut waiting, Vec::with_capacity(BATCH)));
            }
        });
        hand_over(waiting);
        given
    })
}

fn each<T, M>(batches: Receiver<Batch<T>>, all: impl Fn(Batch<T>) -> Batch<M>) -> Vec<Batch<M>> {
    batches.into_iter().map(all).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_comes_in_the_order_of_what_was_read() {
        for count in [0, 1, BATCH - 1, BATCH, BATCH + 1, 20 * BATCH + 7] {
            let made = made_of_each(
                |each| {
                    (0..count).for_each(each);
                    Ok::<_, ()>(())
                },
                |number| number * 2,
            );
            assert_eq!(made, Ok((0..count).map(|number| number * 2).collect()));
        }
    }

    type Torn = Option<u64>;

    fn by_two(count: u64, is_alone: bool, torn: Torn) -> Result<Vec<u64>, u64> {
        let read = |range: Range<u64>, each: &mut dyn FnMut(u64)| match torn.filter(|torn| range.contains(torn)) {
            Some(torn) => Err(torn),
            None => {
                range.for_each(each);
                Ok(())
            }
        };
        made_by_two(1..count + 1, read, (!is_alone).then_some(read), |number| number * 2)
    }

    #[test]
    fn what_two_make_comes_in_the_order_of_the_range() {
        for count in [0, 1, STRETCH - 1, STRETCH, STRETCH + 1, 20 * STRETCH + 7] {
            let all = Ok((1..=count).map(|number| number * 2).collect());
            assert_eq!(by_two(count, false, None), all);
            assert_eq!(by_two(count, true, None), all);
        }
    }

    #[test]
    fn what_two_can_not_read_is_said() {
        for torn in [1, STRETCH, STRETCH + 1, 20 * STRETCH] {
            assert_eq!(by_two(20 * STRETCH, false, Some(torn)), Err(torn));
            assert_eq!(by_two(20 * STRETCH, true, Some(torn)), Err(torn));
        }
    }

    #[test]
    fn what_is_taken_meanwhile_comes_in_the_order_of_what_was_read() {
        for count in [0, 1, BATCH - 1, BATCH, 20 * BATCH + 7] {
            let mut taken = Vec::new();
            let read = |each: &mut dyn FnMut(usize)| (0..count).for_each(each);
            taken_meanwhile(read, |number| taken.push(number));
            assert_eq!(taken, (0..count).collect::<Vec<_>>());
        }
    }

    #[test]
    fn what_can_not_be_read_is_said() {
        let read = |each: &mut dyn FnMut(usize)| {
            (0..3 * BATCH).for_each(each);
            Err("torn")
        };
        assert_eq!(made_of_each(read, |number| number), Err("torn"));
    }
}
