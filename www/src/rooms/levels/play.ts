// A level as it is played: at which question the learner is, what was answered, and the run that is shown meanwhile. That
// run knows nothing beyond the moment: it is driven on only as far as the learner has come.

import type { BrokenPromise } from "../../engine/clone.js";
import type { Engines } from "../../engine/engines.js";
import { Run } from "../../engine/run.js";
import { looksOf } from "../../protocols/protocol.js";
import { showBroken } from "../open-broken.js";
import { canStand, examine, worldOf } from "./exam.js";
import type { Exam, Posed, World } from "./exam.js";
import { hunt } from "./hunt.js";
import type { Hunted } from "./hunt.js";
import type { Answer, Level } from "./level.js";

/** How a question went. */
export interface Tried {
  /** What was chosen, in order. */
  chosen: readonly number[];
  /** Of these, what is wrong and can come into the world. */
  standable: readonly number[];
  /** The core was asked to answer. */
  told: boolean;
  hinted: boolean;
}

/** A wrong answer that stands. */
export interface Standing {
  answer: Answer;
  world: World;
  hunted: Hunted | null;
  /** The run that is shown is the shortest that was found. */
  showsShortest: boolean;
  /** What of it is broken is shown; null where nothing is. */
  shown: BrokenPromise | null;
}

const UNTRIED: Tried = { chosen: [], standable: [], told: false, hinted: false };
/** In what was chosen: the core's answer. */
const CORE = -1;
/** How much of the run stands before the moment, in ticks, and after it. */
const LOOK = { before: 130_000, after: 20_000 };
/** Then what explains a drawing stands over its end. */
const WIDE = matchMedia("(width > 760px)");
const EXPLANATION_PX = 356;

export class Play {
  place = 0;
  standing: Standing | null = null;
  /** Called whenever something here is new. */
  changed: () => void = () => undefined;
  private tried: readonly Tried[];
  private isClosed = false;

  private constructor(
    /** What is shown. */
    readonly run: Run,
    readonly exam: Exam,
  ) {
    this.tried = exam.posed.map(() => UNTRIED);
  }

  /** In the engines that are there already: each that is started anew takes memory for good. Throws what is wrong with the level. */
  static async of(level: Level, engines: Engines): Promise<Play> {
    const run = new Run();
    const play = new Play(run, await examine(engines, level));
    run.engines.put(looksOf(level.scenario.protocol).family, await engines.of(level.scenario.protocol));
    run.load(level.scenario, 0);
    run.view.setLooks({ direction: "right" });
    play.goTo(0);
    return play;
  }

  /** Nobody plays any more. */
  close(): void {
    this.isClosed = true;
    this.exam.clone.free();
  }

  get level(): Level {
    return this.exam.level;
  }

  /** The question; undefined once all are answered. */
  get posed(): Posed | undefined {
    return this.exam.posed[this.place];
  }

  triedAt(place: number): Tried {
    return this.tried[place] ?? UNTRIED;
  }

  /** Whether a question is answered as the core answers it. */
  isAnswered(place: number): boolean {
    const { chosen, told } = this.triedAt(place);
    return told || chosen.at(-1) === this.exam.posed[place]?.right;
  }

  /** How many answers were right at first. */
  get rightAtFirst(): number {
    return this.exam.posed.filter(({ right }, place) => this.triedAt(place).chosen[0] === right).length;
  }

  get isPassed(): boolean {
    return this.exam.posed.every((_, place) => this.isAnswered(place)) && this.rightAtFirst >= this.level.reach;
  }

  /** Of each question what was chosen, in order; -1 is that the core was asked to answer. */
  get chosen(): readonly (readonly number[])[] {
    return this.tried.map(({ chosen, told }) => (told ? [...chosen, CORE] : chosen));
  }

  /** Answers as they were chosen before, each question in turn, and goes on where that ended. */
  answer(chosen: readonly (readonly number[])[]): void {
    this.tried = this.exam.posed.map(() => UNTRIED);
    this.place = 0;
    for (const answers of chosen.slice(0, this.exam.posed.length)) {
      answers.forEach((ordinal) => (ordinal === CORE ? this.tell() : this.choose(ordinal)));
      if (!this.isAnswered(this.place)) {
        break;
      }
      this.place += 1;
    }
    this.goTo(this.place);
  }

  choose(ordinal: number): void {
    const { place, posed } = this;
    const answer = posed?.question.answers[ordinal];
    const { chosen, standable } = this.triedAt(place);
    if (posed !== undefined && answer !== undefined && !this.isAnswered(place) && !chosen.includes(ordinal)) {
      const stands = ordinal !== posed.right && canStand(this.exam, posed, answer);
      this.note(place, { chosen: [...chosen, ordinal], standable: stands ? [...standable, ordinal] : standable });
      this.settle(posed);
    }
  }

  hint(): void {
    this.note(this.place, { hinted: true });
  }

  /** The core answers. */
  tell(): void {
    const { posed } = this;
    if (posed !== undefined) {
      this.note(this.place, { told: true });
      this.settle(posed);
    }
  }

  goTo(place: number): void {
    this.place = Math.max(0, Math.min(place, this.exam.posed.length));
    this.leaveWorld();
    this.showMoment();
    this.changed();
  }

  /** Plays the level from its beginning. */
  again(): void {
    this.tried = this.exam.posed.map(() => UNTRIED);
    this.goTo(0);
  }

  /** Lets a wrong answer stand. */
  enter(ordinal: number): void {
    const { posed } = this;
    const answer = posed?.question.answers[ordinal];
    if (posed === undefined || answer === undefined) {
      return;
    }
    const world = worldOf(this.exam, posed, answer);
    if (world !== null) {
      this.standing = { answer, world, hunted: null, showsShortest: false, shown: world.continuation.broken };
      this.show(world.continuation);
      this.changed();
    }
  }

  /** Looks for ways on in which the wrong answer breaks a promise. */
  async hunt(): Promise<void> {
    const { posed, standing } = this;
    if (posed === undefined || standing === null || standing.hunted !== null) {
      return;
    }
    this.standing = { ...standing, hunted: { tried: 0, broke: 0, shortest: null } };
    this.changed();
    await hunt(this.exam.clone, standing.world.continuation, posed.time, (hunted) => {
      const now = this.standing;
      if (this.isClosed || now?.answer !== standing.answer) {
        return false;
      }
      this.standing = { ...now, hunted };
      this.changed();
      return true;
    });
  }

  /** Shows the shortest way on that was found. */
  showShortest(): void {
    const { standing } = this;
    const shortest = standing?.hunted?.shortest ?? null;
    if (standing !== null && shortest !== null) {
      this.show(shortest);
      this.standing = { ...standing, showsShortest: true, shown: shortest.broken };
      this.changed();
    }
  }

  /** Shows another promise that the wrong answer breaks. */
  showFurther(broken: BrokenPromise): void {
    const { standing } = this;
    if (standing !== null) {
      this.show({ ...standing.world.continuation, broken });
      this.standing = { ...standing, showsShortest: false, shown: broken };
      this.changed();
    }
  }

  /** Back from a world in which a wrong answer stands. */
  back(): void {
    this.leaveWorld();
    this.showMoment();
    this.changed();
  }

  private note(place: number, change: Partial<Tried>): void {
    this.tried = this.tried.with(place, { ...this.triedAt(place), ...change });
    this.changed();
  }

  /** What was answered is shown: nothing new where it is wrong, else the core's own step. */
  private settle({ event }: Posed): void {
    if (this.isAnswered(this.place)) {
      this.moveTo(event + 1);
      this.run.view.select({ kind: "event", event });
    }
  }

  private leaveWorld(): void {
    if (this.standing !== null) {
      this.standing = null;
      this.run.load(this.level.scenario, 0, false);
      this.run.view.keepFree(0);
    }
  }

  /** Shows the moment of the question, before its event; or, where it is answered, after it. */
  private showMoment(): void {
    const { posed, run } = this;
    if (posed === undefined) {
      this.moveTo((this.exam.posed.at(-1)?.event ?? 0) + 1);
    } else {
      this.moveTo(posed.event + (this.isAnswered(this.place) ? 1 : 0));
      // What is asked about comes now, and has not come yet.
      run.playhead.seekMoment({ events: run.status.cursor, time: posed.time });
      run.view.lookAt(Math.max(0, posed.time - LOOK.before), posed.time + LOOK.after);
    }
    run.view.select(posed?.step.input === null || posed === undefined ? null : { kind: "message", message: posed.step.input.index });
  }

  private moveTo(events: number): void {
    const { playhead, status } = this.run;
    playhead.seek(Math.min(events, status.events));
    if (events > status.events) {
      playhead.step(events - status.events);
    }
  }

  private show({ scenario, entered, broken }: World["continuation"]): void {
    const { run } = this;
    run.load(scenario, 0, false);
    run.view.keepFree(broken !== null && WIDE.matches ? EXPLANATION_PX : 0);
    if (broken === null) {
      this.moveTo(entered + 1);
      run.view.lookAt(Math.max(0, run.status.now - LOOK.before), run.status.now + LOOK.before);
    } else {
      showBroken(run, broken.event, broken.promise);
    }
  }
}
