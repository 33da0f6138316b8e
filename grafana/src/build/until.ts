/**
 * Why a query may rightly answer with nothing in a calm lab under load, and what gives it something to show. The gate
 * (src/gate) holds every other query to data, and these while what fills them goes on; `make chaos` does so for each experiment it runs, and at
 * its end for what has to be old enough.
 */
export type Until =
  /** An experiment of loadtests/chaos, by its name in prometheus/alerts.yaml. */
  | { fills: 'experiment'; experiment: string }
  /** `make load`, whose own measurements it shows. */
  | { fills: 'load' }
  /** Traffic for so long, in the rules' own time; the gate asks for how long there has been any. */
  | { fills: 'age'; minutes: number }
  /** The parts whose metrics it reads: some labs lack them, and what only the profile `host` has waits for that, too. */
  | { fills: 'parts' }
  /** The objects, volumes and containers of a cluster: only Kubernetes has them. */
  | { fills: 'cluster' }
  /** The console, where it keeps logs and traces in the place of those parts. */
  | { fills: 'console' };

export function experiment(name: string): Until {
  return { fills: 'experiment', experiment: name };
}

export const load: Until = { fills: 'load' };

export function minutesOld(minutes: number): Until {
  return { fills: 'age', minutes };
}

export const fullOnly: Until = { fills: 'parts' };
export const kubernetesOnly: Until = { fills: 'cluster' };
export const liteOnly: Until = { fills: 'console' };

/** In words, for the place where the data would be. @param calm what its absence means, such as `No alert fires`. */
export function describeUntil(until: Until, calm = 'Nothing of the kind'): string {
  switch (until.fills) {
    case 'experiment':
      return `${calm}. To see one: make chaos EXPERIMENT=${until.experiment}`;
    case 'load':
      return 'No load test in this time. Start one: make load';
    case 'age':
      return `Needs ${until.minutes} minutes of traffic`;
    case 'parts':
      return 'Only in full mode';
    case 'cluster':
      return 'Only in kubernetes mode';
    case 'console':
      return 'Only in lite mode';
  }
}
