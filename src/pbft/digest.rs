//! Digests: SHA-256 over the canonical bytes of what is agreed on.

use crate::kv::{Request, Store};
use crate::process::{Fingerprint, Fingerprinter, Signed};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// The digest of a request, of the null request, or of a state.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Digest([u8; 32]);

impl Fingerprint for Digest {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        let (halves, _) = self.0.as_chunks::<16>();
        for half in halves {
            into.u128(u128::from_le_bytes(*half));
        }
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::NULL {
            return f.write_str("null");
        }
        self.0[..3].iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Digest {
    /// The digest of the null request, which does nothing (section 4.4). No bytes have it.
    pub const NULL: Self = Self([0; 32]);

    /// The digest of a request, or of the null request.
    pub fn of(request: Option<&Signed<Request>>) -> Self {
        let Some(request) = request else { return Self::NULL };
        let mut bytes = Vec::with_capacity(64);
        bytes.push(0);
        request.body().canonical(&mut bytes);
        Self(Sha256::digest(&bytes).into())
    }

    /// The digest of a state.
    pub fn of_state(store: &Store) -> Self {
        let mut bytes = vec![1];
        store.canonical(&mut bytes);
        Self(Sha256::digest(&bytes).into())
    }

    /// A digest that fits nothing that anybody has.
    pub fn of_nothing(&self) -> Self {
        Self(Sha256::digest(self.0).into())
    }
}
