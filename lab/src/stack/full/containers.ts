/** What the engine says of this lab's containers. */
import { z } from 'zod';
import type { PartReport } from '../stack.ts';
import type { ComposeCommand } from './compose-command.ts';

const inspected = z.array(
  z.object({
    Id: z.string(),
    RestartCount: z.number(),
    Config: z.object({ Labels: z.record(z.string(), z.string()) }),
    State: z.object({
      Status: z.string(),
      Paused: z.boolean(),
      Restarting: z.boolean(),
      OOMKilled: z.boolean(),
      ExitCode: z.number(),
      Error: z.string(),
      StartedAt: z.string(),
      FinishedAt: z.string(),
      Health: z
        .object({ Status: z.string(), Log: z.array(z.object({ Output: z.string() })).nullish() })
        .nullish(),
    }),
  }),
);

export type Container = Omit<PartReport, 'memoryBytes' | 'url'> & { id: string; outOfMemory: boolean };

/** One that ends when it is done; its success is its state. */
const ONE_SHOTS = ['elasticsearch-setup'];

/** Containers of this project, by part. */
export async function readContainers(command: ComposeCommand): Promise<Container[]> {
  const { stdout } = await command.compose(['ps', '--all', '--quiet']);
  const ids = stdout.split('\n').filter((id) => id !== '');
  if (ids.length === 0) return [];
  const answer = await command.docker(['inspect', ...ids]);
  return inspected
    .parse(JSON.parse(answer.stdout))
    .map(describeContainer)
    .sort((one, other) => one.name.localeCompare(other.name));
}

export function describeContainer(container: z.infer<typeof inspected>[number]): Container {
  const { State: state } = container;
  const name = container.Config.Labels['com.docker.compose.service'] ?? container.Id;
  const [current, detail] = stateOf(name, state);
  return {
    id: container.Id,
    name,
    state: current,
    since: current === 'stopped' || current === 'failed' ? state.FinishedAt : state.StartedAt,
    restarts: container.RestartCount,
    detail,
    outOfMemory: state.OOMKilled,
  };
}

type State = z.infer<typeof inspected>[number]['State'];

function stateOf(name: string, state: State): [PartReport['state'], string | undefined] {
  const ended = state.OOMKilled
    ? 'was killed for using more memory than its limit'
    : state.Error || `ended with ${state.ExitCode}`;
  if (state.Paused) return ['paused', 'paused'];
  if (state.Restarting) return ['back-off', ended];
  if (state.Status === 'created')
    return state.Error === '' ? ['waiting', 'waits for others'] : ['failed', ended];
  if (state.Status !== 'running') {
    if (ONE_SHOTS.includes(name) && state.ExitCode === 0) return ['ready', undefined];
    // 0, SIGKILL and SIGTERM are ends that somebody asked for.
    return [0, 137, 143].includes(state.ExitCode) && !state.OOMKilled
      ? ['stopped', ended]
      : ['failed', ended];
  }
  if (!state.Health) return ONE_SHOTS.includes(name) ? ['starting', 'at work'] : ['ready', undefined];
  if (state.Health.Status === 'healthy') return ['ready', undefined];
  const said = state.Health.Log?.at(-1)?.Output.trim().split('\n').at(-1)?.slice(0, 200);
  const why = said || 'its health check has not passed yet';
  return [state.Health.Status === 'unhealthy' ? 'failed' : 'starting', why];
}

/** Memory in use by container id, bytes. */
export async function readMemory(
  command: ComposeCommand,
  ids: readonly string[],
): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map();
  const format = '{{.ID}} {{.MemUsage}}';
  const { stdout } = await command.docker(['stats', '--no-stream', '--no-trunc', '--format', format, ...ids]);
  return new Map(
    stdout.split('\n').flatMap((line) => {
      const [id = '', used = ''] = line.split(' ');
      const bytes = parseBytes(used);
      return bytes === undefined ? [] : [[id, bytes] as const];
    }),
  );
}

const UNITS: Record<string, number> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

/** `84.86MiB` → bytes; undefined for what the engine does not know (`--`). */
export function parseBytes(text: string): number | undefined {
  const [, number, unit = ''] = /^([\d.]+)([KMG]?i?B)$/.exec(text) ?? [];
  const factor = UNITS[unit];
  return number === undefined || factor === undefined ? undefined : Number(number) * factor;
}
