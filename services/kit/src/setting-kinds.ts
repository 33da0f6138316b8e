/** The kinds of settings that services have. Each says its form in the words of a complaint. */
import { Setting } from './setting.ts';

/** Takes any text. @param form such as `a path`. */
export function text(form: string): Setting<string> {
  return new Setting(form, (given) => given);
}

/** Takes a secret of at least that many characters. */
export function secret(characters: number): Setting<string> {
  return new Setting(`at least ${characters} characters`, (given) =>
    given.length >= characters ? given : undefined,
  ).secret();
}

export function oneOf<const V extends string>(values: readonly V[]): Setting<V> {
  return new Setting(`one of ${values.join(', ')}`, (given) => values.find((value) => value === given));
}

export const flag: Setting<boolean> = new Setting('true or false', (given) =>
  given === 'true' ? true : given === 'false' ? false : undefined,
);

/** @param unit begins the form: `a whole number`, `seconds`. */
export function wholeNumber(min: number, max: number, unit = 'a whole number'): Setting<number> {
  return new Setting(`${unit} from ${min} to ${max}`, (given) => inRange(/^\d{1,15}$/, given, min, max));
}

/** Takes a decimal number. @param unit begins the form. */
export function number(min: number, max: number, unit = 'a number'): Setting<number> {
  return new Setting(`${unit} from ${min} to ${max}`, (given) =>
    inRange(/^\d*\.?\d+(e-?\d+)?$/i, given, min, max),
  );
}

export const port = wholeNumber(0, 65_535);

/** Takes an http(s) URL, and keeps its text as it is. @param hint follows the form. */
export function httpUrl(hint: string): Setting<string> {
  return new Setting(`a base URL such as ${hint}`, (given) =>
    /^https?:$/.test(URL.parse(given)?.protocol ?? '') ? given : undefined,
  );
}

/** Takes the URL of a Postgres database. Holds a password, so it is a secret. */
export const postgresUrl: Setting<string> = new Setting(
  'a URL of the form postgres://user:password@host:port/database',
  (given) => {
    const { protocol = '', hostname = '', pathname = '' } = URL.parse(given) ?? {};
    return /^postgres(ql)?:$/.test(protocol) && hostname !== '' && pathname.length > 1 ? given : undefined;
  },
).secret();

function inRange(form: RegExp, given: string, min: number, max: number): number | undefined {
  const value = form.test(given) ? Number(given) : Number.NaN;
  return value >= min && value <= max ? value : undefined;
}
