// What the page is made of, and its licences: one text beside the page, licences.txt.
//
// npm's packages are those of which Vite has bundled anything (its `build.license`); the crates are those that
// Cargo resolves for the wasm modules, each with the texts that lie in it. Of Rust's standard library, which is in every
// module, the toolchain has a page of its own.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";

import type { Plugin } from "vite";

/** Where Vite is to put what it knows; it goes into the text, and not into the page. */
export const BUNDLED = "licences.json";
const ALL = "licences.txt";
const OF_RUST = "licences-rust.html";

/** Packages that lie inside the file of another, where Vite cannot know of them: d3-delaunay's own file. */
const INSIDE_OTHERS = ["delaunator", "robust-predicates"];

interface Part {
  name: string;
  version: string;
  identifier?: string | null;
  text: string;
}

/** Of what `cargo metadata` says. */
interface Metadata {
  packages: readonly { id: string; name: string; version: string; license: string | null; manifest_path: string; targets: readonly { kind: readonly string[] }[] }[];
  resolve: { root: string; nodes: readonly { id: string; deps: readonly { pkg: string; dep_kinds: readonly { kind: string | null }[] }[] }[] };
}

/** The text of a package's licence. Where it may be had under the MIT licence, that one is taken. */
function textIn(folder: string): string {
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|copyright|notice|unlicense)/i.test(file));
  const taken = files.some((file) => file.includes("MIT")) ? files.filter((file) => !/apache|zlib|0bsd|copying|unlicense/i.test(file)) : files;
  if (taken.length === 0) {
    throw new Error(`${folder} has no text of its licence`);
  }
  return taken.map((file) => readFileSync(join(folder, file), "utf8").trim()).join("\n\n");
}

/**
 * The crates that are in the wasm modules: all that are needed to run, and not those that are carried out by the compiler. The
 * features of the modules need no others than the library alone does.
 */
function crates(root: string): Part[] {
  const options = ["--format-version", "1", "--locked", "--filter-platform", "wasm32-unknown-unknown", "--no-default-features"];
  const said = execFileSync("cargo", ["metadata", ...options], { cwd: root, maxBuffer: 64 * 1_024 * 1_024, stdio: ["ignore", "pipe", "inherit"] });
  const { packages, resolve } = JSON.parse(said.toString()) as Metadata;
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
  const isRun = (id: string): boolean => !packages.some((each) => each.id === id && each.targets.some(({ kind }) => kind.includes("proc-macro")));
  const found = new Set([resolve.root]);
  // A set is walked to its end, also to what is added meanwhile.
  for (const id of found) {
    const needed = nodes.get(id)?.deps.filter(({ pkg, dep_kinds }) => isRun(pkg) && dep_kinds.some(({ kind }) => kind === null)) ?? [];
    needed.forEach(({ pkg }) => found.add(pkg));
  }
  found.delete(resolve.root);
  return packages
    .filter(({ id }) => found.has(id))
    .map(({ name, version, license, manifest_path }) => ({ name, version, identifier: license, text: textIn(dirname(manifest_path)) }));
}

/** A package of npm's. */
function installed(folder: string): Part {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Part & { license: string };
  return { name, version, identifier: license, text: textIn(folder) };
}

/** The fonts that fonts.mjs has cut: their licences lie beside them. */
function fonts(folder: string): Part[] {
  const names = readdirSync(join(folder, "pkg/fonts")).flatMap((file) => /^(.*)-LICENSE\.txt$/.exec(file)?.[1] ?? []);
  return names.map((name) => installed(join(folder, "node_modules/@fontsource-variable", name)));
}

const rule = "=".repeat(80);

/** Parts under a heading; those with the same text together. */
function chapter(title: string, parts: readonly Part[]): string {
  const groups = new Map<string, string>();
  for (const { name, version, identifier, text } of parts) {
    const plain = text.trim().replaceAll("\r\n", "\n");
    groups.set(plain, `${groups.get(plain) ?? ""}${name} ${version} (${identifier ?? "see below"})\n`);
  }
  const sections = [...groups].map(([text, names]) => `${names}\n${text}\n`);
  return `${rule}\n${title}\n${rule}\n\n${sections.join(`\n${"-".repeat(80)}\n\n`)}`;
}

/** The toolchain's own page on the standard library, if it is installed with one. */
function ofRust(): { sentence: string; page: string | null } {
  const version = execFileSync("rustc", ["--version"]).toString().trim();
  const file = join(execFileSync("rustc", ["--print", "sysroot"]).toString().trim(), "share/doc/rust/COPYRIGHT-library.html");
  const page = existsSync(file) ? readFileSync(file, "utf8") : null;
  const where = page === null ? "https://github.com/rust-lang/rust/blob/main/COPYRIGHT says which parts have others." : `What it contains, with all licences: ${OF_RUST}, beside this file.`;
  return { sentence: `The standard library of ${version}, which is in every wasm module, is under MIT OR Apache-2.0. ${where}\n`, page };
}

/** `root` is the repository, `folder` the page's in it, www. */
export function licences(root: string, folder: string): Plugin {
  return {
    name: "licences",
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const known = bundle[BUNDLED];
        if (known?.type !== "asset") {
          this.error("Vite was to say which packages it has bundled");
        }
        delete bundle[BUNDLED];
        const bundled = JSON.parse(String(known.source)) as Part[];
        const { sentence, page } = ofRust();
        const source = [
          `This page is part of consensus-playground.\n\n${readFileSync(join(root, "LICENSE"), "utf8")}`,
          chapter("Packages from npm", [...bundled, ...INSIDE_OTHERS.map((name) => installed(join(folder, "node_modules", name)))]),
          chapter("Fonts, cut down to the letters that the page writes", fonts(folder)),
          chapter("Crates from crates.io", crates(root)),
          `${rule}\nRust\n${rule}\n\n${sentence}`,
        ].join("\n\n");
        this.emitFile({ type: "asset", fileName: ALL, source });
        if (page !== null) {
          this.emitFile({ type: "asset", fileName: OF_RUST, source: page });
        }
      },
    },
  };
}
