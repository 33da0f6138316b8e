import { Button, Icon } from '@lab/ui-kit';
import { useId, useRef } from 'react';
import { usePopover } from '../ui/use-popover.ts';
import { ALL } from './model/variables.ts';
import type { VariableState } from './use-variables.ts';

interface Props {
  states: readonly VariableState[];
  onChoose: (name: string, values: readonly string[]) => void;
}

/** The dashboard's variables above its panels. */
export function VariableBar({ states, onChoose }: Props) {
  const shown = states.filter(({ variable }) => !variable.hidden);
  if (shown.length === 0) return null;
  return (
    <div className="variables">
      {shown.map((state) => (
        <VariableField
          key={state.variable.name}
          state={state}
          onChoose={(values) => onChoose(state.variable.name, values)}
        />
      ))}
    </div>
  );
}

function VariableField({ state, onChoose }: { state: VariableState; onChoose: (values: string[]) => void }) {
  const { variable, options, chosen } = state;
  const id = useId();
  if (variable.type === 'unsupported')
    return (
      <span className="variable">
        <span className="variable-label note">{variable.label}</span>
        <span className="variable-unsupported note">
          variables of type “{variable.kind}” cannot be shown here
        </span>
      </span>
    );
  if (variable.multi) return <MultiField state={state} onChoose={onChoose} />;
  return (
    <span className="variable">
      <label className="variable-label note" htmlFor={id}>
        {variable.label}
      </label>
      {variable.type === 'textbox' ? (
        <input
          id={id}
          defaultValue={chosen[0] ?? ''}
          onBlur={(event) => onChoose([event.target.value])}
          onKeyDown={(event) => {
            if (event.key === 'Enter') onChoose([event.currentTarget.value]);
          }}
        />
      ) : (
        <select id={id} value={chosen[0] ?? ''} onChange={(event) => onChoose([event.target.value])}>
          {variable.includeAll && <option value={ALL}>All</option>}
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.text}
            </option>
          ))}
          {options.length === 0 && <option value="">none found</option>}
        </select>
      )}
    </span>
  );
}

function MultiField({ state, onChoose }: { state: VariableState; onChoose: (values: string[]) => void }) {
  const { variable, options, chosen } = state;
  const box = useRef<HTMLSpanElement>(null);
  const [open, setOpen] = usePopover(box);
  const all = chosen.includes(ALL);
  const summary = all ? 'All' : chosen.join(' + ') || 'none';
  const toggle = (value: string, on: boolean) => {
    const rest = chosen.filter((entry) => entry !== ALL && entry !== value);
    const next = on ? [...rest, value] : rest;
    onChoose(next.length === 0 && variable.includeAll ? [ALL] : next);
  };
  return (
    <span className="variable" ref={box}>
      <span className="variable-label note" aria-hidden="true">
        {variable.label}
      </span>
      <Button
        className="variable-button"
        aria-expanded={open}
        aria-label={`${variable.label}: ${summary}`}
        onClick={() => setOpen(!open)}
      >
        <span className="truncate">{summary}</span>
        <Icon name="chevron" />
      </Button>
      {open && (
        <fieldset className="popover variable-options">
          <legend className="visually-hidden">{variable.label}</legend>
          {variable.includeAll && (
            <label>
              <input type="checkbox" checked={all} onChange={() => onChoose([ALL])} /> All
            </label>
          )}
          {options.map(({ text, value }) => (
            <label key={value}>
              <input
                type="checkbox"
                checked={!all && chosen.includes(value)}
                onChange={(event) => toggle(value, event.target.checked)}
              />{' '}
              {text}
            </label>
          ))}
          {options.length === 0 && <p className="hint">none found</p>}
        </fieldset>
      )}
    </span>
  );
}
