/** The order of the steps of a test run: each starts as soon as those that it comes after have ended, beside all others. */
import type { Counts, Step } from './step.ts';

/**
 * @param run never rejects: a failed step is counted, and what comes after it runs all the same.
 * @returns the counts of all steps together.
 * @throws Error where a step comes after itself.
 */
export async function runSteps(
  steps: readonly Step[],
  run: (step: Step) => Promise<Counts>,
): Promise<Counts> {
  const begun = new Map<string, Promise<Counts>>();
  const start = (step: Step, waiting: readonly string[]): Promise<Counts> => {
    if (waiting.includes(step.name)) throw new Error(`step ${step.name} comes after itself`);
    const running = begun.get(step.name);
    if (running) return running;
    const before = steps
      .filter(({ name }) => step.after?.includes(name))
      .map((each) => start(each, [...waiting, step.name]));
    const counts = Promise.all(before).then(() => run(step));
    begun.set(step.name, counts);
    return counts;
  };
  const all = await Promise.all(steps.map((step) => start(step, [])));
  return {
    passed: all.reduce((sum, { passed }) => sum + passed, 0),
    failed: all.reduce((sum, { failed }) => sum + failed, 0),
  };
}
