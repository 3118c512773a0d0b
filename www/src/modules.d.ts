// What the bundler makes of imports that are not scripts.
declare module "*?url" {
  const address: string;
  export default address;
}
declare module "*?inline" {
  const text: string;
  export default text;
}
declare module "*?raw" {
  const text: string;
  export default text;
}
declare module "*.css";
/** What guide.plugin.ts makes of the chapters in www/guide, in the order of its table of contents. */
declare module "virtual:guide" {
  export const chapters: readonly {
    name: string;
    title: string;
    /** The title and all headings, each with the words below it. */
    sections: readonly { id: string; title: string; level: number; text: string }[];
    body: import("lit").TemplateResult;
  }[];
}
/** What pictures.plugin.ts makes of the prepared runs: all of them, those of the course too. */
declare module "virtual:runs" {
  export const runs: readonly import("./pictures/make.js").PreparedRun[];
}
/** The pictures of a protocol's prepared runs, by their names: what is in an `svg` of their size. */
declare module "virtual:pictures/*" {
  export const pictures: Readonly<Record<string, import("lit").SVGTemplateResult>>;
}
