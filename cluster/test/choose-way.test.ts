import { expect, it } from 'vitest';
import { chooseWay, type Probe } from '../src/choose-way.ts';

/** A machine on which these commands work; each says its own words. */
function machine(working: Record<string, string>): { probe: Probe; asked: string[] } {
  const asked: string[] = [];
  const probe: Probe = async (...words) => {
    asked.push(words.join(' '));
    return Object.entries(working).find(([start]) => words.join(' ').startsWith(start))?.[1];
  };
  return { probe, asked };
}

const KIND = { 'kind version': 'kind v0.32.0', 'kubectl version': 'v1.37.2', 'docker version': '28.0.1' };

it('takes packages without asking Docker where there is no kind', async () => {
  const { probe, asked } = machine({ 'docker version': '28.0.1' });
  expect(await chooseWay(probe)).toEqual({
    way: 'packages',
    because: 'from packages, because kind is not installed',
  });
  expect(asked).toEqual(['kind version']);
});

it.each([
  ['kubectl is missing', { ...KIND, 'kubectl version': undefined }, 'kubectl beside it'],
  ['Docker does not answer', { ...KIND, 'docker version': undefined }, 'a running Docker'],
  ['the registry does not answer', { ...KIND, 'docker image': '' }, 'does not reach the registry'],
])('takes packages where kind is there and %s', async (_, working, reason) => {
  const there = Object.entries(working).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const decision = await chooseWay(machine(Object.fromEntries(there)).probe);
  expect(decision.way).toBe('packages');
  expect(decision.because).toContain(reason);
});

it('takes kind where its node image is here, without asking the registry', async () => {
  const { probe, asked } = machine({ ...KIND, 'docker image list': 'sha256:1' });
  expect((await chooseWay(probe)).way).toBe('kind');
  expect(asked.some((words) => words.startsWith('docker manifest'))).toBe(false);
});

it('takes kind where its node image can be pulled', async () => {
  const { probe } = machine({ ...KIND, 'docker image list': '', 'docker manifest inspect': '{}' });
  expect(await chooseWay(probe)).toEqual({
    way: 'kind',
    because: 'with kind, whose node image can be pulled',
  });
});
