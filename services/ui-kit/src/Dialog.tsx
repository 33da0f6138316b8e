import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import { IconButton } from './buttons.tsx';

interface DialogProps {
  title: string;
  /** Called on Escape and by the close button. The owner takes the dialog away. */
  onClose: () => void;
  children: ReactNode;
  /** An `alertdialog` is a question that needs an answer, not a form. */
  role?: 'dialog' | 'alertdialog';
  wide?: boolean;
  /** A click outside closes the dialog, too. */
  closesOutside?: boolean;
}

const FIRST_CONTROL = '.dialog-body :is(input:not([hidden]), button)';

/**
 * A modal dialog on the browser's own `<dialog>`: it keeps the focus inside, closes on Escape and gives the focus
 * back where it was.
 */
export function Dialog({
  title,
  onClose,
  children,
  role = 'dialog',
  wide = false,
  closesOutside = false,
}: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  // A layout effect: its cleanup still finds the element in the document.
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    // Not on "Close", which comes first, but where the user goes on: where the content says, else at its first control.
    const start = dialog?.querySelector<HTMLElement>('[data-initial-focus]');
    (start ?? dialog?.querySelector<HTMLElement>(FIRST_CONTROL))?.focus();
    // Only `close` restores the focus; an element that is merely removed does not.
    return () => dialog?.close();
  }, []);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the click outside is an addition to Escape and the close button
    <dialog
      ref={ref}
      className={wide ? 'dialog dialog-wide' : 'dialog'}
      role={role}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      // Browsers insist on closing at a second Escape. An event of our own `close` finds it open again, or gone.
      onClose={(event) => event.target === ref.current && !ref.current.open && onClose()}
      onClick={(event) => closesOutside && event.target === ref.current && onClose()}
    >
      <header className="dialog-head">
        <h2 id={titleId}>{title}</h2>
        <IconButton icon="close" label="Close" onClick={onClose} />
      </header>
      <div className="dialog-body">{children}</div>
    </dialog>
  );
}
