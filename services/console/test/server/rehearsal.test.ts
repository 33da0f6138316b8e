import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startConsole, temporaryFolder } from '@lab/testing';
import { expect, test } from 'vitest';
import { rehearsalSchema } from '../../src/contract/rehearsal.ts';

test('the last rehearsal is served as it was written, and can run, fetch and send nothing', async () => {
  await using files = await temporaryFolder();
  const folder = join(files.path, 'rehearsal');
  await using lab = await startConsole({ REHEARSAL_DIR: folder });

  expect(rehearsalSchema.parse((await lab.get('/api/rehearsal')).body)).toEqual({ at: null });
  const none = await lab.get('/rehearsal', { accept: 'text/html' });
  expect(none.status).toBe(404);
  expect(none.text).toContain('make rehearse');

  mkdirSync(folder);
  writeFileSync(join(folder, 'report.html'), '<h1>Rehearsal</h1><script>alert(1)</script>');
  const { at } = rehearsalSchema.parse((await lab.get('/api/rehearsal')).body);
  expect(Date.parse(at ?? '')).toBeGreaterThan(Date.now() - 60_000);
  const page = await lab.get('/rehearsal', { accept: 'text/html' });
  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toContain('text/html');
  const policy = (page.headers.get('content-security-policy') ?? '').split('; ');
  expect(policy).toEqual(expect.arrayContaining(['sandbox', "default-src 'none'", "frame-ancestors 'none'"]));
  expect(policy.join()).not.toMatch(/script-src|allow-/);
});
