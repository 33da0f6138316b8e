/** The ways to run the lab, each with a driver. The first runs everywhere, `up` prefers the second, others have to be asked for. */
export const MODES = ['lite', 'full', 'kubernetes'] as const;

/** The name of a way to run. It is shown, stored and compared; only settings and the choice of a driver decide by it. */
export type Mode = (typeof MODES)[number];
