/**
 * Lets through the first call and then at most one every `everyMs`, told how many it held back before.
 * For complaints that come with every poll of a database that is away.
 */
export function quietly<A extends unknown[]>(
  speak: (suppressed: number, ...args: A) => void,
  everyMs = 10_000,
): (...args: A) => void {
  let quietUntil = Number.NEGATIVE_INFINITY;
  let suppressed = 0;
  return (...args) => {
    const now = performance.now();
    if (now < quietUntil) {
      suppressed += 1;
      return;
    }
    quietUntil = now + everyMs;
    speak(suppressed, ...args);
    suppressed = 0;
  };
}
