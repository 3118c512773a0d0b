// What lies around the page for others to read.

import { expect, test } from "./page.ts";

test("a link to the page has words and a picture", async ({ page, request }) => {
  await page.goto("./");
  const content = (name: string) => page.locator(`head > meta[property="og:${name}"]`).getAttribute("content");
  expect(await page.locator("head > meta[name=description]").getAttribute("content")).toMatch(/Raft.*\.$/);
  expect(await content("title")).toBe("Consensus playground");
  expect(await content("image:alt")).toContain("Raft");
  const picture = await request.get((await content("image")) ?? "");
  const bytes = await picture.body();
  // Width and height stand at the beginning of a PNG.
  expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)].map(String)).toEqual([await content("image:width"), await content("image:height")]);
  // A run is painted there, in many colours, and not a blank.
  expect(bytes.length).toBeGreaterThan(30_000);
});

test("the web manifest names icons that are there", async ({ page, request }) => {
  await page.goto("./");
  const answer = await request.get((await page.locator("link[rel=manifest]").getAttribute("href")) ?? "");
  const { name, icons } = (await answer.json()) as { name: string; icons: { src: string; sizes: string; type: string }[] };
  expect(name).toBe("Consensus playground");
  expect(icons).toHaveLength(4);
  for (const { src, sizes, type } of icons) {
    const icon = await request.get(src);
    expect(icon.headers()["content-type"], src).toBe(type);
    if (type === "image/png") expect(`${(await icon.body()).readUInt32BE(16)}x${(await icon.body()).readUInt32BE(20)}`, src).toBe(sizes);
  }
  expect((await request.get("apple-touch-icon.png")).ok()).toBe(true);
});

test("the licences of all that the page is made of are beside it, and the guide leads there", async ({ page, request }) => {
  await page.goto("./#guide");
  const link = page.getByRole("link", { name: "Licences" });
  const text = await (await request.get((await link.getAttribute("href")) ?? "")).text();
  for (const part of [/^MIT License$/m, /^lit \d.*BSD-3-Clause/m, /^@fontsource-variable\/source-serif-4 \d.*OFL-1\.1/m, /SIL OPEN FONT LICENSE/, /^serde_json \d.*MIT/m, /^wasm-bindgen \d/m, /^xxhash-rust \d.*BSL-1\.0/m, /^Boost Software License/m]) {
    expect(text).toMatch(part);
  }
  // What only the compiler or the command line uses is not in the page.
  expect(text).not.toMatch(/^(syn|clap|rayon|redb|vite|typescript) \d/m);
});
