/** Units that write the number itself in another way. */
import { fixed } from './fixed.ts';
import type { Formatter } from './formatter.ts';

/** Returns `5 items`: a space, then the unit. An empty unit adds nothing. */
export function behind(unit: string): Formatter {
  const suffix = unit === '' ? '' : ` ${unit}`;
  return (value, decimals) => ({ text: fixed(value, decimals), suffix });
}

/** Returns `£5`. */
export function before(unit: string): Formatter {
  return (value, decimals) => ({ text: fixed(value, decimals), suffix: '', prefix: unit });
}

/** @param factor 100 for shares of one. */
export function percent(factor: 1 | 100): Formatter {
  return (value, decimals) => ({ text: fixed(factor * value, decimals), suffix: '%' });
}

export function yesOrNo(yes: string, no: string): Formatter {
  return (value) => ({ text: value === 0 || Number.isNaN(value) ? no : yes, suffix: '' });
}

/** @param prefix stands behind the sign: `-0xFF`. */
export function hexadecimal(prefix: '' | '0x'): Formatter {
  return (value, decimals) => {
    const digits = Number.parseFloat(fixed(value, decimals)).toString(16).toUpperCase();
    const text = digits.startsWith('-') ? `-${prefix}${digits.slice(1)}` : `${prefix}${digits}`;
    return { text, suffix: '' };
  };
}

export const scientific: Formatter = (value, decimals) => ({
  text: value.toExponential(decimals),
  suffix: '',
});

/** Groups digits as the browser's language does. */
export const localNumber: Formatter = (value, decimals) => ({
  text: value.toLocaleString(undefined, { maximumFractionDigits: decimals }),
  suffix: '',
});

export const asItIs: Formatter = (value) => ({ text: `${value}`, suffix: '' });
