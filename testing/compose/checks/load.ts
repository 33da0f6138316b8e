/** Load on the containers: k6 from its image, and an ordinary day for as long as was asked. */
import assert from 'node:assert/strict';
import { readObjectives } from '@lab/prometheus';
import { formatDuration } from '../../../lab/src/cli/output.ts';
import { readBackWrites } from '../../../lab/src/load/acknowledged-writes.ts';
import { LoadCounts } from '../../../lab/src/load/counts.ts';
import { k6Engine } from '../../../lab/src/load/k6-engine.ts';
import { openPool } from '../../../lab/src/load/people.ts';
import { planOf, readProfiles } from '../../../lab/src/load/profiles.ts';
import { runProfile } from '../../../lab/src/load/run-profile.ts';
import { Sender } from '../../../lab/src/load/sender.ts';
import { startLoad } from '../../../lab/src/load/start-load.ts';
import { judge, judgedObjectives, thresholdsOf } from '../../../lab/src/load/verdict.ts';
import { query } from '../../../lab/src/readiness/prometheus-client.ts';
import { imageLaunch } from '../../../lab/src/stack/full/k6-image.ts';
import { until } from '../../../lab/src/wait.ts';
import { memoryTable, watchMemory } from '../proofs/memory.ts';
import { watchOutOfMemory } from '../proofs/out-of-memory.ts';
import { SLOW, type Step, type Subject } from '../subject.ts';

export function k6({ stack, paths, counts, say }: Subject): Step[] {
  return [
    {
      title: 'k6 in its image walks the journeys, and Prometheus holds by remote write what it sent',
      async run(signal) {
        const plan = planOf(readProfiles(), { profile: 'smoke' });
        assert('stages' in plan);
        const sender = new Sender({ webUrl: stack.addresses.web, timeoutMs: 15_000, traceRatio: 0 });
        const accounts = await openPool(sender, plan.accounts, signal).finally(() => sender.close());
        const { requests, testId } = await runProfile(
          {
            stack,
            engine: k6Engine(imageLaunch(paths), judgedObjectives(readObjectives())),
            accounts,
            browser: false,
            environment: process.env,
            progress: (line) => say(`        ${line}`),
            signal,
          },
          plan,
        );
        assert.ok(requests.sent > 0);
        assert.deepEqual([requests.serverErrors, requests.unanswered], [0, 0]);
        counts['k6_requests_sent'] = requests.sent;
        // Its series end with it, so the moment after is too late for the last value.
        const total = `sum(max_over_time(k6_http_reqs_total{testid="${testId}"}[10m]))`;
        let written = 0;
        await until(
          'the requests of k6 in Prometheus',
          async (bounded) => {
            written = (await query(stack.addresses.prometheus, total, bounded))[0]?.value ?? 0;
            return written >= requests.sent;
          },
          { ...SLOW, signal },
        );
        counts['k6_requests_by_remote_write'] = written;
        assert.equal(written, requests.sent);
      },
    },
  ];
}

/** @param milliseconds of the profile `average` at its full rate. */
export function soak(
  { stack, say }: Subject,
  milliseconds: number,
  report: (figures: Record<string, number>) => Promise<void>,
): Step[] {
  const { profiles, accounts, traceRatio } = readProfiles();
  const rate = profiles['average']?.rate ?? 0;
  return [
    {
      title: `${formatDuration(milliseconds)} of an ordinary day (${rate} requests a second): no container comes to its memory limit`,
      async run(signal) {
        const objectives = judgedObjectives(readObjectives());
        await using memory = watchMemory(stack);
        await using outOfMemory = watchOutOfMemory();
        const load = await startLoad({
          webUrl: stack.addresses.web,
          rate,
          signal,
          accounts,
          traceRatio,
          counts: new LoadCounts(thresholdsOf(objectives)),
        });
        const over = performance.now() + milliseconds;
        await until('the soak to be over', () => performance.now() >= over, {
          deadlineMs: milliseconds + 60_000,
          everyMs: 1_000,
          signal,
        });
        const { counts, writes } = await load.stop();
        const peaks = await memory.stop();
        const killed = await outOfMemory.stop();
        const { lost } = await readBackWrites(writes, { webUrl: stack.addresses.web, signal });
        const { sent, serverErrors, unanswered, p95Seconds, api } = counts.total;
        for (const line of memoryTable(peaks)) say(`        ${line}`);
        const kept = judge(objectives, api);
        for (const { title, promised, measured } of kept)
          say(`        ${title}: ${((measured ?? 0) * 100).toFixed(3)} %, promised ${promised * 100} %`);
        await report({
          soak_minutes: Math.round(milliseconds / 6_000) / 10,
          soak_rate: rate,
          soak_requests: sent,
          soak_requests_failed: serverErrors + unanswered,
          soak_p95_ms: Math.round(p95Seconds * 1000),
          soak_writes_acknowledged: writes.count,
          soak_writes_lost: lost.length,
          soak_oom_kills: killed.length,
          soak_memory_percent_max: Math.max(...peaks.map(({ percent }) => percent)),
          ...Object.fromEntries(
            peaks.flatMap(({ part, peakMb, limitMb, percent }) => [
              [`peak_mb_${part}`, peakMb],
              [`limit_mb_${part}`, limitMb],
              [`percent_${part}`, percent],
            ]),
          ),
        });
        assert.deepEqual(killed, [], 'killed for memory');
        assert.deepEqual(lost, [], 'acknowledged writes that are gone');
        assert.ok(kept[0]?.kept, `${kept[0]?.title}: ${kept[0]?.measured}, promised ${kept[0]?.promised}`);
      },
    },
  ];
}
