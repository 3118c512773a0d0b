// What is printed of the playground: its diagram as a figure, with caption and address, in the light of paper. A room is
// printed as it stands.

import { isLinkTextLoaded } from "../../engine/link-text.js";
import { describeError } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";
import { layOut, svgOf } from "../../figure/figure.js";
import { measuring } from "../../figure/ink-canvas.js";
import { roomAt } from "../../rooms/rooms.js";
import { PAGE, addressNow, settingsNow } from "./now.js";

const SHEET = `
  @media screen { #printed { display: none; } }
  @media print {
    :root { color-scheme: light !important; }
    html, body { height: auto; background: none; }
    body > :not(#printed) { display: none; }
    #printed { display: block; width: 100%; height: auto; max-height: 98vh; }
  }
`;

const sheet = new CSSStyleSheet();

export function listenForPrint(run: Run): void {
  sheet.replaceSync(SHEET);
  window.addEventListener("beforeprint", () => {
    if (roomAt(window.location.hash) === null) {
      try {
        lay(run);
      } catch (error) {
        console.error(`The run is printed as it stands: ${describeError(error)}`);
      }
    }
  });
  window.addEventListener("afterprint", clear);
}

function clear(): void {
  document.querySelector("#printed")?.remove();
  document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== sheet);
}

function lay(run: Run): void {
  clear();
  const measure = measuring();
  const figure = layOut(run, { ...settingsNow(run), size: "page", theme: "light", address: isLinkTextLoaded() ? addressOr(run) : PAGE }, measure);
  const root = document.importNode(new DOMParser().parseFromString(svgOf(figure, measure, false), "image/svg+xml").documentElement, true);
  root.id = "printed";
  root.removeAttribute("width");
  root.removeAttribute("height");
  document.body.append(root);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

/** A run that does not fit into a link has no address. */
function addressOr(run: Run): string {
  try {
    return addressNow(run);
  } catch {
    return PAGE;
  }
}
