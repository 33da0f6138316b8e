/** What every way of starting a cluster is given. */
export interface StartOptions {
  progress: (line: string) => void;
  /** Ends the start at once. */
  signal: AbortSignal;
}
