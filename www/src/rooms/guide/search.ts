// The search: MiniSearch over the sections of all chapters, made when somebody begins to type.

import MiniSearch from "minisearch";
import { chapters } from "virtual:guide";

export interface Hit {
  /** The address in the page. */
  href: string;
  chapter: string;
  title: string;
  /** Some words around the first of those that were looked for. */
  excerpt: string;
}

interface Entry {
  id: string;
  chapter: string;
  title: string;
  text: string;
}

const HITS_MAX = 12;
const EXCERPT_BEFORE = 40;
const EXCERPT_LENGTH = 160;
/** Words this short are taken as they are written. */
const EXACT_MAX = 4;

let index: MiniSearch<Entry> | undefined;

function build(): MiniSearch<Entry> {
  const made = new MiniSearch<Entry>({
    fields: ["title", "chapter", "text"],
    storeFields: ["chapter", "title", "text"],
    searchOptions: { boost: { title: 4, chapter: 2 }, prefix: true, fuzzy: (term) => (term.length > EXACT_MAX ? 0.2 : false), combineWith: "AND" },
  });
  made.addAll(chapters.flatMap(({ name, title: chapter, sections }) => sections.map(({ id, title, text }) => ({ id: `#guide/${name}/${id}`, chapter, title, text }))));
  return made;
}

export function search(words: string): Hit[] {
  index ??= build();
  const found = index.search(words).slice(0, HITS_MAX);
  return found.map(({ id, chapter, title, text, terms }) => ({ href: String(id), chapter: String(chapter), title: String(title), excerpt: excerpt(String(text), terms) }));
}

/** The words around the first of these terms. */
function excerpt(text: string, terms: readonly string[]): string {
  const words = text.replaceAll(/\s+/g, " ").trim();
  const small = words.toLowerCase();
  const places = terms.map((term) => small.indexOf(term)).filter((place) => place >= 0);
  const start = Math.max(0, Math.min(...places, words.length) - EXCERPT_BEFORE);
  const from = start === 0 || places.length === 0 ? 0 : words.indexOf(" ", start) + 1;
  const cut = words.slice(from, from + EXCERPT_LENGTH);
  return `${from > 0 ? "… " : ""}${cut}${from + EXCERPT_LENGTH < words.length ? " …" : ""}`;
}
