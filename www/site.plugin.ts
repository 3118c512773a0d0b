// What lies around the page for others to read: the words and the picture of a link to it, the web manifest with its icons,
// robots.txt, and what hosts are told of their answers' headers.
//
// The environment's PAGE_ADDRESS says where the page will be, such as https://example.org/playground/: sites that show links
// take pictures by whole addresses only. Without it the picture's address is relative, and most do without.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import type { HtmlTagDescriptor, Plugin } from "vite";

const MANIFEST = "site.webmanifest";
const CARD = { file: "card.png", width: 1_200, height: 630, words: "A Raft cluster that is cut in two, its messages over time: the majority elects another leader" };

/** Read by Netlify and by Cloudflare Pages. What stands beside assets is asked for again by itself there. */
const HEADERS = `/*
  Access-Control-Allow-Origin: *
  Cross-Origin-Resource-Policy: cross-origin
  Cross-Origin-Embedder-Policy: require-corp
/assets/*
  Cache-Control: public, max-age=31536000, immutable
`;

/** A frame in somebody else's page is no place to be found. */
const ROBOTS = "User-agent: *\nDisallow: /embed.html\nDisallow: /task.html\n";

function address(): string {
  const wanted = process.env["PAGE_ADDRESS"] ?? "";
  if (wanted !== "" && !/^https?:\/\/.*\/$/.test(wanted)) {
    throw new Error(`PAGE_ADDRESS is ${wanted}, but is to begin with https:// and to end with a stroke.`);
  }
  return wanted;
}

const meta = (attrs: Record<string, string>): HtmlTagDescriptor => ({ tag: "meta", attrs, injectTo: "head" });
const link = (attrs: Record<string, string>): HtmlTagDescriptor => ({ tag: "link", attrs, injectTo: "head" });

interface Colours {
  light: string;
  dark: string;
}

/** The page's ground, as its style sheet has it. */
function paperIn(tokens: string): Colours {
  const [, light, dark] = /--paper: light-dark\((#[0-9a-f]+), (#[0-9a-f]+)\)/.exec(tokens) ?? [];
  if (light === undefined || dark === undefined) {
    throw new Error("src/design/tokens.css has no colour --paper in two themes");
  }
  return { light, dark };
}

/** What the head of the page says to others. */
function tags({ name, description }: { name: string; description: string }, paper: Colours, at: string): HtmlTagDescriptor[] {
  const property = (key: string, content: string): HtmlTagDescriptor => meta({ property: `og:${key}`, content });
  return [
    meta({ name: "description", content: description }),
    ...Object.entries(paper).map(([theme, content]) => meta({ name: "theme-color", content, media: `(prefers-color-scheme: ${theme})` })),
    link({ rel: "manifest", href: `./${MANIFEST}` }),
    link({ rel: "apple-touch-icon", href: "./apple-touch-icon.png" }),
    ...(at === "" ? [] : [link({ rel: "canonical", href: at }), property("url", at)]),
    property("type", "website"),
    property("title", name),
    property("description", description),
    property("image", `${at === "" ? "./" : at}${CARD.file}`),
    property("image:width", String(CARD.width)),
    property("image:height", String(CARD.height)),
    property("image:alt", CARD.words),
    meta({ name: "twitter:card", content: "summary_large_image" }),
  ];
}

/** `folder` is the page's, www. */
export function site(folder: string): Plugin {
  const made = join(folder, "pkg/site");
  const manifest = readFileSync(join(folder, MANIFEST), "utf8");
  const paper = paperIn(readFileSync(join(folder, "src/design/tokens.css"), "utf8"));
  return {
    name: "site",
    // After the pictures, of which it takes one.
    buildEnd() {
      if (!existsSync(join(made, CARD.file))) {
        execFileSync(process.execPath, [join(folder, "card.mjs")], { cwd: folder, stdio: ["ignore", "inherit", "inherit"] });
      }
    },
    transformIndexHtml: (_, { path }) => (path === "/index.html" ? tags(JSON.parse(manifest) as { name: string; description: string }, paper, address()) : []),
    generateBundle() {
      const files: [name: string, source: string | Uint8Array][] = [
        [MANIFEST, manifest],
        ["_headers", HEADERS],
        ["robots.txt", ROBOTS],
        // GitHub Pages leaves out what begins with a low line, unless it is told that it has no site of Jekyll's before it.
        [".nojekyll", ""],
        ["icon.svg", readFileSync(join(folder, "src/icon.svg"))],
        ...readdirSync(made).filter((file) => file.endsWith(".png")).map((file): [string, Uint8Array] => [file, readFileSync(join(made, file))]),
      ];
      for (const [fileName, source] of files) {
        this.emitFile({ type: "asset", fileName, source });
      }
    },
  };
}
