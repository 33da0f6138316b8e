import { DatabaseSync } from 'node:sqlite';
import { type ConsoleProgram, startConsole } from '@lab/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inboxMessageSchema, inboxPageSchema } from '../../src/contract/inbox.ts';
import { InboxTable } from '../../src/store/state/inbox-table.ts';
import { stateLayout } from '../../src/store/state/schema.ts';

let lab: ConsoleProgram;
beforeAll(async () => {
  lab = await startConsole();
});
afterAll(() => lab[Symbol.asyncDispose]());

/** As Alertmanager 0.25 posts it with our templates. */
const fromAlertmanager = (title: string, color: string) => ({
  channel: '#critical-alerts',
  username: 'Alertmanager',
  attachments: [
    {
      title,
      title_link: 'http://127.0.0.1:8000/runbooks/DatabaseDown',
      pretext: '',
      text: '*The database is down*\npg_up is 0 (threshold 1)\n<http://127.0.0.1:8000/runbooks/DatabaseDown|Runbook>',
      fallback: title,
      callback_id: '',
      footer: '1 firing, 0 resolved',
      color,
      mrkdwn_in: ['fallback', 'pretext', 'text'],
    },
  ],
});
const post = (channel: string, body: unknown, headers = {}) =>
  lab.send('POST', `/hooks/slack/${channel}`, body, headers);
const messages = async (query = '') => inboxPageSchema.parse((await lab.get(`/api/inbox?${query}`)).body);

test('what Alertmanager sends is shown as its channel would have shown it, firing and resolved told apart', async () => {
  expect(
    await post('critical-alerts', fromAlertmanager('[FIRING:1] CRITICAL DatabaseDown (postgres)', 'danger')),
  ).toMatchObject({ status: 200, text: 'ok' });
  await post('critical-alerts', fromAlertmanager('[RESOLVED] CRITICAL DatabaseDown (postgres)', 'good'));
  const { items, channels } = await messages('channel=critical-alerts');
  expect(items).toMatchObject([
    { status: 'resolved', title: '[RESOLVED] CRITICAL DatabaseDown (postgres)' },
    {
      status: 'firing',
      channel: 'critical-alerts',
      title: '[FIRING:1] CRITICAL DatabaseDown (postgres)',
      username: 'Alertmanager',
      attachments: [
        {
          color: 'danger',
          pretext: null,
          title: '[FIRING:1] CRITICAL DatabaseDown (postgres)',
          titleLink: 'http://127.0.0.1:8000/runbooks/DatabaseDown',
          footer: '1 firing, 0 resolved',
        },
      ],
    },
  ]);
  expect(channels).toEqual([{ name: 'critical-alerts', messages: 2 }]);
  expect((await messages('status=firing')).items).toHaveLength(1);
  expect((await messages('q=PG_UP%20threshold')).items).toHaveLength(2);
  expect((await messages('q=pg_up%20nonsense')).items).toHaveLength(0);
  expect((await messages('since=now-1m')).items).toHaveLength(2);
  expect((await messages(`since=${Date.now() + 60_000}`)).items).toHaveLength(0);
  const { body } = await lab.get(`/api/inbox/${items[0]?.id}`);
  expect(inboxMessageSchema.parse(body)).toEqual(items[0]);
});

test.each([
  ['plain text', { text: 'hello *world*\nsecond line' }, { title: 'hello *world*', status: 'other' }],
  [
    'colour without words',
    { attachments: [{ color: 'good', text: 'fine again' }] },
    { title: 'fine again', status: 'resolved' },
  ],
  [
    'a warning colour',
    { attachments: [{ color: 'warning', title: 'careful' }] },
    { title: 'careful', status: 'firing' },
  ],
  [
    'blocks',
    { blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'from a block' } }, { type: 'divider' }] },
    { title: 'from a block' },
  ],
  ['fallback only', { attachments: [{ fallback: 'fell back' }] }, { title: 'fell back' }],
  [
    'unknown members',
    { text: 'x', unfurl_links: false, thread_ts: 1, attachments: [{ text: 'y', ts: 5 }] },
    { title: 'x' },
  ],
  [
    'markup',
    { text: '<script>alert(1)</script><img src=x onerror=alert(1)>' },
    { text: '<script>alert(1)</script><img src=x onerror=alert(1)>' },
  ],
])('%s is understood', async (_, body, expected) => {
  expect((await post('forms', body)).status).toBe(200);
  expect((await messages('channel=forms&limit=1')).items[0]).toMatchObject(expected);
});

test('a link that could run in the page is not kept', async () => {
  await post('links', {
    attachments: [
      {
        title: 'click',
        title_link: 'javascript:alert(1)',
        actions: [
          { type: 'button', text: 'go', url: 'data:text/html,x' },
          { text: { type: 'plain_text', text: 'safe' }, url: 'https://example.com/' },
        ],
      },
    ],
  });
  expect((await messages('channel=links')).items[0]?.attachments[0]).toMatchObject({
    titleLink: null,
    actions: [{ text: 'safe', url: 'https://example.com/' }],
  });
});

test("Slack's older form is taken", async () => {
  const body = new URLSearchParams({ payload: JSON.stringify({ text: 'by form' }) }).toString();
  expect((await post('old', body, { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(200);
  expect((await messages('channel=old')).items[0]?.title).toBe('by form');
});

test.each([
  ['nothing to show', 'a', '{}', {}, 400],
  ['empty text', 'a', '{"text":"","attachments":[{"color":"danger"}]}', {}, 400],
  ['broken JSON', 'a', '{"text":', {}, 400],
  ['an array', 'a', '[]', {}, 400],
  ['a number for text', 'a', '{"text":5}', {}, 400],
  ['attachments that are none', 'a', '{"attachments":"x"}', {}, 400],
  ['a channel in capitals', 'Alerts', '{"text":"x"}', {}, 400],
  ['a channel that climbs', '..%2F..%2Fetc', '{"text":"x"}', {}, 400],
  ['a channel too long', 'a'.repeat(81), '{"text":"x"}', {}, 400],
  ['a broken escape', '%ff', '{"text":"x"}', {}, 400],
  ['a huge body', 'a', JSON.stringify({ text: 'x'.repeat(700_000) }), {}, 413],
  ['a long text', 'a', JSON.stringify({ text: 'x'.repeat(50_000) }), {}, 400],
  ['another media type', 'a', 'text=x', { 'content-type': 'text/plain' }, 415],
  ['a form without payload', 'a', 'text=x', { 'content-type': 'application/x-www-form-urlencoded' }, 400],
  ['a browser of another site', 'a', '{"text":"x"}', { origin: 'http://evil.example' }, 403],
  ['a browser', 'a', '{"text":"x"}', { 'sec-fetch-site': 'cross-site' }, 403],
])('%s is refused', async (_, channel, body, headers, status) => {
  const before = (await messages('channel=a')).items.length;
  const answer = await post(channel, body, headers);
  expect(answer).toMatchObject({
    status,
    body: { status, title: expect.any(String), detail: expect.any(String) },
  });
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect((await messages('channel=a')).items.length).toBe(before);
});

test.each([
  'limit=0',
  'limit=201',
  'limit=x',
  'status=none',
  'cursor=x',
  'since=yesterday',
  'nonsense=1',
  'channel=a&channel=b',
  `q=${'x'.repeat(600)}`,
])('the question %s is refused', async (query) => {
  expect(await lab.get(`/api/inbox?${query}`)).toMatchObject({
    status: 400,
    body: { parameter: query.split('=')[0] },
  });
});

test('pages follow each other without a gap, and messages outlive a killed console', async () => {
  for (let index = 0; index < 7; index++) await post('paged', { text: `number ${index}` });
  await lab.restart('SIGKILL');
  const seen: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page = await messages(`channel=paged&limit=3${cursor && `&cursor=${cursor}`}`);
    seen.push(...page.items.map(({ title }) => title));
    cursor = page.nextCursor;
  }
  expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0].map((index) => `number ${index}`));
  expect((await lab.get('/api/inbox/999999')).status).toBe(404);
  expect((await lab.get('/api/inbox/x')).status).toBe(404);
});

test('messages are counted by channel and status, and channels without end share one label', async () => {
  for (let index = 0; index < 30; index++) await post(`channel-${index}`, { text: 'x' });
  const lines = (await lab.program.metrics())
    .split('\n')
    .filter((line) => line.startsWith('inbox_messages_total{'));
  expect(lines.length).toBeLessThanOrEqual(30);
  expect(lines.join('\n')).toContain('channel="other",status="other"');
});

test('100,000 messages leave the newest within the limits of number and size', () => {
  const database = new DatabaseSync(':memory:');
  database.exec(stateLayout.create);
  const inbox = new InboxTable(database, { maxMessages: 500, maxBytes: 200_000 });
  const message = {
    channel: 'a',
    receivedAt: new Date(0).toISOString(),
    status: 'other' as const,
    text: '',
    username: null,
    attachments: [],
  };
  for (let index = 0; index < 100_000; index++)
    inbox.add({ ...message, title: `message ${index}` }, `message ${index}`);
  const everything = {
    channel: undefined,
    status: undefined,
    words: [],
    sinceMs: 0,
    limit: 1000,
    before: undefined,
  };
  const kept = inbox.search(everything);
  expect(kept.items).toHaveLength(500);
  expect(kept.items[0]?.title).toBe('message 99999');
  for (let index = 0; index < 20; index++) inbox.add({ ...message, title: 'long' }, 'x'.repeat(20_000));
  const { items } = inbox.search(everything);
  expect(items.length).toBeLessThan(500);
  expect(items[0]?.title).toBe('long');
  // What is counted is what is there, over a restart too.
  new InboxTable(database, { maxMessages: 3, maxBytes: 1e9 }).add({ ...message, title: 'last' }, 'last');
  expect(inbox.search(everything).items).toHaveLength(3);
});
