/** Units whose numbers are divided until they are short: SI and binary prefixes, counts, currencies. */
import { clamp } from '../number.ts';
import { fixed, infinite } from './fixed.ts';
import type { Formatter } from './formatter.ts';

const SI = ['f', 'p', 'n', 'µ', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];
const SI_BASE = SI.indexOf('');
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei', 'Zi', 'Yi'];
const THOUSANDS = ['', 'K', 'M', 'B', 'T'];

/**
 * Divides by a power of `factor` and appends that power's suffix.
 * @param base index of the suffix in which the value comes.
 */
export function scaled(factor: number, suffixes: readonly string[], base = 0): Formatter {
  return (value, decimals) => {
    if (!Number.isFinite(value)) return { text: infinite(value), suffix: '' };
    const wanted = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)) / Math.log10(factor));
    const power = clamp(wanted, -base, suffixes.length - base - 1);
    return { text: fixed(value / factor ** power, decimals), suffix: suffixes[base + power] ?? '' };
  };
}

/** Returns `1.50 kB`. @param offset the prefix that the value already has, counted from none: 1 is `k`, -1 is `m`. */
export function si(unit: string, offset = 0): Formatter {
  return scaled(
    1000,
    SI.map((prefix) => ` ${prefix}${unit}`),
    SI_BASE + offset,
  );
}

/** Returns `3 MiB/s`. @param offset as in {@link si}: 1 is `Ki`. */
export function binary(unit: string, offset = 0): Formatter {
  return scaled(
    1024,
    BINARY.map((prefix) => ` ${prefix}${unit}`),
    offset,
  );
}

/** Returns `1.50K req/s`. An infinite value keeps the unit; Grafana writes `∞undefined req/s` (findings/grafana-counts-infinity-as-undefined.sh). */
export function counted(unit: string): Formatter {
  const scale = scaled(1000, THOUSANDS);
  return (value, decimals) => {
    const { text, suffix } = scale(value, decimals);
    return { text, suffix: `${suffix} ${unit}` };
  };
}

/** Returns `-$1.50K`, or `1.50Kkr` for a symbol that stands behind. */
export function currency(symbol: string, behind = false): Formatter {
  const scale = scaled(1000, THOUSANDS);
  return (value, decimals) => {
    const { text, suffix } = scale(Math.abs(value), decimals);
    const sign = value < 0 ? '-' : '';
    return behind
      ? { text, suffix: Number.isFinite(value) ? `${suffix}${symbol}` : '', prefix: sign }
      : { text, suffix, prefix: `${sign}${symbol}` };
  };
}

/** Returns `1,234.5 €` or `€1,234.5`: a whole amount, as the browser's language groups digits. */
export function fullCurrency(symbol: string, behind: boolean): Formatter {
  return (value, decimals) => {
    const text = new Intl.NumberFormat(undefined, {
      minimumFractionDigits: decimals ?? 0,
      maximumFractionDigits: decimals ?? 1,
    }).format(value);
    return behind ? { text, suffix: symbol } : { text, suffix: '', prefix: symbol };
  };
}

/** Reads `mW` as watts that come in thousandths (`si:mW` in a dashboard). */
export function customSi(text: string): Formatter {
  const index = SI.findIndex((prefix) => prefix.normalize('NFKD') === text.charAt(0).normalize('NFKD'));
  const offset = text === '' || index < 0 ? 0 : index - SI_BASE;
  return offset === 0 ? si(text) : si(text.slice(1), offset);
}
