import { expect, test } from 'vitest';
import { createPasswords } from '../src/users/passwords.ts';

test('a password is verified against its own hash only, and nobody has the one that stands in for no account', async () => {
  const passwords = createPasswords();
  const hash = await passwords.hash('correct horse battery');
  expect(await passwords.verify(hash, 'correct horse battery')).toBe(true);
  expect(await passwords.verify(hash, 'correct horse batterz')).toBe(false);
  expect(await passwords.verify(undefined, 'not the password of anybody')).toBe(false);
  expect(await passwords.hash('correct horse battery')).not.toBe(hash);
});

test('a flood of logins is sent away instead of piling up, and those before it are served', async () => {
  const passwords = createPasswords({ maxWaiting: 3 });
  const hash = await passwords.hash('correct horse battery');
  await passwords.verify(undefined, 'makes sure that the stand-in is there');
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, () => passwords.verify(hash, 'correct horse battery')),
  );
  const refused = outcomes.filter(({ status }) => status === 'rejected');
  // Two at once and three waiting.
  expect(refused).toHaveLength(15);
  expect(refused[0]).toMatchObject({ reason: { code: 'unavailable', headers: { 'retry-after': '1' } } });
  expect(await passwords.verify(hash, 'correct horse battery')).toBe(true);
});
