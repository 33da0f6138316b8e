/** Characters that change the direction of what follows, or that nobody sees: Unicode's bidirectional controls, zero widths, C0 and C1. */
const HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to show
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;

/**
 * Shows what a text hides: the control U+202E, which turns what follows around, becomes the six characters `\\u202e`. For text
 * that came from outside; line breaks and tabs stay.
 */
export function visible(text: string): string {
  return text.replace(HIDDEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
