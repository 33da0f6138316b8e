import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@lab/testing';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../src/bundle/redact.ts';
import { writeBundle } from '../src/bundle/write-bundle.ts';
import { runCommand } from '../src/process/run-command.ts';
import { labPaths } from '../src/settings/paths.ts';

const SECRETS = { LAB_TOKEN: 'tok/en+with"odd chars', SESSION_SECRET: '0123456789abcdef0123' };

describe('redaction', () => {
  it('finds a secret as it is, in a URL, in JSON and as base64', () => {
    const { redact, found } = createRedactor(SECRETS);
    const { LAB_TOKEN: token } = SECRETS;
    const forms = [
      token,
      encodeURIComponent(token),
      JSON.stringify({ token }),
      Buffer.from(token).toString('base64'),
    ];
    for (const form of forms) {
      expect(found(`before ${form} after`)).toEqual(['LAB_TOKEN']);
      expect(found(redact(`before ${form} after`))).toEqual([]);
    }
  });

  it('takes passwords out of addresses and Slack webhooks out of anything', () => {
    const { redact } = createRedactor({});
    expect(redact('postgres://me:hush@127.0.0.1:5432/db')).toBe('postgres://me:<password>@127.0.0.1:5432/db');
    expect(redact('to https://hooks.slack.com/services/T/B/x now')).toBe('to <slack webhook> now');
  });
});

describe('the bundle', () => {
  it('holds logs and configuration, without .env and without any secret', async () => {
    await using folder = await temporaryFolder();
    const paths = labPaths({ LAB_STATE_DIR: folder.path });
    await mkdir(paths.applicationLogs, { recursive: true });
    await mkdir(paths.prometheus, { recursive: true });
    await writeFile(paths.environmentFile, `SESSION_SECRET=${SECRETS.SESSION_SECRET}\n`);
    // A long log whose cut falls into a secret must not leave the rest of it.
    await writeFile(join(paths.logs, 'api.log'), `${SECRETS.SESSION_SECRET}`.repeat(60_000));
    await writeFile(
      join(paths.applicationLogs, 'taskmanager-api.log'),
      `{"authorization":"${SECRETS.SESSION_SECRET}"}`,
    );
    await writeFile(join(paths.prometheus, 'prometheus.yml'), 'global: {}');
    const texts = { 'status.json': `{"note": "${SECRETS.SESSION_SECRET}"}` };
    const archive = await writeBundle({ paths, name: 'bundle-test', secrets: SECRETS, texts });
    const { stdout: names } = await runCommand('tar', ['-tzf', archive]);
    expect(
      names
        .split('\n')
        .filter((name) => !name.endsWith('/'))
        .sort(),
    ).toEqual([
      'bundle-test/files/logs/api.log',
      'bundle-test/files/logs/app/taskmanager-api.log',
      'bundle-test/files/prometheus/prometheus.yml',
      'bundle-test/status.json',
    ]);
    const { stdout: contents } = await runCommand('tar', ['-xzOf', archive]);
    expect(contents).not.toContain('abcdef');
    expect(contents).toContain('global: {}');
  });

  it('is not written where a secret is left in it', async () => {
    await using folder = await temporaryFolder();
    const paths = labPaths({ LAB_STATE_DIR: folder.path });
    await mkdir(paths.logs, { recursive: true });
    // A file's name is not text that redaction reaches.
    await writeFile(join(paths.logs, `${SECRETS.SESSION_SECRET}.log`), 'x');
    const attempt = writeBundle({ paths, name: 'bundle-test', secrets: SECRETS, texts: {} });
    await expect(attempt).rejects.toThrow('no bundle was written: it would hold SESSION_SECRET');
    expect(await readdir(paths.reports)).toEqual([]);
  });
});
