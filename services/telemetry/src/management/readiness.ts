import { messageOf } from '../logging/describe-error.ts';
import { redactText } from '../logging/redaction.ts';

/** A readiness check: resolves when fit to take traffic, rejects with the reason. */
export type ReadinessCheck = () => Promise<unknown>;

export interface CheckResult {
  status: 'ok' | 'failed';
  /** Why it failed. */
  error?: string;
  durationMs: number;
}

/** Runs all checks at once, each with the same limit; a check that throws, rejects or takes too long has failed. */
export async function runChecks(
  checks: Readonly<Record<string, ReadinessCheck>>,
  timeoutMs: number,
): Promise<Record<string, CheckResult>> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await runCheck(check, timeoutMs)] as const),
  );
  return Object.fromEntries(results);
}

async function runCheck(check: ReadinessCheck, timeoutMs: number): Promise<CheckResult> {
  const start = performance.now();
  const durationMs = () => Math.round(performance.now() - start);
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    });
    await Promise.race([check(), late]);
    return { status: 'ok', durationMs: durationMs() };
  } catch (error) {
    return { status: 'failed', error: redactText(messageOf(error)).slice(0, 500), durationMs: durationMs() };
  } finally {
    clearTimeout(timer);
  }
}
