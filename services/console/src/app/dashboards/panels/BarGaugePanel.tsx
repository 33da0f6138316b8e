import { text } from '../model/read.ts';
import { type SingleValue, singleValues } from '../model/single-values.ts';
import type { PanelBodyProps } from './props.ts';
import './values.css';
import { ValueLink } from './ValueLink.tsx';

/** Bars beside each other for comparison; `lcd` and `gradient` are drawn like `basic`. */
export function BarGaugePanel({ panel, fields, title }: PanelBodyProps) {
  const values = singleValues(fields, panel.options);
  const vertical = text(panel.options['orientation'], 'horizontal') === 'vertical';
  return (
    <ul className="bar-gauge" data-vertical={vertical} aria-label={title}>
      {values.map((value, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: values of one name differ by place only
        <Bar key={`${value.label} ${index}`} value={value} vertical={vertical} />
      ))}
    </ul>
  );
}

function Bar({ value, vertical }: { value: SingleValue; vertical: boolean }) {
  const { formatted, share, color } = value;
  const size = `${(share ?? 0) * 100}%`;
  return (
    <li>
      <span className="bar-name note truncate" title={value.label}>
        {value.label}
      </span>
      <span className="bar-track">
        <span style={{ background: color, ...(vertical ? { height: size } : { width: size }) }} />
      </span>
      <ValueLink value={value} className="bar-value">
        {formatted.prefix}
        {formatted.text}
        <span className="stat-unit">{formatted.suffix}</span>
      </ValueLink>
    </li>
  );
}
