/** What `doctor` finds: one fact, whether it is in the way, and its cure. */
export interface Finding {
  what: string;
  /** `good`; `note`: something works less well; `bad`: the lab does not start in any mode. */
  verdict: 'good' | 'note' | 'bad';
  detail: string;
  /** What to do; only where the verdict is not good. */
  cure?: string;
}

export const good = (what: string, detail: string): Finding => ({ what, verdict: 'good', detail });
export const note = (what: string, detail: string, cure: string): Finding => ({
  what,
  verdict: 'note',
  detail,
  cure,
});
export const bad = (what: string, detail: string, cure: string): Finding => ({
  what,
  verdict: 'bad',
  detail,
  cure,
});
