// SPLICE's protocol for frames (cssplice.org, “SPLICE iframe Protocol: Specification”): what is learned in the frame says
// score and state whenever they change, and asks once for the state from last time.
//
//   { subject: "SPLICE.getState", message_id }                       answered by
//   { subject: "SPLICE.getState.response", message_id, state }       or with an `error`
//   { subject: "SPLICE.reportScoreAndState", message_id, score, state } a score from 0 to 1
//   { subject: "lti.frameResize", height }

import type { Platform, Progress } from "./platform.js";

export class Splice implements Platform {
  private messages = 0;
  /** No two frames of a page have the same. */
  private readonly name = [...crypto.getRandomValues(new Uint32Array(2))].map((each) => each.toString(36)).join("");

  private constructor(private readonly around: Window) {}

  /** Whoever shows this page in a frame, be it that it speaks SPLICE or not: who does not, ignores it. */
  static find(known: (state: unknown) => void): Splice | null {
    if (window.parent === window) {
      return null;
    }
    const splice = new Splice(window.parent);
    const asked = splice.say({ subject: "SPLICE.getState" });
    const hear = ({ source, data }: MessageEvent): void => {
      const isAnswer = source === window.parent && typeof data === "object" && data?.subject === "SPLICE.getState.response" && data.message_id === asked;
      if (isAnswer) {
        window.removeEventListener("message", hear);
        known(data.state);
      }
    };
    window.addEventListener("message", hear);
    const task = document.querySelector("playground-task");
    if (task !== null) {
      new ResizeObserver(() => splice.resize(task)).observe(task);
    }
    return splice;
  }

  report({ score, passed, state }: Progress): string {
    this.say({ subject: "SPLICE.reportScoreAndState", score, state });
    this.around.postMessage({ consensusPlayground: 1, type: "score", score, passed, state }, "*");
    return "";
  }

  /** As high as the task is, however high its frame is now. */
  private resize(task: Element): void {
    const height = Math.ceil(task.getBoundingClientRect().height);
    this.around.postMessage({ subject: "lti.frameResize", height }, "*");
    this.around.postMessage({ consensusPlayground: 1, type: "height", height }, "*");
  }

  /** The page around may be of any origin, and is told nothing but of this task. */
  private say(message: object): string {
    this.messages += 1;
    const id = `${this.name}-${this.messages}`;
    this.around.postMessage({ ...message, message_id: id }, "*");
    return id;
  }
}
