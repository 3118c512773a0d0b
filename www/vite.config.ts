import { defineConfig } from "vite";

// The page is static: everything it loads at run time lies beside it in dist, under relative addresses, so that it works
// from any folder of any server.
export default defineConfig({
  base: "./",
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    // A small file inlined as a data: address would be refused by the page's content security policy.
    assetsInlineLimit: 0,
    // The polyfill is for browsers that cannot run the page anyway.
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
});
