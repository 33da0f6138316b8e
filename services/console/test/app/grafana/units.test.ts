// @vitest-environment happy-dom
/** Every unit, compared with Grafana's own library: thousands of texts. */
import { GRAFANA } from '@lab/testing/grafana';
import { describe, expect, it } from 'vitest';
import { UNITS } from '../../../src/app/format/units/catalog.ts';
import { formatText } from '../../../src/app/format/units.ts';

const POWERS = Array.from({ length: 25 }, (_, index) => index - 9);
const VALUES = [
  0,
  ...[0.1, 0.25, 1 / 3, 0.5, 0.999, 1.5, 9.99, 12.345, 59, 61, 90, 99.95, 123.456, 999.5, 1023, 1024, 1025],
  ...[3599, 3600, 86_399, 86_400, 90_000, 604_800, 2_592_000, 31_535_999, 31_536_000, 1_234_567.89],
  ...POWERS.flatMap((power) => [1, 2.25, 2.26, 9.995].map((digit) => digit * 10 ** power)),
];
// Beyond 8.64e15 ms there is no date.
const SIGNED = [...VALUES, ...VALUES.map((value) => -value)].filter((value) => Math.abs(value) < 8e12);
const DECIMALS = [undefined, 0, 1, 2, 5];
const CUSTOM = [
  ...['suffix:items', 'suffix: items', 'prefix:£', 'si:mW', 'si:µs', 'si:items', 'si:', 'count:jobs'],
  ...['currency:£', 'currency:financial:$', 'currency:financial:€:suffix', 'bool:up/down', 'bool:up'],
  ...['time:YYYY-MM-DD', 'time:HH:mm', 'time:ddd D MMM, h:mm a', 'widgets', 'a:b', ':x', ''],
];

describe.each(GRAFANA)('units of Grafana $version', ({ version, data }) => {
  const theirs = (value: number, unit: string, decimals: number | undefined) =>
    data.formattedValueToString(data.getValueFormat(unit)(value, decimals));
  const known = data.getValueFormats().flatMap(({ submenu }) => submenu.map(({ value }) => value));
  // The next version writes it in small letters; ours is the pinned one's.
  const compared = version === '12.4' ? known : known.filter((id) => id !== 'dBm');

  it('knows them all', () => {
    expect(known.filter((id) => !UNITS.has(id))).toEqual([]);
  });

  it.each([...compared, ...CUSTOM])('writes %s as Grafana does', (unit) => {
    const wrong: unknown[] = [];
    for (const decimals of DECIMALS)
      for (const value of SIGNED) {
        const expected = theirs(value, unit, decimals).replace(/^\d+h:?(?=Invalid date)/, '');
        const received = formatText(value, unit, decimals);
        if (received !== expected) wrong.push({ value, decimals, expected, received });
      }
    expect(wrong.slice(0, 5), `${wrong.length} of ${SIGNED.length * DECIMALS.length} differ`).toEqual([]);
  });

  it.each(compared)('writes infinities in %s as Grafana does, where those are readable', (unit) => {
    for (const value of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const [ours, expected] = [formatText(value, unit), theirs(value, unit, undefined)];
      expect(ours.replace('Invalid date', 'x')).not.toMatch(/undefined|NaN|Infinity(?!$)/);
      if (!/undefined|NaN|Infinity year|Invalid/.test(expected)) expect(ours).toBe(expected);
    }
  });
});
