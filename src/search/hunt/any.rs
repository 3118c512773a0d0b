//! A hunt of a protocol that is known by its name alone: what the page drives, as the command line drives [`Hunter`] and
//! [`Shrinker`].

use super::{Hunted, Hunter, Options};
use crate::process::Catalogue;
use crate::scenario::{Link, Playable, ScenarioError, WithProtocol, with_protocol};
use crate::search::shrink::{Broken, Limits, Progress, Promise, ShrinkError, Shrinker};

/// Hunts one seed after another.
pub trait AnyHunter {
    /// Hunts one seed, as [`Hunter::hunt`].
    ///
    /// # Errors
    ///
    /// If the scenario cannot be run: says which field is wrong.
    fn hunt(&mut self, seed: u64) -> Result<Hunted, ScenarioError>;

    /// Begins to shrink the failure of a seed, which is hunted once more; none if it does not fail.
    ///
    /// # Errors
    ///
    /// As [`Shrinker::of_failure`].
    fn shrinker(&mut self, seed: u64) -> Result<Option<Box<dyn AnyShrinker>>, ShrinkError>;
}

/// Makes a run smaller, one try at a time.
pub trait AnyShrinker {
    /// As [`Shrinker::step`].
    fn step(&mut self) -> Progress;
    /// As [`Shrinker::promise`].
    fn promise(&self) -> Promise;
    /// As [`Shrinker::broken`].
    fn broken(&self) -> &Broken;
    /// As [`Shrinker::link`].
    fn link(&self) -> Link;
}

impl<R: Playable> AnyHunter for Hunter<R> {
    fn hunt(&mut self, seed: u64) -> Result<Hunted, ScenarioError> {
        Hunter::hunt(self, seed)
    }

    fn shrinker(&mut self, seed: u64) -> Result<Option<Box<dyn AnyShrinker>>, ShrinkError> {
        let Some(failure) = Hunter::hunt(self, seed).map_err(ShrinkError::Scenario)?.failure else { return Ok(None) };
        Ok(Some(Box::new(Shrinker::<R>::of_failure(&failure, Limits::default())?)))
    }
}

impl<R: Playable> AnyShrinker for Shrinker<R> {
    fn step(&mut self) -> Progress {
        Shrinker::step(self)
    }

    fn promise(&self) -> Promise {
        Shrinker::promise(self)
    }

    fn broken(&self) -> &Broken {
        Shrinker::broken(self)
    }

    fn link(&self) -> Link {
        Shrinker::link(self)
    }
}

/// Something of a catalogue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Told {
    /// Its name.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub text: &'static str,
    /// Where it is said.
    pub source: &'static str,
}

impl Told {
    fn of<C: Catalogue>(each: C) -> Self {
        Self { name: each.name(), text: each.text(), source: each.source() }
    }
}

/// What there is to hunt in a protocol.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ground {
    /// The rules that can be switched off; and why a hunt does not see it, where only a script shows it.
    pub mutations: Vec<(Told, Option<&'static str>)>,
    /// The rules that are counted, in the order of [`Hunted::rare`].
    pub rare: Vec<Told>,
    /// Whether its replicas may lie at all.
    pub has_liars: bool,
}

struct Survey;

impl WithProtocol for Survey {
    type Output = Ground;

    fn with<R: Playable>(self) -> Ground {
        let only_a_script =
            |mutation| R::ONLY_SCRIPTS.iter().find(|(scripted, _)| *scripted == mutation).map(|(_, why)| *why);
        let mutations = R::Mutation::ALL.iter().map(|&mutation| (Told::of(mutation), only_a_script(mutation)));
        Ground {
            mutations: mutations.collect(),
            rare: R::RARE.iter().copied().map(Told::of).collect(),
            has_liars: !R::repertoire().faces.is_empty(),
        }
    }
}

/// What there is to hunt in a protocol.
///
/// # Errors
///
/// If there is no such protocol.
pub fn ground(protocol: &str) -> Result<Ground, ScenarioError> {
    with_protocol(protocol, Survey)
}

struct Begin<'a>(&'a Options);

impl WithProtocol for Begin<'_> {
    type Output = Result<Box<dyn AnyHunter>, ScenarioError>;

    fn with<R: Playable>(self) -> Self::Output {
        // What is wrong with the scenario is said at once, and not at the first seed.
        drop(self.0.scenario.simulation::<R>()?);
        Ok(Box::new(Hunter::<R>::new(self.0.clone())))
    }
}

/// A hunter for the protocol of a scenario.
///
/// # Errors
///
/// If the scenario cannot be run: says which field is wrong.
pub fn begin(options: &Options) -> Result<Box<dyn AnyHunter>, ScenarioError> {
    with_protocol(&options.scenario.protocol, Begin(options))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raft::Raft;
    use crate::scenario::Scenario;

    fn without(mutation: &str) -> Options {
        Options::new(
            Scenario { mutations: vec![mutation.to_owned()], ..Scenario::of("raft") },
            super::super::FAULTS_MAX,
            None,
        )
    }

    #[test]
    fn by_its_name_a_protocol_is_hunted_and_shrunk_as_by_its_type() {
        let options = without("truncate-always");
        let (mut any, mut own) = (begin(&options).unwrap(), Hunter::<Raft>::new(options));
        let first = own.hunt(0).unwrap();
        assert_eq!(any.hunt(0).unwrap(), first);
        let failure = first.failure.expect("the first seed misses the rule");
        let mut small = any.shrinker(0).unwrap().expect("it fails again");
        let mut same = Shrinker::<Raft>::of_failure(&failure, Limits::default()).unwrap();
        for _ in 0..20 {
            assert_eq!(small.step(), same.step());
        }
        assert_eq!((small.promise(), small.broken(), small.link()), (same.promise(), same.broken(), same.link()));
    }

    #[test]
    fn what_there_is_not_is_refused_and_what_is_rare_is_counted() {
        assert!(begin(&Options::new(Scenario::of("chubby"), 6, None)).is_err());
        let unknown = begin(&without("no-such-rule")).err().expect("there is no such rule");
        assert!(unknown.to_string().contains("no-such-rule"), "{unknown}");
        let hunted = begin(&Options::new(Scenario::of("raft"), 6, None)).unwrap().hunt(0).unwrap();
        assert_eq!(hunted.rare.len(), ground("raft").unwrap().rare.len());
        assert!(hunted.leaders > 0);
    }
}
