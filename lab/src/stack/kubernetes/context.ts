/** Which cluster is meant, and whether it is a local one: nothing is applied to a foreign cluster by accident. */
import { createInterface } from 'node:readline/promises';
import { z } from 'zod';
import { CannotRun, describeError } from '../../cli/failure.ts';
import { runCommand } from '../../process/run-command.ts';
import type { Connection } from './kubectl.ts';

/** Context of the cluster that `make cluster` makes. */
export const OWN_CONTEXT = 'observability-lab';

export interface Context extends Connection {
  /** Address of the API server. */
  server: string;
}

export interface Places {
  /** kubectl on PATH; undefined: there is none. */
  kubectl: string | undefined;
  /** Those of `make cluster`, while that cluster is there. */
  own: { kubectl: string; kubeconfig: string } | undefined;
}

const config = z.object({
  clusters: z
    .array(z.object({ cluster: z.object({ server: z.string() }) }))
    .nullable()
    .default([]),
});

/**
 * Finds the context: the one a person insists on, else that of `make cluster` where it is up, else kubectl's current one.
 * @throws CannotRun where there is neither kubectl nor a context, or none of that name.
 */
export async function findContext(wanted: string | undefined, { kubectl, own }: Places): Promise<Context> {
  if (own && (wanted === undefined || wanted === OWN_CONTEXT))
    return withServer({ ...own, context: OWN_CONTEXT });
  if (kubectl === undefined)
    throw new CannotRun(
      'kubectl is not on PATH: install it (https://kubernetes.io/docs/tasks/tools/), or make a cluster with `make cluster`',
    );
  const context = wanted ?? (await currentContext(kubectl));
  return withServer({ kubectl, kubeconfig: undefined, context });
}

async function currentContext(kubectl: string): Promise<string> {
  try {
    return (await runCommand(kubectl, ['config', 'current-context'])).stdout.trim();
  } catch (cause) {
    throw new CannotRun(
      'kubectl has no current context: `kubectl config use-context NAME` chooses one, `make cluster` makes a cluster',
      { cause },
    );
  }
}

async function withServer(connection: Connection): Promise<Context> {
  const { kubectl, kubeconfig, context } = connection;
  const file = kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig];
  const view = ['config', 'view', '--minify', '--context', context, '--output', 'json'];
  try {
    const { stdout } = await runCommand(kubectl, [...file, ...view]);
    const [entry] = config.parse(JSON.parse(stdout)).clusters ?? [];
    if (entry) return { ...connection, server: entry.cluster.server };
  } catch (cause) {
    throw new CannotRun(
      `there is no context ${context}: \`kubectl config get-contexts\` lists them (${lastLine(cause)})`,
      { cause },
    );
  }
  throw new CannotRun(`the context ${context} names no cluster: \`kubectl config get-contexts\` lists them`);
}

/** Tells whether a noted context still leads to a cluster. That of `make cluster` is gone with its cluster. */
export async function isThere({ kubectl, kubeconfig, context }: Connection, { own }: Places): Promise<boolean> {
  if (kubeconfig !== undefined) return own?.kubeconfig === kubeconfig;
  return runCommand(kubectl, ['config', 'get-contexts', context, '--output', 'name']).then(
    () => true,
    () => false, // kubectl says that there is none, which is the answer.
  );
}

/** Tells whether a context is of a cluster on this machine. An address alone can be a company's, a name alone a colleague's. */
export function isLocal({ context, server, kubeconfig }: Context): boolean {
  if (context === OWN_CONTEXT && kubeconfig !== undefined) return true;
  const host = hostOf(server);
  if (isLoopback(host)) return true;
  return isLocalName(context) && isPrivate(host);
}

/** How the usual makers of local clusters name theirs. */
function isLocalName(context: string): boolean {
  return (
    /^(kind|k3d)-/.test(context) ||
    ['minikube', 'docker-desktop', 'rancher-desktop', 'orbstack', 'colima'].includes(context)
  );
}

function hostOf(server: string): string {
  return URL.canParse(server) ? new URL(server).hostname.replace(/^\[|\]$/g, '') : '';
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '0.0.0.0' || host === '::1' || /^127\./.test(host);
}

/** https://datatracker.ietf.org/doc/html/rfc1918; minikube and Docker Desktop use such addresses and names. */
function isPrivate(host: string): boolean {
  return (
    /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(host) ||
    ['kubernetes.docker.internal', 'host.docker.internal'].includes(host)
  );
}

export interface Consent {
  /** The context that a person insists on. */
  insisted: string | undefined;
  /** Asks a person at a terminal; undefined: there is no terminal. */
  ask: ((question: string) => Promise<string>) | undefined;
}

/** @throws CannotRun where the context is not local and nobody agreed. */
export async function requireConsent(context: Context, { insisted, ask }: Consent): Promise<void> {
  const { context: name, server } = context;
  if (isLocal(context) || insisted === name) return;
  const foreign = `the context ${name} (${server}) is not of a local cluster`;
  if (ask === undefined)
    throw new CannotRun(
      `${foreign}; nothing was applied: \`make up MODE=kubernetes CONTEXT=${name}\` insists`,
    );
  const answer = await ask(`${foreign}. To start the lab there, type its name: `);
  if (answer.trim() !== name) throw new CannotRun('nothing was applied');
}

/** Returns how to ask the person at the terminal; undefined where nobody is there. */
export function terminalQuestion(signal: AbortSignal): Consent['ask'] {
  if (!process.stdin.isTTY) return undefined;
  return async (question) => {
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return await lines.question(question, { signal });
    } finally {
      lines.close();
    }
  };
}

function lastLine(error: unknown): string {
  return describeError(error).trim().split('\n').at(-1) ?? '';
}
