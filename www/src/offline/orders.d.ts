/** What the page says to a new version of its service worker that waits: it may take the old one's place. */
export type Order = "take over";
