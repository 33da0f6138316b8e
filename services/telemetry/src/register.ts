/** Loaded ahead of the program: `node --import @lab/telemetry/register src/main.ts`. */
export {};
