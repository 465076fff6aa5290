//! Work on what is read, rows or lines, while the next of it is being read, in the order in which it was read.
//!
//! Rows come from one connection, and so from one thread; what is made of them is made by a second one as well. Whatever the second
//! has no room for the first does itself, so neither waits for the other. Where the system gives no second thread, the first does all.

use std::sync::mpsc::{Receiver, SendError, TrySendError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

const BATCH: usize = 512;
const WAITING: usize = 2;

/// Some items, by their place among the batches.
type Batch<T> = (usize, Vec<T>);

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
