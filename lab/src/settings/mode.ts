/** The ways to run the lab, each with a driver. The first runs everywhere, `up` prefers the second, others have to be asked for. */
export const MODES = ['lite', 'full', 'kubernetes'] as const;

/** The name of a way to run. It is shown, stored and compared; only settings and the choice of a driver decide by it. */
export type Mode = (typeof MODES)[number];

/** The marks of rules and of experiments that belong to a mode beside its own: Kubernetes runs the parts that full mode runs. */
const ALSO: Partial<Record<Mode, Mode>> = { kubernetes: 'full' };

/** Tells whether a mode has what carries this mark; what carries none is of every mode. */
export function belongs(mark: string | undefined, mode: Mode): boolean {
  return mark === undefined || mark === mode || mark === ALSO[mode];
}
