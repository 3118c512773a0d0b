// The text of links: a small wasm module of its own, fetched when a link is made or read for the first time.

import type * as LinksPackage from "../../pkg/links/links.js";
import { startModule } from "./engine.js";
import type { LinkContent } from "./engine.js";

/** Makes and reads the text of links. Both throw what is wrong. */
export interface LinkText {
  write(content: LinkContent): string;
  read(text: string): LinkContent;
}

let loaded: LinkText | null = null;

export async function loadLinkText(): Promise<LinkText> {
  if (loaded === null) {
    const glue = await startModule<typeof LinksPackage>("links");
    loaded = { write: (content) => glue.write_link(content), read: (text) => glue.read_link(text) };
  }
  return loaded;
}

export function isLinkTextLoaded(): boolean {
  return loaded !== null;
}

/** The text of a link with this content. Throws if `loadLinkText` has not been awaited. */
export function linkText(content: LinkContent): string {
  if (loaded === null) {
    throw new Error("Links are still being loaded.");
  }
  return loaded.write(content);
}
