// Carries out what the page around asks for.

import { setTheme } from "../design/palette.js";
import { linkOf, open, refusal } from "../engine/link.js";
import { loadLinkText } from "../engine/link-text.js";
import type { Run } from "../engine/run.js";
import { report } from "./messages.js";
import type { CarryOut, Order } from "./messages.js";
import type { Captions, PanelName } from "./wishes.js";

/** What is asked of the frame itself. */
export interface Frame {
  /** Shows these panels, once what draws them is there. */
  show(panels: readonly PanelName[], run: Run): Promise<void>;
  /** Tells the run's captions, or no longer. */
  tell(captions: Captions, run: Run): Promise<void>;
}

export function orders(run: Run, frame: Frame): CarryOut {
  return async (order: Order): Promise<void> => {
    switch (order.type) {
      case "play":
        run.playhead.play();
        break;
      case "pause":
        run.playhead.pause();
        break;
      case "link":
        await loadLinkText();
        report({ type: "link", link: linkOf(run) });
        break;
      case "goal":
        await reportGoal(run, order.goal);
        break;
      case "step":
        run.playhead.step(order.events);
        break;
      case "seek":
        run.playhead.pause();
        run.playhead.seek(order.event);
        break;
      case "theme":
        setTheme(order.theme);
        break;
      case "panels":
        await frame.show(order.panels, run);
        break;
      case "captions":
        await frame.tell(order.captions, run);
        break;
      case "open":
        try {
          await open(run, order.request);
        } catch (error) {
          throw new Error(refusal(order.request, error), { cause: error });
        }
        reportOpened(run);
        break;
    }
  };
}

/** Asks the course's module, which knows all goals: it is fetched when it is needed. */
async function reportGoal(run: Run, goal: string): Promise<void> {
  const [{ ask }] = await Promise.all([import("../rooms/course/course.js"), loadLinkText()]);
  const { met, event, sentence } = await ask((engine) => engine.grade(linkOf(run), goal));
  report({ type: "goal", goal, met, event, sentence });
}

/** Tells that a run that was asked for is there. */
export function reportOpened({ catalogue, scenario, status }: Run): void {
  report({ type: "opened", protocol: catalogue.protocol, title: scenario.title ?? "", events: status.events });
}
