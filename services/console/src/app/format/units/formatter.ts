/** A value ready to show: its number, and what stands before and after it. */
export interface FormattedValue {
  text: string;
  /** With its leading space where the unit wants one; empty for plain numbers. */
  suffix: string;
  prefix?: string;
}

/** Writes a value in one unit. @param decimals undefined lets the unit choose. */
export type Formatter = (value: number, decimals: number | undefined) => FormattedValue;
