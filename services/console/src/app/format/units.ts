/** Values as Grafana writes them: its unit ids (`s`, `reqps`, `bytes`, `percentunit`, …) to a number and its suffix. */
import { before, behind, yesOrNo } from './units/arithmetic.ts';
import { UNITS } from './units/catalog.ts';
import type { FormattedValue, Formatter } from './units/formatter.ts';
import { momentBy } from './units/moments.ts';
import { counted, currency, customSi, fullCurrency } from './units/scaled.ts';

export type { FormattedValue } from './units/formatter.ts';

const plain = behind('');

/** Reads `suffix:items`, `prefix:£`, `si:mW`, `count:jobs`, `currency:£`, `time:HH:mm`, `bool:up/down`. */
function customUnit(unit: string): Formatter | undefined {
  const colon = unit.indexOf(':');
  if (colon <= 0) return undefined;
  const [kind, rest] = [unit.slice(0, colon), unit.slice(colon + 1)];
  switch (kind) {
    case 'suffix':
      return behind(rest);
    case 'prefix':
      return before(rest);
    case 'si':
      return customSi(rest);
    case 'count':
      return counted(rest);
    case 'time':
      return momentBy(rest);
    case 'currency':
      return customCurrency(rest);
    case 'bool': {
      const [yes = '', no] = rest.split(/\/(.*)/s);
      return no === undefined ? yesOrNo(rest, '-') : yesOrNo(yes, no);
    }
    default:
      return undefined;
  }
}

/** `£` shortens thousands; `financial:£` and `financial:£:suffix` write whole amounts. */
function customCurrency(rest: string): Formatter {
  const [kind, symbol, place] = rest.split(':');
  if (kind !== 'financial' || symbol === undefined) return currency(rest);
  return symbol === '' ? plain : fullCurrency(symbol, place === 'suffix');
}

/**
 * Writes a value in a unit.
 * @param unit a Grafana unit id; an id that Grafana does not know stands behind the number, as it does there.
 * @param decimals undefined lets the unit choose.
 */
export function formatValue(
  value: number,
  unit: string | undefined,
  decimals?: number | undefined,
): FormattedValue {
  if (unit === undefined || unit === '') return plain(value, decimals);
  return (UNITS.get(unit) ?? customUnit(unit) ?? behind(unit))(value, decimals);
}

/** Returns the same in one string, for axes, tooltips and tables. */
export function formatText(value: number, unit: string | undefined, decimals?: number | undefined): string {
  const { prefix = '', text, suffix } = formatValue(value, unit, decimals);
  return `${prefix}${text}${suffix}`;
}
