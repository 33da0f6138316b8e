import { type ReactNode, type Ref, useId } from 'react';
import type { Tone } from './tone.ts';

/** A word on a coloured ground. */
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

interface PageHeaderProps {
  title: string;
  /** An app that moves the focus to the headline needs it. */
  titleRef?: Ref<HTMLHeadingElement>;
  lead?: ReactNode;
  children?: ReactNode;
}

/** Headline of a page with what can be done on it. */
export function PageHeader({ title, titleRef, lead, children }: PageHeaderProps) {
  return (
    <header className="page-header">
      <div className="page-title">
        <h1 {...(titleRef ? { ref: titleRef, tabIndex: -1 } : {})}>{title}</h1>
        {lead !== undefined && <p className="page-lead">{lead}</p>}
      </div>
      {children !== undefined && <div className="page-actions row">{children}</div>}
    </header>
  );
}
