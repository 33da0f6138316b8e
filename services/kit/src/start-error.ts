/** Keeps a program from starting, for a reason outside of it. The message tells a person what to do; no stack is shown. */
export class StartError extends Error {
  override name = 'StartError';
  /** Exit status of the program. */
  readonly exitCode: 1 | 2 = 1;

  /** Returns the error itself where it is a StartError, else one of this class with its message. */
  static from(error: unknown): StartError {
    if (error instanceof StartError) return error;
    return new this(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** A setting is wrong. The message has one line for each complaint. */
export class ConfigError extends StartError {
  override name = 'ConfigError';
  override readonly exitCode = 2;
}
