/** Programs that are built from Go modules: each folder beside src/ pins what goes into one of them. */
import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

const PACKAGE = resolve(import.meta.dirname, '../..');
const KEY_CHARACTERS = 12;

export interface GoProgram {
  name: string;
  /** The module whose version is the program's. */
  module: string;
  /** What a person reads while it is built. */
  what: string;
  /** The package that is built: that of its folder here where it is left out. */
  package?: string;
  /** Variables that the linker sets to the program's version. */
  versionVariables?: (version: string) => Record<string, string>;
}

export const HYPERKUBE: GoProgram = {
  name: 'hyperkube',
  module: 'k8s.io/kubernetes',
  what: 'Kubernetes and etcd as one program (up to half an hour of two processors and 3 GB of memory, once)',
  // Without them kubectl and the API server take each other for version 0.
  versionVariables: (version) => {
    const [, major = '', minor = ''] = /^v(\d+)\.(\d+)\./.exec(version) ?? [];
    const name = 'k8s.io/component-base/version';
    return { [`${name}.gitVersion`]: version, [`${name}.gitMajor`]: major, [`${name}.gitMinor`]: minor };
  },
};

export const COREDNS: GoProgram = {
  name: 'coredns',
  module: 'github.com/coredns/coredns',
  what: 'CoreDNS (two minutes, once)',
};

export const KUBE_ROUTER: GoProgram = {
  name: 'kube-router',
  module: 'github.com/cloudnativelabs/kube-router/v2',
  package: 'github.com/cloudnativelabs/kube-router/v2/cmd/kube-router',
  what: 'kube-router, which holds network policies (five minutes of two processors, once)',
};

export const PAUSE: GoProgram = { name: 'pause', module: '', what: 'the process that holds a pod' };

export function sourceFolder({ name }: GoProgram): string {
  return join(PACKAGE, name);
}

/** The version that the program's go.mod requires; `v1.0.0` for a program that is ours alone. */
export function versionOf(program: GoProgram): string {
  const text = readFileSync(join(sourceFolder(program), 'go.mod'), 'utf8');
  const words = text.split('\n').map((line) =>
    line
      .trim()
      .replace(/^require /, '')
      .split(' '),
  );
  return words.find(([module]) => module === program.module)?.[1] ?? 'v1.0.0';
}

export function linkerFlags(program: GoProgram): string {
  const variables = program.versionVariables?.(versionOf(program)) ?? {};
  return ['-s', '-w', ...Object.entries(variables).map(([name, value]) => `-X ${name}=${value}`)].join(' ');
}

/** Changes when anything does that the program is built from. */
export function cacheKey(program: GoProgram): string {
  const hash = createHash('sha256').update(process.arch).update(linkerFlags(program));
  const folder = sourceFolder(program);
  for (const file of globSync('*.{go,mod,sum}', { cwd: folder }).sort())
    hash.update(file).update(readFileSync(join(folder, file)));
  return hash.digest('hex').slice(0, KEY_CHARACTERS);
}

/** Below the user's cache folder, so that another checkout finds what this one built. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const base = environment['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(base, 'observability-lab', 'cluster');
}

/** Where the program lies once it is built: `hyperkube-v1.37.2-0123456789ab/hyperkube`. */
export function programPath(program: GoProgram, environment?: NodeJS.ProcessEnv): string {
  return join(cacheFolder(environment), placeOf(program));
}

/** The same below the cache folder. */
export function placeOf(program: GoProgram): string {
  return join([program.name, versionOf(program), cacheKey(program)].join('-'), program.name);
}
