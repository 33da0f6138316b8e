import type { FormattedValue } from '../../format/units.ts';

/** `spent over 10×` needs a smaller letter than a number; `up` does not. */
export function isWords({ text, suffix }: FormattedValue): boolean {
  const length = text.length + suffix.length;
  return length > 11 || (length > 6 && /^\p{L}/u.test(text));
}
