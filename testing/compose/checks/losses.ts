/** Nothing that was acknowledged or logged is lost or doubled, whatever stops meanwhile: counted. */
import assert from 'node:assert/strict';
import { proveLogLines } from '../proofs/log-lines.ts';
import { proveWritesAndJobs } from '../proofs/writes-and-jobs.ts';
import { type Check, containerId, elasticsearchUrl, type Step, type Subject } from '../subject.ts';

/** Side by side: one stops what stores logs, the other kills what takes writes, and neither needs what the other stops. */
export function losses({ stack, settings, counts, options: { lines, writes } }: Subject): Step[] {
  const written: Check = {
    title: 'no acknowledged write is lost and no job done twice, with api, worker and Postgres killed',
    async run(signal) {
      const found = await proveWritesAndJobs(stack, settings, writes, signal);
      Object.assign(counts, found);
      assert.equal(found.writes_found, found.writes_acknowledged);
      assert.equal(found.jobs_done_once, found.jobs_enqueued);
    },
  };
  const logged: Check = {
    title: 'no log line is lost or doubled, with Elasticsearch and the shipper stopped in turn',
    needs: ['elasticsearch', 'fluentd'],
    async run(signal) {
      const elasticsearch = elasticsearchUrl({ settings });
      const found = await proveLogLines({ stack, api: containerId('api'), elasticsearch }, lines, signal);
      Object.assign(counts, found);
      assert.deepEqual([found.log_lines_found, found.log_lines_doubled], [found.log_lines_written, 0]);
    },
  };
  return [[writes > 0 ? [written] : [], lines > 0 ? [logged] : []]];
}
