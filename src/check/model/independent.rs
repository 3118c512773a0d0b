//! One object for each key.

use std::collections::BTreeMap;
use std::hash::Hash;
use std::sync::Arc;

use super::{Access, Model, Readable, Told};

/// An object for each key, none of which knows of the others.
#[derive(Clone, Debug)]
pub struct Independent<M: Model> {
    model: M,
    /// The models for the history of each key, where they are for one history alone.
    by_key: Option<Arc<BTreeMap<Option<Arc<str>>, M>>>,
}

impl<M: Model> Independent<M> {
    /// Objects of one kind.
    pub fn new(model: M) -> Independent<M> {
        Independent { model, by_key: None }
    }

    /// The model of each of them.
    pub(in crate::check) fn model(&self) -> &M {
        &self.model
    }

    fn of(&self, key: &Option<Arc<str>>) -> &M {
        self.by_key.as_ref().and_then(|by_key| by_key.get(key)).unwrap_or(&self.model)
    }

    /// What is the same for all operations of a key, by key, with the operations' indices.
    fn apart<'a>(operations: &[Told<'a, Self>]) -> BTreeMap<&'a Option<Arc<str>>, Apart<'a, M>> {
        let mut apart: BTreeMap<_, Apart<'a, M>> = BTreeMap::new();
        for (index, (command, result)) in operations.iter().enumerate() {
            let of_key = apart.entry(&command.key).or_default();
            of_key.0.push(index);
            of_key.1.push((&command.command, *result));
        }
        apart
    }
}

/// The indices of a key's operations, and the operations.
type Apart<'a, M> = (Vec<usize>, Vec<Told<'a, M>>);

/// A command, and the key of the object that it is for. Where there is one object only, it has no key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Keyed<C> {
    /// The key.
    pub key: Option<Arc<str>>,
    /// What is asked of the object.
    pub command: C,
}

impl<M: Model> Model for Independent<M>
where
    M::State: Clone + Eq + Hash,
{
    /// The objects that are not as they were at first, in the order of their keys.
    type State = Vec<(Option<Arc<str>>, M::State)>;
    type Command = Keyed<M::Command>;
    type Result = M::Result;

    fn initial(&self) -> Self::State {
        Vec::new()
    }

    fn step(
        &self,
        state: &Self::State,
        Keyed { key, command }: &Keyed<M::Command>,
        result: Option<&M::Result>,
    ) -> Option<Self::State> {
        let model = self.of(key);
        let place = state.binary_search_by(|(present, _)| present.cmp(key));
        let next = match place {
            Ok(index) => model.step(&state[index].1, command, result)?,
            Err(_) => model.step(&model.initial(), command, result)?,
        };
        let mut after = state.clone();
        match place {
            Ok(index) if next == model.initial() => {
                after.remove(index);
            }
            Ok(index) => after[index].1 = next,
            Err(_) if next == model.initial() => {}
            Err(index) => after.insert(index, (key.clone(), next)),
        }
        Some(after)
    }

    fn only_observes(&self, command: &Keyed<M::Command>, result: Option<&M::Result>) -> bool {
        self.model.only_observes(&command.command, result)
    }

    fn for_history(&self, operations: &[Told<'_, Self>]) -> Self {
        let models = Self::apart(operations)
            .into_iter()
            .map(|(key, (_, operations))| (key.clone(), self.model.for_history(&operations)));
        Independent { model: self.model.clone(), by_key: Some(Arc::new(models.collect())) }
    }

    fn unseen(&self, operations: &[Told<'_, Self>]) -> Vec<bool> {
        let mut unseen = vec![false; operations.len()];
        for (indices, operations) in Self::apart(operations).into_values() {
            for (index, is_unseen) in indices.into_iter().zip(self.model.unseen(&operations)) {
                unseen[index] = is_unseen;
            }
        }
        unseen
    }

    fn unexplained(&self, operations: &[Told<'_, Self>], began_before: &[usize]) -> Vec<bool> {
        let mut unexplained = vec![false; operations.len()];
        for (indices, operations) in Self::apart(operations).into_values() {
            let began_before: Vec<usize> =
                indices.iter().map(|&index| indices.partition_point(|&other| other < began_before[index])).collect();
            for (index, is_unexplained) in indices.into_iter().zip(self.model.unexplained(&operations, &began_before)) {
                unexplained[index] = is_unexplained;
            }
        }
        unexplained
    }

    fn key(&self, command: &Keyed<M::Command>) -> Option<Arc<str>> {
        command.key.clone()
    }

    fn found(&self, state: &Self::State, Keyed { key, command }: &Keyed<M::Command>) -> String {
        let model = self.of(key);
        match state.binary_search_by(|(present, _)| present.cmp(key)) {
            Ok(index) => model.found(&state[index].1, command),
            Err(_) => model.found(&model.initial(), command),
        }
    }

    fn describe(&self, Keyed { key, command }: &Keyed<M::Command>, result: Option<&M::Result>) -> String {
        let described = self.model.describe(command, result);
        key.as_ref().map_or_else(|| described.clone(), |key| format!("{described} at key {key}"))
    }

    fn state_bytes(&self, state: &Self::State) -> u64 {
        let largest = state.iter().map(|(_, state)| self.model.state_bytes(state)).max().unwrap_or_default();
        24 + 48 * state.len() as u64 + largest
    }
}

impl<M: Readable> Readable for Independent<M> {
    type Content = M::Content;

    fn initial_content(&self) -> M::Content {
        self.model.initial_content()
    }

    fn access(&self, command: &Keyed<M::Command>, result: Option<&M::Result>) -> Option<Access<M::Content>> {
        self.model.access(&command.command, result)
    }
}
