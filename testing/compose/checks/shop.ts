/**
 * A service that is not ours, added to a copy of the checkout by its block in compose.yaml and its folder
 * (testing/src/e2e/add-shop.ts), is watched like the others. The lab under test stops meanwhile: beside it the copy's experiment
 * would have too little of the machine.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { query, runCommand, until } from '@lab/cli';
import { ROOT } from '@lab/manifest';
import { z } from 'zod';
import { addShop } from '../../src/e2e/add-shop.ts';
import { copyCheckout } from '../../src/e2e/fresh-copy.ts';
import { obtain } from '../images.ts';
import { checkRules } from '../proofs/rules.ts';
import { assertNothingLeft, type SecondLab, startSecondLab } from '../second-lab.ts';
import { SLOW, type Step, type Subject } from '../subject.ts';
import { lastReport } from './experiments.ts';

const DOCKERFILE = join(ROOT, 'testing/fixtures/shop/Dockerfile');

const statusSchema = z.object({ parts: z.array(z.object({ name: z.string(), state: z.string() })) });
const overviewSchema = z.object({
  parts: z.array(z.object({ name: z.string(), title: z.string().nullable(), state: z.string() })),
});
const rulesSchema = z.object({
  data: z.object({
    groups: z.array(z.object({ rules: z.array(z.object({ name: z.string(), query: z.string() })) })),
  }),
});
const linesSchema = z.object({
  hits: z.object({
    hits: z.array(
      z.object({ _source: z.object({ message: z.string(), 'trace.id': z.string().optional() }) }),
    ),
  }),
});
const tracesSchema = z.object({
  data: z.array(z.object({ spans: z.array(z.object({ operationName: z.string() })) })),
});

export function shop({ stack, counts, options: { patience }, releases, say }: Subject): Step[] {
  const opened = new AsyncDisposableStack();
  let started: SecondLab | undefined;
  const lab = () => {
    assert(started, 'the copy of the checkout was not started');
    return started;
  };
  const needs = ['elasticsearch', 'fluentd', 'jaeger'];
  return [
    {
      title: 'a copy of the checkout starts with a service of one’s own, added by its block and its folder',
      needs,
      async run(signal) {
        releases.use(opened);
        const [, base = ''] = /^ARG \w+_IMAGE=(\S+)$/m.exec(readFileSync(DOCKERFILE, 'utf8')) ?? [];
        await obtain([base], say);
        await stack.stop(() => undefined);
        const copy = opened.use(await copyCheckout());
        await addShop(copy.path);
        started = opened.use(await startSecondLab('c', { signal, root: copy.path }));
        const { parts } = statusSchema.parse(JSON.parse((await started.run('status', '--json')).stdout));
        assert.equal(parts.find(({ name }) => name === 'shop')?.state, 'ready');
        assert.deepEqual(
          parts.map(({ name }) => name).toSorted(),
          [...stack.parts, 'shop'].toSorted(),
          'parts of the copy',
        );
      },
    },
    {
      title: 'it is scraped, and its Down alert is loaded, whose rule test passes',
      needs,
      async run(signal) {
        const { paths } = lab();
        const prometheus = at(lab(), 'PROMETHEUS_PORT');
        const up = 'up{job="shop",instance="shop:9500"} == 1';
        await until('the shop to be scraped', async (b) => (await query(prometheus, up, b)).length === 1, {
          ...SLOW,
          signal,
        });
        const { data } = rulesSchema.parse(await answer(`${prometheus}/api/v1/rules?type=alert`, signal));
        const rule = data.groups.flatMap(({ rules }) => rules).find(({ name }) => name === 'ShopDown');
        assert.match(rule?.query ?? 'no such rule', /up\{job="shop"\}/);
        await runCommand(process.execPath, ['prometheus/src/generate.ts'], { cwd: paths.root, signal });
        const testsOf = 'parts.test.yml';
        assert.match(
          readFileSync(join(paths.root, 'prometheus/tests', testsOf), 'utf8'),
          /alertname: ShopDown/,
        );
        await checkRules(signal, { root: paths.root, testsOf });
      },
    },
    {
      title: "it is on the console's overview",
      needs,
      async run(signal) {
        const url = `${at(lab(), 'CONSOLE_PORT')}/api/overview`;
        const seen = await until(
          'the shop to be up on the overview',
          async (bounded) =>
            overviewSchema
              .parse(await answer(url, bounded))
              .parts.find(({ name, state }) => name === 'shop' && state === 'up'),
          { ...SLOW, signal },
        );
        assert.equal(seen.title, 'Shop');
      },
    },
    {
      title: 'its log line is in Elasticsearch, and its span in Jaeger',
      needs,
      async run(signal) {
        const asked = new URLSearchParams({ q: 'service.name:shop', size: '10' });
        const lines = `${at(lab(), 'ELASTICSEARCH_PORT')}/logs-taskmanager-default*/_search?${asked}`;
        const { _source: line } = await until(
          'the line of its start',
          async (bounded) =>
            linesSchema
              .parse(await answer(lines, bounded))
              .hits.hits.find(({ _source }) => _source.message === 'the shop is open'),
          { ...SLOW, signal },
        );
        const traceId = line['trace.id'] ?? '';
        const trace = `${at(lab(), 'JAEGER_PORT')}/api/traces/${traceId}`;
        const { spans } = await until(
          'the span of its start',
          async (bounded) => tracesSchema.parse(await answer(trace, bounded)).data[0],
          { ...SLOW, signal },
        );
        assert.deepEqual(
          spans.map(({ operationName }) => operationName),
          ['open the shop'],
        );
      },
    },
    {
      title: 'an experiment of ten lines stops it, and is kept',
      needs,
      async run(signal) {
        const limits = patience === undefined ? [] : ['--patience', patience];
        const { code, stdout } = await lab().run('chaos', '--experiment', 'shop-stopped', ...limits);
        for (const row of stdout.trimEnd().split('\n')) say(`        ${row}`);
        signal.throwIfAborted();
        assert.equal(code, 0, '`lab chaos --experiment shop-stopped`');
        const { verdicts } = lastReport(join(lab().paths.reports, 'chaos'));
        assert.deepEqual(verdicts, [{ name: 'shop-stopped', verdict: 'kept', fired: ['ShopDown'] }]);
        counts['services_of_ones_own'] = 1;
      },
    },
    {
      title: 'the copy goes and leaves nothing, and the lab under test is there again',
      needs,
      async run(signal) {
        await opened.disposeAsync();
        if (started) assertNothingLeft(started.project);
        await stack.start({ progress: () => undefined, signal });
      },
    },
  ];
}

function at({ settings: { ports } }: SecondLab, name: string): string {
  return `http://127.0.0.1:${ports[name]}`;
}

async function answer(url: string, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(url, { signal });
  assert.equal(response.status, 200, url);
  return response.json();
}
