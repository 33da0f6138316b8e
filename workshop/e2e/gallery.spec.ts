/** A picture is taken only of what is proven: each way to have nothing to show is refused, with the reason. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@lab/testing';
import { expect, test } from '@playwright/test';
import sharp from 'sharp';
import { openCamera } from '../src/screenshots/camera.ts';
import type { Picture, Scene } from '../src/screenshots/picture.ts';
import { exactly, shows } from '../src/screenshots/proofs.ts';

const scene: Scene = {
  viewers: { dashboards: 'console', logs: 'console', traces: 'console', alerts: 'console' },
  links: { logs: () => '', trace: () => '' },
  at: () => '',
  story: { taskTitle: '', at: 0, requestId: '', traceId: '', spans: 2, jobTraceId: undefined, logLines: 0 },
  range: { from: 0, to: 0 },
  month: undefined,
  experiment: undefined,
  reports: { load: undefined, chaos: undefined },
  panels: () => 0,
};

function pictureOf(body: string): Picture {
  return {
    name: 'trial',
    title: 'Trial',
    shows: 'a page of the test',
    when: 'calm',
    address: () => `data:text/html,${encodeURIComponent(`<meta charset="utf-8">${body}`)}`,
    proofs: [shows('the heading', 'Spans'), exactly('every span', 'li', ({ story }) => story.spans)],
  };
}

const WHOLE = '<h1>Spans</h1><ul><li>one</li><li>two</li></ul>';

async function take(body: string) {
  await using folder = await temporaryFolder();
  await using camera = await openCamera(process.env, { patienceMs: 1_500 });
  const file = join(folder.path, 'trial.png');
  try {
    await camera.take(pictureOf(body), scene, file, new AbortController().signal);
    return { failure: '', image: await readFile(file) };
  } catch (error) {
    expect(existsSync(file), 'a picture of what is not proven').toBe(false);
    return { failure: String(error), image: undefined };
  }
}

test('a page whose proofs hold is taken, at the fixed size', async () => {
  const { failure, image } = await take(WHOLE);
  expect(failure).toBe('');
  const { width, height, format } = await sharp(image).metadata();
  expect({ width, height, format }).toEqual({ width: 1440, height: 900, format: 'png' });
});

test('a page that loads at first is waited for', async () => {
  const script = `<script>setTimeout(() => document.querySelector('.skeleton').remove(), 400)</script>`;
  expect((await take(`${WHOLE}<p class="skeleton">…</p>${script}`)).failure).toBe('');
});

for (const [what, body, reason] of [
  ['still loading', `${WHOLE}<p class="skeleton">…</p>`, '.skeleton'],
  ['failed', `${WHOLE}<p class="state-error">Could not load</p>`, '.state-error'],
  ['blank where data should be', `${WHOLE}<p>No data</p>`, 'No data'],
  ['short of a span', '<h1>Spans</h1><ul><li>one</li></ul>', 'every span: 1 × li, expected 2'],
  ['of something else', '<h1>Welcome</h1><ul><li>one</li><li>two</li></ul>', 'the heading'],
  ['hiding what is to be proven', `<div hidden>${WHOLE}</div>`, 'the heading'],
] as const) {
  test(`a page that is ${what} is not taken, and the reason is named`, async () => {
    expect((await take(body)).failure).toContain(reason);
  });
}
