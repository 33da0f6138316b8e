import { expect, test } from 'vitest';
import { standingProgress } from '../src/cli/standing-line.ts';

function recorded(isTTY: boolean, columns = 40) {
  const lines: string[] = [];
  const written: string[] = [];
  const stream = { isTTY, columns, write: (text: string) => written.push(text) > 0 };
  const progress = standingProgress((line) => lines.push(line), stream as unknown as NodeJS.WriteStream);
  return { ...progress, lines, written };
}

test('on a terminal a wait is one line that changes and goes when something else is said', () => {
  const { say, stands, lines, written } = recorded(true);
  stands('waiting for one');
  stands('waiting for one');
  stands('waiting for two');
  say('done');
  say('again');
  expect(written).toEqual(['\r\u001b[Kwaiting for one', '\r\u001b[Kwaiting for two', '\r\u001b[K']);
  expect(lines).toEqual(['done', 'again']);
});

test('on a terminal a wait never wraps: a line that wraps could not be taken back', () => {
  const { stands, written } = recorded(true, 10);
  stands('waiting for something long');
  expect(written).toEqual(['\r\u001b[Kwaiting f']);
});

test('in a log a wait is a line whenever it says something else, not each second', () => {
  const { stands, end, lines, written } = recorded(false);
  stands('00:01 waiting for one');
  stands('00:01 waiting for one');
  stands('00:02 waiting for one');
  stands('00:03 waiting for two');
  end();
  expect(lines).toEqual(['00:01 waiting for one', '00:03 waiting for two']);
  expect(written).toEqual([]);
});
