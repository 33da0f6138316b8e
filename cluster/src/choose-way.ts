/** Decides whether the cluster is made by kind or from packages: in seconds, whatever the network does. */
import { runCommand } from '@lab/cli/program';

export interface Decision {
  way: 'kind' | 'packages';
  /** Says why, for a person. */
  because: string;
}

/** Returns the output of a command, undefined where it fails or takes longer than a few seconds. */
export type Probe = (program: string, ...args: string[]) => Promise<string | undefined>;

const PROBE_MS = 5_000;
/** An image that Docker Hub has for every machine: to be told of it is to reach the registry of kind's node image. */
const ASKED_FOR = 'hello-world:latest';

/** @param probe is asked no more than the decision needs. */
export async function chooseWay(probe: Probe = probeProgram): Promise<Decision> {
  const packages = (lacking: string): Decision => ({
    way: 'packages',
    because: `from packages, because kind lacks ${lacking}`,
  });
  if ((await probe('kind', 'version')) === undefined)
    return { way: 'packages', because: 'from packages, because kind is not installed' };
  if ((await probe('kubectl', 'version', '--client')) === undefined) return packages('kubectl beside it');
  if ((await probe('docker', 'version', '--format', '{{.Server.Version}}')) === undefined)
    return packages('a running Docker');
  if (await probe('docker', 'image', 'list', '--quiet', 'kindest/node'))
    return { way: 'kind', because: 'with kind, whose node image is here' };
  if ((await probe('docker', 'manifest', 'inspect', ASKED_FOR)) === undefined)
    return packages('its node image, and Docker does not reach the registry');
  return { way: 'kind', because: 'with kind, whose node image can be pulled' };
}

async function probeProgram(program: string, ...args: string[]): Promise<string | undefined> {
  const result = await runCommand(program, args, { timeoutMs: PROBE_MS }).catch(
    () => undefined, // Not there, refused, or too slow: all say no.
  );
  return result?.stdout;
}
