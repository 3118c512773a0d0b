//! A storage that remembers what was done to it, and shows what a power failure may leave: of all that was written
//! since the last sync any part, each write whole, not at all, or some sectors of it.

use consensus_playground::sim::random::Stream;
use redb::StorageBackend;
use std::collections::BTreeSet;
use std::io;
use std::sync::{Arc, Mutex};

const SECTOR: usize = 512;

#[derive(Clone, Debug)]
enum Step {
    Write {
        offset: usize,
        bytes: Vec<u8>,
    },
    SetLength(usize),
    Sync,
    /// So many commits have returned.
    Returned(usize),
}

#[derive(Debug, Default)]
struct Content {
    bytes: Vec<u8>,
    steps: Vec<Step>,
}

#[derive(Clone, Debug, Default)]
pub struct Storage(Arc<Mutex<Content>>);

impl Storage {
    pub fn of(bytes: Vec<u8>) -> Self {
        Self(Arc::new(Mutex::new(Content { bytes, steps: Vec::new() })))
    }

    pub fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap().bytes.clone()
    }

    pub fn length(&self) -> usize {
        self.0.lock().unwrap().bytes.len()
    }

    /// From here on so many commits have returned.
    pub fn returned(&self, commits: usize) {
        self.0.lock().unwrap().steps.push(Step::Returned(commits));
    }

    fn with<T>(&self, step: Step, then: impl FnOnce(&mut Vec<u8>, &Step) -> T) -> T {
        let mut content = self.0.lock().unwrap();
        let done = then(&mut content.bytes, &step);
        content.steps.push(step);
        done
    }

    /// What a power failure may leave, at every boundary between two steps: each with how many commits had returned
    /// before it. Before the first mark of [`Storage::returned`] there is nothing to be left. Equal ones come once.
    pub fn wreckage(&self, random: &mut Stream) -> Vec<(usize, Vec<u8>)> {
        self.wreckage_after(Vec::new(), None, random)
    }

    /// The same for a storage that held something at the beginning.
    pub fn wreckage_of(&self, before: &[u8], random: &mut Stream) -> Vec<(usize, Vec<u8>)> {
        self.wreckage_after(before.to_vec(), Some(0), random)
    }

    fn wreckage_after(
        &self,
        mut synced: Vec<u8>,
        mut commits: Option<usize>,
        random: &mut Stream,
    ) -> Vec<(usize, Vec<u8>)> {
        let steps = self.0.lock().unwrap().steps.clone();
        let mut pending = Vec::new();
        let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
        for step in &steps {
            match step {
                Step::Returned(count) => commits = Some(*count),
                Step::Sync => {
                    pending.iter().for_each(|step| carry_out(&mut synced, step, |_| true));
                    pending.clear();
                }
                _ => pending.push(step.clone()),
            }
            let Some(commits) = commits else { continue };
            for image in images(&synced, &pending, random) {
                if seen.insert((commits, xxh(&image))) {
                    found.push((commits, image));
                }
            }
        }
        found
    }
}

fn xxh(bytes: &[u8]) -> u128 {
    use consensus_playground::process::Fingerprint as _;
    bytes.fingerprint_of()
}

/// What may be left of writes that are not synced.
fn images(synced: &[u8], pending: &[Step], random: &mut Stream) -> Vec<Vec<u8>> {
    let image = |keeps: &mut dyn FnMut(usize, usize) -> bool| {
        let mut bytes = synced.to_vec();
        for (place, step) in pending.iter().enumerate() {
            carry_out(&mut bytes, step, |sector| keeps(place, sector));
        }
        bytes
    };
    let last = pending.len().saturating_sub(1);
    let mut images = vec![image(&mut |_, _| true), image(&mut |_, _| false)];
    // The latest write alone, all but it, and it cut at a sector's boundary: earlier boundaries have done the same with
    // those before it.
    images.push(image(&mut |place, _| place == last));
    images.push(image(&mut |place, _| place != last));
    for cut in 1..sectors(pending.last()).min(9) {
        images.push(image(&mut |place, sector| place != last || sector < cut));
        images.push(image(&mut |place, sector| place != last || sector >= cut));
    }
    for _ in 0..2 {
        let (whole, torn) = (random.between(0, u64::MAX), random.between(0, u64::MAX));
        images.push(image(&mut |place, _| whole >> (place % 64) & 1 == 1));
        images.push(image(&mut |place, sector| torn.rotate_left((place * 13 + sector * 7) as u32) & 1 == 1));
    }
    images
}

fn sectors(step: Option<&Step>) -> usize {
    if let Some(Step::Write { bytes, .. }) = step { bytes.len().div_ceil(SECTOR) } else { 1 }
}

/// Carries out a step, of a write those sectors that are kept. What lies beyond the end of the file is not in it.
fn carry_out(image: &mut Vec<u8>, step: &Step, mut keeps: impl FnMut(usize) -> bool) {
    match step {
        Step::SetLength(length) if keeps(0) => image.resize(*length, 0),
        Step::Write { offset, bytes } => {
            for (sector, part) in bytes.chunks(SECTOR).enumerate().filter(|(sector, _)| keeps(*sector)) {
                let start = (offset + sector * SECTOR).min(image.len());
                let end = (start + part.len()).min(image.len());
                image[start..end].copy_from_slice(&part[..end - start]);
            }
        }
        Step::SetLength(_) | Step::Sync | Step::Returned(_) => {}
    }
}

impl StorageBackend for Storage {
    fn len(&self) -> io::Result<u64> {
        Ok(self.length() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let content = self.0.lock().unwrap();
        let part =
            content.bytes.get(offset as usize..offset as usize + out.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
        out.copy_from_slice(part);
        Ok(())
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.with(Step::SetLength(length as usize), |bytes, step| carry_out(bytes, step, |_| true));
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        self.with(Step::Sync, |_, _| ());
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let step = Step::Write { offset: offset as usize, bytes: data.to_vec() };
        let is_inside = self.with(step, |bytes, step| {
            carry_out(bytes, step, |_| true);
            offset as usize + data.len() <= bytes.len()
        });
        if is_inside { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }
}
