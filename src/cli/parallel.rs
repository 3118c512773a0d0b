//! Work on all cores whose results come out in the order of the work, as if one core had done it.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc;

use rayon::{ThreadPool, ThreadPoolBuilder};

/// How many threads there are, unless somebody says.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

/// So many threads.
pub fn pool(jobs: usize) -> Result<ThreadPool, String> {
    ThreadPoolBuilder::new().num_threads(jobs).build().map_err(|error| error.to_string())
}

/// Does pieces of work 0, 1, 2, ... up to a count on the threads of a pool, and hands each result over in this order, on
/// the thread that called. Each thread has a worker of its own. It ends early where `take` says false, or an error, or
/// where `stop` is set; what is under way then is lost.
pub fn in_order<W, T: Send>(
    pool: &ThreadPool,
    count: u64,
    stop: &AtomicBool,
    worker: impl Fn() -> W + Sync,
    work: impl Fn(&mut W, u64) -> T + Sync,
    mut take: impl FnMut(u64, T) -> Result<bool, String>,
) -> Result<(), String> {
    let (next, is_over) = (AtomicU64::new(0), AtomicBool::new(false));
    let (sender, results) = mpsc::channel();
    pool.in_place_scope(|scope| {
        for _ in 0..pool.current_num_threads() {
            let sender = sender.clone();
            let (next, is_over, worker, work) = (&next, &is_over, &worker, &work);
            scope.spawn(move |_| {
                let mut own = worker();
                while !stop.load(Ordering::Relaxed) && !is_over.load(Ordering::Relaxed) {
                    let piece = next.fetch_add(1, Ordering::Relaxed);
                    if piece >= count || sender.send((piece, work(&mut own, piece))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut early = BTreeMap::new();
        let mut taken = 0;
        let mut take_all = || -> Result<(), String> {
            for (piece, result) in &results {
                early.insert(piece, result);
                while let Some(result) = early.remove(&taken) {
                    let goes_on = take(taken, result)?;
                    taken += 1;
                    if !goes_on {
                        return Ok(());
                    }
                }
            }
            Ok(())
        };
        let outcome = take_all();
        is_over.store(true, Ordering::Relaxed);
        outcome
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn squares(jobs: usize, up_to: u64) -> Vec<u64> {
        let mut squares = Vec::new();
        let take = |piece: u64, square: u64| {
            assert_eq!(square, piece * piece);
            squares.push(square);
            Ok(square < up_to)
        };
        let stop = AtomicBool::new(false);
        in_order(&pool(jobs).unwrap(), 1_000, &stop, || (), |(), piece| piece * piece, take).unwrap();
        squares
    }

    #[test]
    fn results_come_in_order_and_end_at_the_same_one_for_any_number_of_threads() {
        let alone = squares(1, 40_000);
        assert_eq!(alone.len(), 201);
        assert_eq!(squares(4, 40_000), alone);
        assert_eq!(squares(3, u64::MAX).len(), 1_000);
    }

    #[test]
    fn an_error_ends_it() {
        let stop = AtomicBool::new(false);
        let take = |piece: u64, (): ()| if piece == 7 { Err("seven".to_owned()) } else { Ok(true) };
        let outcome = in_order(&pool(2).unwrap(), 1_000, &stop, || (), |(), _| (), take);
        assert_eq!(outcome, Err("seven".to_owned()));
    }
}
