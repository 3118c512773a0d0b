// Starts a module in a browser: it finds its code beside itself, and a bundler finds it there, too.

export const start = (engine) => engine.default();
