// A clone of a run, of which a process is asked what it does with an input: as it is, and with a rule switched off. It is
// never shown; what comes of it is a scenario, which is.

import type {
  Action, CaptionMoment, Catalogue, EventView, MessageView, NodeView, ReachedMoment, Scenario, Simulation, Ticks,
} from "./engine.js";
import type { Engines } from "./engines.js";

/** What a process did with one input. */
export interface Step {
  event: EventView;
  /** The message that it handled. */
  input: MessageView | null;
  /** What it sent to others. */
  sent: readonly MessageView[];
  before: NodeView;
  after: NodeView;
}

/** How a run goes on. */
export interface Continuation {
  scenario: Scenario;
  /** The last event of what makes it another run. */
  entered: number;
  /** How many events it has. */
  events: number;
  /** How far it went, in ticks: to its end, or as far as there was time. */
  reached: Ticks;
  /** What is broken first; null where nothing is. */
  broken: BrokenPromise | null;
  /** What else is broken later, in that order. */
  further: readonly BrokenPromise[];
}

export interface BrokenPromise {
  /** After which event, and when. */
  event: number;
  time: number;
  /** The property; null where the clients' history is what is wrong. */
  promise: string | null;
  sentence: string;
}

/** A rule that is switched off while a process handles one input. */
export interface Misstep {
  /** The event by which it is handled, as the sound run counts them. */
  event: number;
  mutation: string;
}

/** Milliseconds for a run that nobody sees yet. */
const BUDGET_MS = 10_000;
/** The same for one of many ways on. */
const FORK_MS = 500;

export class Clone {
  readonly catalogue: Catalogue;

  private constructor(
    private readonly sound: Simulation,
    private readonly scenario: Scenario,
    private readonly make: (scenario: Scenario) => Simulation,
  ) {
    this.catalogue = sound.catalogue();
  }

  /** A clone at the beginning of a run. Throws what is wrong with the scenario. */
  static async of(engines: Engines, scenario: Scenario): Promise<Clone> {
    const engine = await engines.of(scenario.protocol);
    return new Clone(engine.simulate(scenario), scenario, (other) => engine.simulate(other));
  }

  free(): void {
    this.sound.free();
  }

  /** Where moments are in the run up to a time. Throws what is wrong with one, as with a caption. */
  moments(moments: readonly CaptionMoment[], until: number): (ReachedMoment | null)[] {
    this.sound.set_captions(moments.map((moment) => ({ moment, title: "?" })));
    this.sound.run_until(until, BUDGET_MS);
    return this.sound.moments();
  }

  /** What happened by an event that was reached. */
  step(event: number): Step {
    this.sound.seek(event);
    return stepOver(this.sound, event);
  }

  /** The first of these missteps after which a process does by an event what is looked for; null where none is. */
  find(missteps: readonly Misstep[], event: number, isIt: (step: Step) => boolean): Misstep | null {
    const first = Math.min(event, ...missteps.map((each) => each.event));
    return this.aside((simulation) => {
      stepTo(simulation, first);
      // Who is down is not there to misstep: it starts by that event.
      const { node } = this.sound.event(first);
      if (simulation.nodes()[node ?? -1]?.condition !== "up") {
        return null;
      }
      return (
        missteps.find((each) => {
          simulation.seek(first);
          this.go(simulation, each);
          // What is done is an event itself.
          stepTo(simulation, event + 1);
          return isIt(stepOver(simulation, event + 1));
        }) ?? null
      );
    });
  }

  /** How the run goes on when a process missteps. */
  wrong(misstep: Misstep, until: number): Continuation {
    return this.aside((simulation) => {
      this.go(simulation, misstep);
      return continuation(simulation, misstep.event + 1, until);
    });
  }

  /** How it goes on when nothing that a process says by an event arrives. */
  unheard(event: number, until: number): Continuation {
    return this.aside((simulation) => {
      stepTo(simulation, event);
      // What cannot arrive anyway is lost already.
      const lost = stepOver(simulation, event).sent.filter(({ in_flight }) => in_flight);
      for (const { index } of lost) {
        simulation.intervene({ drop_message: { message: index } });
      }
      return continuation(simulation, event + lost.length, until);
    });
  }

  /** How a run goes on with other random numbers, and more that is done to it, from the last event of what made it another on. */
  fork({ scenario, entered }: Continuation, at: number, seed: number, deeds: readonly { at: number; action: Action }[], until: number): Continuation {
    const more = [{ at, after_event: entered, action: { reseed: { seed } } }, ...deeds];
    const interventions = [...(scenario.interventions ?? []), ...more].toSorted((one, other) => one.at - other.at);
    const fork = this.make({ ...scenario, interventions });
    try {
      return continuation(fork, entered, until, FORK_MS);
    } finally {
      fork.free();
    }
  }

  /** Uses another simulation of the run, and leaves the sound one as it is. */
  private aside<T>(use: (simulation: Simulation) => T): T {
    const simulation = this.make(this.scenario);
    try {
      return use(simulation);
    } finally {
      simulation.free();
    }
  }

  /** Goes to where a process missteps, and has it do so. */
  private go(simulation: Simulation, { event, mutation }: Misstep): void {
    stepTo(simulation, event);
    const { node } = this.sound.event(event);
    simulation.intervene({ misstep: { node: this.catalogue.processes[node ?? -1] ?? "", mutation } });
  }
}

/** So many events have happened then, if there are as many. */
function stepTo(simulation: Simulation, events: number): void {
  let { cursor } = simulation.status();
  while (cursor < events && simulation.step()) {
    cursor += 1;
  }
}

/** Takes the step with which the playhead stands before an event. */
function stepOver(simulation: Simulation, index: number): Step {
  const before = simulation.nodes();
  simulation.step();
  const event = simulation.event(index);
  const place = event.node ?? 0;
  const [was, is] = [before[place], simulation.nodes()[place]];
  if (was === undefined || is === undefined) {
    throw new Error(`There is no process ${place}.`);
  }
  const sent = event.sent.map((message) => simulation.message(message)).filter(({ to }) => to !== place);
  const input = event.input === "message" && event.cause_message !== null ? simulation.message(event.cause_message) : null;
  return { event, input, sent, before: was, after: is };
}

function continuation(simulation: Simulation, entered: number, until: number, budget = BUDGET_MS): Continuation {
  const { events, now } = simulation.run_until(until, budget);
  const [broken = null, ...further] = allBroken(simulation);
  return { scenario: simulation.scenario(), entered, events, reached: now, broken, further };
}

function allBroken(simulation: Simulation): BrokenPromise[] {
  const at = (event: number, promise: string | null, sentence: string): BrokenPromise => ({ event, time: simulation.event(event).time, promise, sentence });
  const properties = simulation.invariants().flatMap(({ name, broken }) => (broken === null ? [] : [at(broken.event, name, broken.sentence)]));
  const { blamed, sentence } = simulation.verdict();
  const completed = blamed === null ? null : (simulation.history(blamed)[0]?.completed_event ?? null);
  const all = completed === null ? properties : [...properties, at(completed, null, sentence)];
  return all.toSorted((one, other) => one.event - other.event);
}
