// Parts of the page that cannot be fetched: there is no connection, or the page was published anew since it was opened, and
// they are gone. Loading the page again helps against the one, and says so of the other.

export const MISSING = "A part of the page cannot be fetched: there is no connection, or a newer version was published.";

/** As browsers say it, of an `import`, of a `fetch`, and of a module of wasm. The page fetches nothing but its own parts. */
const NOT_FETCHED = /imported module|module script failed|failed to fetch|networkerror|load failed|code is not ok/i;

const saysMissing = (words: string): boolean => words === MISSING || NOT_FETCHED.test(words);

/** What a thread says of a failure, in words for the reader. */
export const plainly = (words: string): string => (saysMissing(words) ? MISSING : words);

export const isMissing = (error: unknown): boolean => error instanceof Error && saysMissing(error.message);
