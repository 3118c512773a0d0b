//! Idealised signatures: only the owner can sign, anyone can verify, and what was signed can be kept, embedded and
//! passed on as evidence.
//!
//! There is no cryptography here. A [`Signed`] value can be made in one way only, by a [`Keyring`], and remembers
//! whether that ring held the key of the process that it names. An honest process gets the ring with its own key alone,
//! by its seat; the simulator gives liars that collude a ring with all of theirs. What is made with a key that is not
//! on the ring is a forgery: it names a signer, and [`Signed::is_genuine`] tells everyone that the signer never signed
//! it. That is the scheme that Castro and Liskov (1999, section 2) assume: an adversary that cannot subvert the
//! cryptography.

use super::{Fingerprint, Fingerprinter, NodeId, NodeSet, Seat};

/// The keys that somebody can sign with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Keyring {
    owners: NodeSet,
}

impl Keyring {
    /// The keys of these processes. For whoever drives a cluster: a core takes its own from its [`Seat`].
    pub fn of(owners: NodeSet) -> Self {
        Self { owners }
    }

    /// Whose keys are on it.
    pub fn owners(self) -> NodeSet {
        self.owners
    }

    /// Signs in the name of a process: genuine if its key is on the ring, a forgery otherwise.
    pub fn sign<T>(self, signer: NodeId, body: T) -> Signed<T> {
        Signed { signer, genuine: self.owners.contains(signer), body }
    }
}

impl Seat {
    /// The ring with the own key alone.
    pub fn keyring(self) -> Keyring {
        Keyring::of([self.id].into_iter().collect())
    }

    /// Signs with the own key.
    pub fn sign<T>(self, body: T) -> Signed<T> {
        self.keyring().sign(self.id, body)
    }
}

/// A value with a signature. It cannot be changed and stay signed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Signed<T> {
    signer: NodeId,
    genuine: bool,
    body: T,
}

impl<T> Signed<T> {
    /// Who is said to have signed it.
    pub fn signer(&self) -> NodeId {
        self.signer
    }

    /// Whether the one who is said to have signed it did. Check it before anything else is read.
    pub fn is_genuine(&self) -> bool {
        self.genuine
    }

    /// What was signed.
    pub fn body(&self) -> &T {
        &self.body
    }
}

impl<T: Fingerprint> Fingerprint for Signed<T> {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        let Self { signer, genuine, body } = self;
        signer.fingerprint(into);
        genuine.fingerprint(into);
        body.fingerprint(into);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_signed_in_anothers_name_is_seen_to_be_forged() {
        let liar = Seat { id: NodeId(2), replicas: 4 };
        assert!(liar.sign(7u64).is_genuine());
        let forged = liar.keyring().sign(NodeId(1), 7u64);
        assert!(!forged.is_genuine() && forged.signer() == NodeId(1));
        assert_ne!(forged, Seat { id: NodeId(1), replicas: 4 }.sign(7u64));
    }

    #[test]
    fn liars_that_collude_sign_for_each_other_and_for_nobody_else() {
        let ring = Keyring::of([NodeId(0), NodeId(3)].into_iter().collect());
        let genuine: Vec<bool> = (0..4).map(|signer| ring.sign(NodeId(signer), ()).is_genuine()).collect();
        assert_eq!(genuine, [true, false, false, true]);
    }
}
