//! Steps in sentences.

use super::model::{ClusterModel, Step, StepOf};
use super::state::{Envelope, Handled, boot, handle};
use super::subject::{StateOf, Subject};
use crate::process::{Catalogue, Input, Message, NodeId, Outbox, Process, Timer};
use crate::search::explore::model::StepView;
use crate::sim::process_name;

impl<S: Subject> ClusterModel<S> {
    /// A step in a sentence, with what comes of it.
    pub(super) fn tell_step(&self, before: &StateOf<S>, step: &StepOf<S>) -> StepView {
        let name = |node: NodeId| process_name(self.replicas(), node);
        let envelope = |number: u16| before.in_flight.get(usize::from(number));
        let handled = |node: NodeId, input: Input<'_, S::Process>| {
            handle(before.nodes.get(node.index())?, input, &mut Outbox::new())
        };
        let delivered = |envelope: &Envelope<<S::Process as Process>::Message>| {
            handled(envelope.to, Input::Message { from: envelope.from, message: &envelope.message })
        };
        let label = |envelope: &Envelope<<S::Process as Process>::Message>| {
            format!("{} from {} to {}", label_of(&envelope.message), name(envelope.from), name(envelope.to))
        };
        match *step {
            Step::Deliver(number) | Step::Duplicate(number) => {
                let kind = if matches!(step, Step::Deliver(_)) { "deliver" } else { "duplicate" };
                let Some(envelope) = envelope(number) else { return StepView::default() };
                let text = format!("{kind} {}{}", label(envelope), consequences(delivered(envelope).as_ref(), name));
                StepView { kind, node: Some(envelope.to), from: Some(envelope.from), text }
            }
            Step::Lose(number) => {
                let Some(envelope) = envelope(number) else { return StepView::default() };
                StepView {
                    kind: "lose",
                    node: None,
                    from: Some(envelope.from),
                    text: format!("lose {}", label(envelope)),
                }
            }
            Step::Fire(node, timer) => {
                let kind =
                    <S::Process as Process>::Timer::KINDS.get(usize::from(timer.kind())).copied().unwrap_or_default();
                let text = format!(
                    "{}'s {kind} timer fires{}",
                    name(node),
                    consequences(handled(node, Input::Timer(timer)).as_ref(), name)
                );
                StepView { kind: "timer", node: Some(node), from: None, text }
            }
            Step::DeliverAndCrash(number) => {
                let Some(envelope) = envelope(number) else { return StepView::default() };
                let text =
                    format!("deliver {}{}", label(envelope), unsent(delivered(envelope).as_ref(), &name(envelope.to)));
                StepView { kind: "crash", node: Some(envelope.to), from: Some(envelope.from), text }
            }
            Step::FireAndCrash(node, timer) => {
                let kind =
                    <S::Process as Process>::Timer::KINDS.get(usize::from(timer.kind())).copied().unwrap_or_default();
                let text = format!(
                    "{}'s {kind} timer fires{}",
                    name(node),
                    unsent(handled(node, Input::Timer(timer)).as_ref(), &name(node))
                );
                StepView { kind: "crash", node: Some(node), from: None, text }
            }
            Step::Crash(node) => {
                StepView { kind: "crash", node: Some(node), from: None, text: format!("{} crashes", name(node)) }
            }
            Step::Restart(node) => {
                let down = before.nodes.get(node.index());
                let handled = down.and_then(|down| boot(self.seat(node), self.config(), down, &mut Outbox::new()));
                let text = format!("{} restarts{}", name(node), consequences(handled.as_ref(), name));
                StepView { kind: "restart", node: Some(node), from: None, text }
            }
        }
    }
}

/// A message's kind, epoch and label.
fn label_of<M: Message>(message: &M) -> String {
    let kind = M::KINDS.get(usize::from(message.kind())).copied().unwrap_or_default();
    match (message.epoch(), message.label()) {
        // It says itself what it is, and in which epoch.
        (_, label) if label.starts_with(kind) => label,
        (0, label) => format!("{kind} ({label})"),
        (epoch, label) => format!("{kind} ({epoch}: {label})"),
    }
}

/// What came of an input whose process crashed before it sent anything that waits for its writes.
fn unsent<P: Process>(handled: Option<&Handled<P>>, name: &str) -> String {
    let rules: Vec<&str> = handled.iter().flat_map(|handled| &handled.rules).map(|rule| rule.name()).collect();
    let rules = if rules.is_empty() { String::new() } else { format!(" [{}]", rules.join(", ")) };
    format!("{rules}; {name} writes, and crashes before it sends")
}

/// What came of an input: the lines of the paper, and what was sent.
fn consequences<P: Process>(handled: Option<&Handled<P>>, name: impl Fn(NodeId) -> String) -> String {
    let Some(handled) = handled else { return String::new() };
    let mut text = String::new();
    let rules: Vec<&str> = handled.rules.iter().map(|rule| rule.name()).collect();
    if !rules.is_empty() {
        text.push_str(&format!(" [{}]", rules.join(", ")));
    }
    let sent: Vec<String> =
        handled.sent.iter().map(|(to, message)| format!("{} to {}", message.label(), name(*to))).collect();
    if !sent.is_empty() {
        text.push_str(&format!("; sends {}", sent.join(", ")));
    }
    if let Some(violation) = &handled.violation {
        text.push_str(&format!("; VIOLATION: {violation}"));
    }
    text
}
