import { type ReactNode, useEffect, useId, useRef } from 'react';
import { NavLink } from 'react-router';
import { Icon } from './Icon.tsx';
import type { Tone } from './tone.ts';

export function Badge({ tone = 'neutral', children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`badge tone-${tone}`}>{children}</span>;
}

/** A state as a dot and a word: colour alone says nothing to many. */
export function Dot({ tone, label }: { tone: Tone; label: string }) {
  return (
    <span className={`dot-label tone-${tone}`}>
      <span className="dot" aria-hidden="true" />
      {label}
    </span>
  );
}

/** Pages within a page, as links, so that each has an address. */
export function Tabs({ label, items }: { label: string; items: readonly { to: string; text: ReactNode }[] }) {
  return (
    <nav className="tabs" aria-label={label}>
      {items.map(({ to, text }) => (
        <NavLink key={to} to={to} end className="tab">
          {text}
        </NavLink>
      ))}
    </nav>
  );
}

interface SegmentsProps<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; text: ReactNode }[];
  onChange: (value: T) => void;
}

/** A choice of few, all visible. */
export function Segments<T extends string>({ label, value, options, onChange }: SegmentsProps<T>) {
  const name = useId();
  return (
    <fieldset className="segments">
      <legend className="visually-hidden">{label}</legend>
      {options.map((option) => (
        <label key={option.value} className="segment">
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          <span>{option.text}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  wide?: boolean;
}

/** The browser's own modal dialog: traps focus, closes by Escape and by a click outside. */
export function Dialog({ title, onClose, children, wide = false }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>('[data-first]')?.focus();
    return () => dialog?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the click outside is an addition to Escape and the close button
    <dialog
      ref={element}
      className={wide ? 'dialog dialog-wide' : 'dialog'}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === element.current) onClose();
      }}
    >
      <header className="dialog-header">
        <h2 id={heading}>{title}</h2>
        <button type="button" className="icon-button" onClick={onClose} aria-label="Close">
          <Icon name="close" />
        </button>
      </header>
      <div className="dialog-body">{children}</div>
    </dialog>
  );
}

/** Name and value pairs as small chips; values come from telemetry and are text only. */
export function LabelChips({
  labels,
  hide = [],
}: {
  labels: Readonly<Record<string, string>>;
  hide?: readonly string[];
}) {
  const shown = Object.entries(labels).filter(([name]) => !hide.includes(name));
  return (
    <ul className="chips">
      {shown.map(([name, value]) => (
        <li key={name} className="chip">
          <span className="chip-name">{name}</span>
          <span className="chip-value">{value}</span>
        </li>
      ))}
    </ul>
  );
}

/** Headline of a page with what can be done on it. */
export function PageHeader({
  title,
  lead,
  children,
}: {
  title: string;
  lead?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <header className="page-header">
      <div className="page-title">
        <h1>{title}</h1>
        {lead !== undefined && <p className="page-lead">{lead}</p>}
      </div>
      {children !== undefined && <div className="page-actions">{children}</div>}
    </header>
  );
}
