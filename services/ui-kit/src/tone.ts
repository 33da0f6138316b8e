/** The meaning of a colour; the same words as the `tone-…` classes of `styles/controls.css`. */
export type Tone = 'ok' | 'warning' | 'critical' | 'info' | 'unknown' | 'neutral' | 'accent';
