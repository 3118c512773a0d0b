//! At which moments a run is forked, in which order, and what the numbers say.

use crate::process::Ticks;

/// A moment of a run: where forks leave it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Moment {
    /// After so many events.
    pub event: u32,
    /// When that is.
    pub time: Ticks,
}

/// So many numbers of events, evenly spread over a run from its beginning to its end; fewer, where it has fewer.
pub fn spread(events: u32, moments: u32) -> Vec<u32> {
    let last = u64::from(moments.saturating_sub(1).max(1));
    let mut all: Vec<u32> = (0..moments).map(|place| (u64::from(place) * u64::from(events) / last) as u32).collect();
    all.dedup();
    all
}

/// The order in which places are asked for: the first, the last, the middle, and then the middles of what is left.
pub fn coarse_first(count: usize) -> Vec<usize> {
    let Some(last) = count.checked_sub(1) else { return Vec::new() };
    let mut order = vec![0];
    if last > 0 {
        order.push(last);
    }
    let mut gaps = vec![(0, last)];
    while !gaps.is_empty() {
        let split = gaps.into_iter().filter(|(from, to)| to - from > 1);
        gaps = split.flat_map(|(from, to)| [(from, from.midpoint(to)), (from.midpoint(to), to)]).collect();
        order.extend(gaps.iter().step_by(2).map(|&(_, middle)| middle));
    }
    order
}

/// A rise is marked if at least one in so many forks more end so.
const MARKED: u32 = 4;

/// Most rises that are marked.
const MARKS_MAX: usize = 4;

/// By how much the share is higher from a place on than before it, and stays so: the lower of the two from there, less
/// the higher of the two before. Chance alone, in so few forks, makes many a rise from one to the next.
fn rise(same: &[u32], place: usize) -> u32 {
    let (before, after) = same.split_at(place);
    let highest = before.iter().rev().take(2).max().copied().unwrap_or_default();
    let lowest = after.iter().take(2).min().copied().unwrap_or_default();
    lowest.saturating_sub(highest)
}

/// The places to which the share rises most, and stays so, in their order. Of so many forks each.
pub fn jumps(same: &[u32], forks: u32) -> Vec<usize> {
    let rises = (1..same.len()).map(|place| (rise(same, place), place));
    let mut high: Vec<(u32, usize)> = rises.filter(|(rise, _)| *rise > 0 && rise * MARKED >= forks).collect();
    high.sort_by_key(|&(rise, place)| (std::cmp::Reverse(rise), place));
    high.truncate(MARKS_MAX);
    let mut places: Vec<usize> = high.into_iter().map(|(_, place)| place).collect();
    places.sort_unstable();
    places
}

/// The first place from which on all forks of all moments ended so. None where the last did not.
pub fn all_from(same: &[u32], forks: u32) -> Option<usize> {
    let from = same.iter().rposition(|&each| each < forks).map_or(0, |place| place + 1);
    (from < same.len()).then_some(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_spread_from_the_beginning_to_the_end() {
        assert_eq!(spread(10, 6), [0, 2, 4, 6, 8, 10]);
        assert_eq!(spread(2, 60), [0, 1, 2]);
        assert_eq!(spread(0, 60), [0]);
        assert_eq!(spread(9, 1), [0]);
    }

    #[test]
    fn every_place_is_asked_for_once_and_the_coarse_ones_first() {
        assert_eq!(coarse_first(9), [0, 8, 4, 2, 6, 1, 3, 5, 7]);
        for count in 0..200 {
            let mut order = coarse_first(count);
            order.sort_unstable();
            assert_eq!(order, (0..count).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_highest_rises_are_marked_in_their_order() {
        assert_eq!(jumps(&[2, 3, 12, 12, 30, 30], 30), [2, 4]);
        assert_eq!(jumps(&[0, 5, 10, 15, 20, 25, 30], 30), Vec::<usize>::new());
        assert_eq!(jumps(&[30, 30], 30), Vec::<usize>::new());
        assert_eq!(jumps(&[0, 10, 0, 9, 0, 30, 0, 8, 0, 2], 30), Vec::<usize>::new(), "what falls at once is chance");
        assert_eq!(jumps(&[0, 10, 10, 20, 20, 28, 28, 36, 36, 50, 50], 32), [1, 3, 5, 9], "at most four, the highest");
    }

    #[test]
    fn the_first_moment_counts_from_which_on_all_forks_end_so() {
        assert_eq!(all_from(&[3, 30, 29, 30, 30], 30), Some(3));
        assert_eq!(all_from(&[30, 30], 30), Some(0));
        assert_eq!(all_from(&[30, 29], 30), None);
    }
}
