import { sparkArea, sparkPath } from '../../overview/sparkline.ts';
import { oneOf, text } from '../model/read.ts';
import { type SingleValue, singleValues } from '../model/single-values.ts';
import { shownTexts } from '../model/stat-texts.ts';
import { isWords } from './is-words.ts';
import type { PanelBodyProps } from './props.ts';
import './values.css';
import { ValueLink } from './ValueLink.tsx';

export function StatPanel({ panel, fields, title }: PanelBodyProps) {
  const values = singleValues(fields, panel.options);
  const { options } = panel;
  const colorMode = oneOf(options['colorMode'], ['value', 'background', 'none'], 'value');
  const graph = text(options['graphMode'], 'area') === 'area';
  const shown = shownTexts(text(options['textMode'], 'auto'), values.length);
  return (
    <ul className="stats" data-orientation={text(options['orientation'], 'auto')} aria-label={title}>
      {values.map((value, index) => (
        <Stat
          // biome-ignore lint/suspicious/noArrayIndexKey: values of one name differ by place only
          key={`${value.label} ${index}`}
          value={value}
          colorMode={colorMode}
          graph={graph}
          shown={shown}
        />
      ))}
    </ul>
  );
}

interface StatProps {
  value: SingleValue;
  colorMode: 'value' | 'background' | 'none';
  graph: boolean;
  shown: readonly ('name' | 'value')[];
}

function Stat({ value, colorMode, graph, shown }: StatProps) {
  const { formatted, points, color } = value;
  const written = shown.includes('value') ? formatted : { text: value.label, suffix: '', prefix: '' };
  const style = colorMode === 'none' ? {} : { '--stat': color };
  const drawn = graph && points.values.length > 1;
  return (
    <li
      className="stat"
      data-color={colorMode}
      data-graph={drawn}
      data-words={isWords(written)}
      style={style}
    >
      {shown.length === 2 && <span className="stat-name note truncate">{value.label}</span>}
      {shown.length > 0 && (
        <ValueLink value={value} className="stat-value">
          {written.prefix}
          {written.text}
          <span className="stat-unit">{written.suffix}</span>
        </ValueLink>
      )}
      {drawn && (
        <svg className="stat-graph" viewBox="0 0 200 40" preserveAspectRatio="none" aria-hidden="true">
          <path className="spark-area" d={sparkArea(points.values, 200, 40)} />
          <path className="spark-line" d={sparkPath(points.values, 200, 40)} />
        </svg>
      )}
    </li>
  );
}
