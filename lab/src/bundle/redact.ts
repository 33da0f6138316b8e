/** Takes secrets out of text, in every form in which programs write them. */
import { Buffer } from 'node:buffer';

export interface Redactor {
  redact(text: string): string;
  /** Names of the secrets that a text still holds. */
  found(text: string): string[];
}

/** @param secrets by name; empty values are no secrets. */
export function createRedactor(secrets: Readonly<Record<string, string>>): Redactor {
  const forms = Object.entries(secrets)
    .filter(([, value]) => value !== '')
    .flatMap(([name, value]) => formsOf(value).map((form) => ({ name, form })))
    // The longest first: one secret may be part of another's encoded form.
    .sort((left, right) => right.form.length - left.form.length);
  return {
    redact: (text) =>
      withoutPatterns(forms.reduce((rest, { name, form }) => rest.replaceAll(form, `<${name}>`), text)),
    found: (text) => [...new Set(forms.filter(({ form }) => text.includes(form)).map(({ name }) => name))],
  };
}

/** What looks like a secret although it is none of ours: passwords in addresses, Slack's webhooks. */
function withoutPatterns(text: string): string {
  return text
    .replaceAll(/(:\/\/[^\s:/@"']+:)[^\s:/@"']+@/g, '$1<password>@')
    .replaceAll(/https:\/\/hooks\.slack\.com\/\S+/g, '<slack webhook>');
}

/** As it is, as in a URL, as in JSON, and as base64 for a Basic or Bearer header. */
function formsOf(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1);
  return [...new Set([value, encodeURIComponent(value), json, Buffer.from(value).toString('base64')])];
}
