interface Traits<T> {
  /** Holds the value of a variable that is not set; without it the variable must be set. */
  absent?: { value: T };
  /** The value is never shown. */
  isSecret?: boolean;
}

/** Says how one environment variable is read. */
export class Setting<T> {
  /** Completes "expected …" in a complaint. */
  readonly form: string;
  readonly isSecret: boolean;
  readonly #parse: (text: string) => T | undefined;
  readonly #traits: Traits<T>;

  /** @param parse returns undefined where the text has not the form. */
  constructor(form: string, parse: (text: string) => T | undefined, traits: Traits<T> = {}) {
    this.form = form;
    this.isSecret = traits.isSecret ?? false;
    this.#parse = parse;
    this.#traits = traits;
  }

  /** Makes the variable one that may be left out. */
  or<const D>(value: D): Setting<T | D> {
    return new Setting<T | D>(this.form, this.#parse, { isSecret: this.isSecret, absent: { value } });
  }

  optional(): Setting<T | undefined> {
    return this.or(undefined);
  }

  secret(): Setting<T> {
    return new Setting(this.form, this.#parse, { ...this.#traits, isSecret: true });
  }

  /** Returns the value in a box, or undefined where the variable is missing or has not the form. */
  read(text: string | undefined): { value: T } | undefined {
    if (text === undefined) return this.#traits.absent;
    const value = this.#parse(text);
    return value === undefined ? undefined : { value };
  }
}
