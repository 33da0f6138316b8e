import 'react';

declare module 'react' {
  /** Custom properties are how components hand numbers and colours to their style sheet. */
  interface CSSProperties {
    [name: `--${string}`]: string | number | undefined;
  }
}
