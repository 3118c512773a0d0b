// The guide: the Markdown of www/guide, made into a module of the page when the page is built.
//
// The module `virtual:guide` has the chapters in the order of the table of contents, index.md. Each is a template of Lit, static text from end
// to end, so that nothing is parsed or trusted in the browser; and its sections as plain text, which the search reads.
// Raw HTML in a chapter is shown as text, as everywhere on the page.

import { readFileSync } from "node:fs";
import { basename, join } from "node:path";

import MarkdownIt from "markdown-it";
import type { Env, MarkdownIt as Markdown, Token } from "markdown-it";
import type { Plugin } from "vite";

const MODULE = "virtual:guide";
const RESOLVED = `\0${MODULE}`;
const INDEX = "index.md";

interface Section {
  id: string;
  title: string;
  level: number;
  text: string;
}

/** What GitHub makes of a heading, so that a link to a section works there and here. */
export function anchor(title: string): string {
  return title
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}

/** The address of a link in the page: chapters are in the hash; what leads out of the page stays. */
function addressOf(href: string, chapter: string): string {
  const [file = "", section] = href.split("#");
  if (/^[a-z]+:/.test(href)) {
    return href;
  }
  const name = file === "" ? chapter : basename(file, ".md");
  return section === undefined ? `#guide/${name}` : `#guide/${name}/${section}`;
}

const plain = (token: Token | undefined): string => (token?.children ?? []).map((child) => (child.type === "softbreak" ? " " : child.content)).join("");

/** The name of the chapter that is rendered. */
function chapterOf(env: Env | undefined): string {
  const name = env?.["chapter"];
  return typeof name === "string" ? name : "";
}

/** Renders chapters: the environment of each says what it is called. */
function renderer(): Markdown {
  const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false });
  const { rules } = markdown.renderer;
  const { escapeHtml } = markdown.utils;
  rules["heading_open"] = (tokens, index, _options, env) => {
    const { tag } = tokens[index] as Token;
    const id = anchor(plain(tokens[index + 1]));
    return `<${tag} id="${id}" tabindex="-1"><a class="anchor" href="#guide/${chapterOf(env)}/${id}">`;
  };
  rules["heading_close"] = (tokens, index) => `</a></${(tokens[index] as Token).tag}>\n`;
  rules["link_open"] = (tokens, index, options, env, self) => {
    const token = tokens[index] as Token;
    token.attrSet("href", addressOf(String(token.attrGet("href") ?? ""), chapterOf(env)));
    return self.renderToken(tokens, index, options);
  };
  // What is wider than the page is scrolled by itself, with the keyboard too.
  rules["table_open"] = () => `<div class="scroll" tabindex="0" role="group" aria-label="Table">\n<table>\n`;
  rules["table_close"] = () => "</table>\n</div>\n";
  rules["th_open"] = () => '<th scope="col">';
  rules["td_open"] = () => "<td>";
  rules["fence"] = (tokens, index) => {
    const { content, info } = tokens[index] as Token;
    const [kind = "", note = ""] = info.split(" ");
    const lines = content.replace(/\n$/, "").split("\n");
    const code = lines.map((line) => (kind === "console" && /^[$>] /.test(line) ? `<b>${escapeHtml(line)}</b>` : escapeHtml(line))).join("\n");
    const remark = note === "ignore" ? '<p class="remark">Not run by the tests.</p>\n' : "";
    return `<pre class="${escapeHtml(kind)}" tabindex="0" role="group" aria-label="Example"><code>${code}</code></pre>\n${remark}`;
  };
  return markdown;
}

/** The sections of a chapter: each heading with the words below it. */
function sectionsOf(tokens: readonly Token[]): Section[] {
  const sections: Section[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.type === "heading_open") {
      const title = plain(tokens[index + 1]);
      sections.push({ id: anchor(title), title, level: Number(token.tag.slice(1)), text: "" });
      continue;
    }
    const last = sections.at(-1);
    if (last !== undefined && tokens[index - 1]?.type !== "heading_open") {
      last.text += token.type === "inline" ? `${plain(token)} ` : token.type === "fence" ? `${token.content} ` : "";
    }
  }
  return sections;
}

/** HTML as a template of Lit without a hole in it. */
const template = (text: string): string => `html\`${text.replaceAll("\\", "\\\\").replaceAll("`", "\\`").replaceAll("${", "\\${")}\``;

/** Remarks for whoever edits a chapter are none of the reader's. */
const read = (folder: string, file: string): string => readFileSync(join(folder, file), "utf8").replaceAll(/^<!--[^]*?-->\n/gm, "");

function source(folder: string): { code: string; files: string[] } {
  const markdown = renderer();
  const index = read(folder, INDEX);
  const listed = [...index.matchAll(/\]\(([a-z0-9-]+\.md)\)/g)].map(([, file]) => file as string);
  const files = [INDEX, ...listed];
  const chapters = files.map((file) => {
    const name = basename(file, ".md");
    const env = { chapter: name };
    const tokens = markdown.parse(read(folder, file), env);
    const sections = sectionsOf(tokens);
    const body = markdown.renderer.render(tokens, markdown.options, env);
    return `{ name: ${JSON.stringify(name)}, title: ${JSON.stringify(sections[0]?.title ?? name)}, sections: ${JSON.stringify(sections)}, body: ${template(body)} }`;
  });
  return { code: `import { html } from "lit";\nexport const chapters = [\n${chapters.join(",\n")}\n];\n`, files };
}

/** Makes `virtual:guide` of the Markdown in a folder. */
export function guide(folder: string): Plugin {
  return {
    name: "guide",
    resolveId: (id) => (id === MODULE ? RESOLVED : null),
    load(id) {
      if (id !== RESOLVED) {
        return null;
      }
      const { code, files } = source(folder);
      for (const file of files) {
        this.addWatchFile(join(folder, file));
      }
      return code;
    },
  };
}
