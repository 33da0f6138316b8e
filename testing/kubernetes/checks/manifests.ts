/** A real API server takes every manifest of every overlay, and what is applied is what stands there. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { render, runCommand, toYaml } from '@lab/cli';
import { ROOT, readManifest } from '@lab/manifest';
import { createTaskClient } from '../../src/task-client.ts';
import { type Check, type Subject, untilAllReady } from '../subject.ts';

const OVERLAYS = ['local', 'production'];
const APPLY = ['apply', '--server-side', '--force-conflicts', '--field-manager=observability-lab'];

export function manifests(subject: Subject): Check[] {
  const { stack, paths, settings, counts, say } = subject;
  const { kubectl } = stack;
  return [
    {
      title: `the API server takes every object of the overlays ${OVERLAYS.join(' and ')}`,
      async run() {
        let taken = 0;
        for (const overlay of OVERLAYS) {
          const folder = join(ROOT, 'kubernetes', 'overlays', overlay);
          const { stdout: input } = await runCommand(kubectl.connection.kubectl, ['kustomize', folder]);
          const { stdout } = await kubectl.run(
            [...APPLY, '--dry-run=server', '--output', 'name', '--filename', '-'],
            { input, timeoutMs: 120_000 },
          );
          const wanted = input.match(/^kind: /gm)?.length ?? 0;
          const names = stdout.trim().split('\n');
          say(`        ${overlay}: ${names.length} of ${wanted}`);
          assert.equal(names.length, wanted, overlay);
          taken += names.length;
        }
        counts['manifests_validated'] = taken;
      },
    },
    {
      title: '`kubectl diff` finds nothing that `make up` would change',
      async run() {
        assert.equal(await stack.difference(), '');
      },
    },
    {
      title: 'the manifests of the commit before are updated to these, and what was stored is there',
      async run(signal) {
        const before = commitBefore();
        if (before === undefined) return say('        there is no commit before: these are the first');
        using client = createTaskClient(stack.addresses.web);
        await client.signUp();
        const written = await client.call('POST', '/tasks', { json: { title: 'written before the update' } });
        assert.equal(written.status, 201);
        await using former = await checkedOut(before);
        const manifest = readManifest(former.root);
        const leftOut = manifest.parts
          .filter(({ name }) => !stack.parts.includes(name))
          .map(({ name }) => name);
        const objects = await render(
          kubectl.connection.kubectl,
          { paths: { ...paths, root: former.root }, settings, manifest },
          leftOut,
        );
        // A job cannot be changed; `make up` replaces it.
        const input = toYaml(objects.filter(({ kind }) => kind !== 'Job'));
        await kubectl.run([...APPLY, '--filename', '-'], { input, timeoutMs: 120_000 });
        await untilAllReady(subject, signal);
        await stack.start({ progress: () => undefined, signal });
        await untilAllReady(subject, signal);
        assert.equal(await stack.difference(), '');
        const { items } = (await client.call('GET', '/tasks')).body as { items: { title: string }[] };
        assert.deepEqual(
          items.map(({ title }) => title),
          ['written before the update'],
        );
      },
    },
  ];
}

/** Returns the last commit but one that changed what is applied; undefined where there are not two. */
function commitBefore(): string | undefined {
  const log = ['log', '--format=%H', '--max-count=2', '--', 'kubernetes/base', 'kubernetes/overlays'];
  return execFileSync('git', log, { cwd: ROOT, encoding: 'utf8' }).split('\n')[1] || undefined;
}

async function checkedOut(commit: string): Promise<AsyncDisposable & { root: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'lab-before-'));
  const root = join(folder, 'checkout');
  await runCommand('git', ['worktree', 'add', '--detach', root, commit], { cwd: ROOT });
  return {
    root,
    async [Symbol.asyncDispose]() {
      await runCommand('git', ['worktree', 'remove', '--force', root], { cwd: ROOT });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
