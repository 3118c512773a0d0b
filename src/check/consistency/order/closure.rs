//! What comes before what, closed under transitivity, with a way back.

/// A relation of small numbers, as bits. What was inserted after a mark can be taken back.
pub(super) struct Closure {
    /// Words in a row.
    width: usize,
    /// For each number, a row of those that come after it; and then for each, those that come before it.
    words: Vec<u64>,
    /// Where a word was changed, and what it was.
    changes: Vec<(u32, u64)>,
    count: usize,
}

impl Closure {
    pub(super) fn new(count: usize) -> Closure {
        let width = count.div_ceil(64);
        Closure { width, words: vec![0; 2 * count * width], changes: Vec::new(), count }
    }

    /// How many bytes it takes, without what can be taken back.
    pub(super) fn bytes(count: usize) -> u64 {
        16 * count as u64 * count.div_ceil(64) as u64
    }

    pub(super) fn mark(&self) -> usize {
        self.changes.len()
    }

    pub(super) fn undo(&mut self, mark: usize) {
        for (at, word) in self.changes.drain(mark..).rev() {
            self.words[at as usize] = word;
        }
    }

    pub(super) fn precedes(&self, first: usize, second: usize) -> bool {
        self.words[first * self.width + second / 64] & (1 << (second % 64)) != 0
    }

    /// What comes before a number.
    pub(super) fn before(&self, number: usize) -> impl Iterator<Item = usize> {
        numbers(&self.words[(self.count + number) * self.width..][..self.width])
    }

    /// What comes after a number.
    pub(super) fn after(&self, number: usize) -> impl Iterator<Item = usize> {
        numbers(&self.words[number * self.width..][..self.width])
    }

    /// Inserts a pair of a relation that is closed, which is not taken back.
    pub(super) fn insert_closed(&mut self, first: usize, second: usize) {
        let before = (self.count + second) * self.width;
        self.words[first * self.width + second / 64] |= 1 << (second % 64);
        self.words[before + first / 64] |= 1 << (first % 64);
    }

    /// Inserts a pair, and all that follows from it. The second must not come before the first. Says how much work it was.
    pub(super) fn insert(&mut self, first: usize, second: usize) -> u64 {
        let row = |start: usize| start * self.width..(start + 1) * self.width;
        let with = |mut words: Vec<u64>, number: usize| {
            words[number / 64] |= 1 << (number % 64);
            words
        };
        let before = with(self.words[row(self.count + first)].to_vec(), first);
        let after = with(self.words[row(second)].to_vec(), second);
        let mut work = 1;
        for number in numbers(&before) {
            work += self.union(number, &after);
        }
        for number in numbers(&after) {
            work += self.union(self.count + number, &before);
        }
        work
    }

    fn union(&mut self, row: usize, more: &[u64]) -> u64 {
        for (offset, &more) in more.iter().enumerate() {
            let at = row * self.width + offset;
            let word = self.words[at];
            if word | more != word {
                self.changes.push((at as u32, word));
                self.words[at] = word | more;
            }
        }
        1 + self.width as u64 / 16
    }
}

/// The numbers in a row.
fn numbers(words: &[u64]) -> impl Iterator<Item = usize> {
    words
        .iter()
        .enumerate()
        .flat_map(|(index, &word)| (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| 64 * index + bit))
}
