import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { AcknowledgedWrites } from '../../src/load/acknowledged-writes.ts';
import { LoadCounts } from '../../src/load/counts.ts';
import { k6Engine } from '../../src/load/k6-engine.ts';
import { labPaths } from '../../src/settings/paths.ts';
import { imageLaunch } from '../../src/stack/full/k6-image.ts';

/** Runs `script` in the place of k6. */
function run(script: string, signal = new AbortController().signal) {
  const said: string[] = [];
  const counts = new LoadCounts();
  const engine = k6Engine(
    {
      version: '0',
      command: () => ({ file: process.execPath, args: ['-e', script], cwd: '.' }),
      script: 'load.ts',
      webUrl: 'http://web',
      prometheusUrl: 'http://prometheus',
    },
    [],
  );
  const started = engine.start({
    webUrl: 'http://127.0.0.1:1',
    stages: [{ seconds: 1, from: 1, to: 1 }],
    accounts: [],
    traceRatio: 0,
    counts,
    writes: new AcknowledgedWrites(),
    testId: 'x',
    progress: (line) => said.push(line),
    signal,
  });
  return { started, counts, said };
}

const REQUEST = "console.log(['R','GET','/','200','200','0.01','1795370000000',''].join('\\t'))";

describe('k6', () => {
  it('is told by its environment where web and Prometheus are, as it sees them', async () => {
    const { started, said } = run(
      "console.log('B\\n' + JSON.parse(process.env.LOAD_PLAN).webUrl + ' ' + process.env.K6_PROMETHEUS_RW_SERVER_URL)",
    );
    await (await started).done;
    expect(said).toEqual(['k6: http://web http://prometheus/api/v1/write']);
  });

  it('that finds a threshold crossed has run all the same', async () => {
    const { started, counts } = run(`${REQUEST}; process.exitCode = 99`);
    await (await started).done;
    expect(counts.total.sent).toBe(1);
  });

  it('that cannot begin is an error with its own last words', async () => {
    const { started } = run("console.error('no such scenario'); process.exitCode = 104");
    await expect(started).rejects.toThrow('k6 ended with status 104\nno such scenario');
  });

  it('that is killed in the middle is an error, though it counted until then', async () => {
    const { started, counts } = run(`console.log('B'); ${REQUEST}; process.kill(process.pid, 'SIGKILL')`);
    await expect(started.then(({ done }) => done)).rejects.toThrow(/^k6 ended/);
    expect(counts.total.sent).toBe(1);
  });

  it('is interrupted by SIGINT, and may still say what came of it', async () => {
    const ending = new AbortController();
    const { started } = run(
      "process.on('SIGINT', () => { console.log('S\\t1\\t3'); process.exit(105) }); console.log('B'); setInterval(() => {}, 1e6)",
      ending.signal,
    );
    const running = await started;
    ending.abort();
    await running.done;
    expect(running.arrivals).toMatchObject({ begun: 1, turnedAway: 3 });
  });

  it('does not drown a person in its complaints', async () => {
    const { started, said } = run("for (let i = 0; i < 500; i += 1) console.log('warning ' + i)");
    await (await started).done;
    expect(said.length).toBeLessThanOrEqual(20);
  });
});

describe('k6’s image in full mode', () => {
  const { root } = labPaths();
  const launch = imageLaunch({ root, environmentFile: '/lab/.env' });

  it('is run beside the lab’s containers, the accounts’ passwords on no command line', () => {
    const { file, args, cwd } = launch.command({ LOAD_PLAN: '{"password":"secret"}' });
    expect([file, cwd]).toEqual(['docker', root]);
    expect(args.slice(args.indexOf('run'))).toEqual([
      'run',
      '--rm',
      '--no-deps',
      '--no-TTY',
      '--env',
      'LOAD_PLAN',
      'k6',
    ]);
    expect(args.join(' ')).not.toContain('secret');
  });

  it('finds the script, web and Prometheus where compose.yaml puts them', () => {
    const { services } = parse(readFileSync(join(root, 'compose.yaml'), 'utf8'), { merge: true }) as {
      services: Record<string, { volumes?: string[]; networks?: unknown }>;
    };
    expect(services['k6']?.volumes).toContain('./loadtests:/loadtests:ro');
    expect(launch.script).toBe('/loadtests/k6/load.ts');
    for (const url of [launch.webUrl, launch.prometheusUrl])
      expect(Object.keys(services)).toContain(new URL(url).hostname);
  });
});
