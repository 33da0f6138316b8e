import { Fragment } from 'react';

/** `messaging.operation.name`: where it does not fit, it breaks behind a dot, not inside a word. */
export function DottedName({ name }: { name: string }) {
  return name.split(/(?<=[._/])/).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of a name never change places
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}
