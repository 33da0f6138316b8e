import { sparkArea, sparkPath } from '../../overview/sparkline.ts';
import { oneOf, text } from '../model/read.ts';
import { type SingleValue, singleValues } from '../model/single-values.ts';
import { isWords } from './is-words.ts';
import type { PanelBodyProps } from './props.ts';
import './values.css';
import { ValueLink } from './ValueLink.tsx';

export function StatPanel({ panel, fields, title }: PanelBodyProps) {
  const values = singleValues(fields, panel.options);
  const { options } = panel;
  const colorMode = oneOf(options['colorMode'], ['value', 'background', 'none'], 'value');
  const graph = text(options['graphMode'], 'area') === 'area';
  const textMode = text(options['textMode'], 'auto');
  const naming =
    textMode === 'value_and_name' || textMode === 'name' || (textMode === 'auto' && values.length > 1);
  return (
    <ul className="stats" data-orientation={text(options['orientation'], 'auto')} aria-label={title}>
      {values.map((value, index) => (
        <Stat
          // biome-ignore lint/suspicious/noArrayIndexKey: values of one name differ by place only
          key={`${value.label} ${index}`}
          value={value}
          colorMode={colorMode}
          graph={graph}
          naming={naming}
        />
      ))}
    </ul>
  );
}

interface StatProps {
  value: SingleValue;
  colorMode: 'value' | 'background' | 'none';
  graph: boolean;
  naming: boolean;
}

function Stat({ value, colorMode, graph, naming }: StatProps) {
  const { formatted, points, color } = value;
  const style = colorMode === 'none' ? {} : { '--stat': color };
  const drawn = graph && points.values.length > 1;
  return (
    <li
      className="stat"
      data-color={colorMode}
      data-graph={drawn}
      data-words={isWords(formatted)}
      style={style}
    >
      {naming && <span className="stat-name note truncate">{value.label}</span>}
      <ValueLink value={value} className="stat-value">
        {formatted.prefix}
        {formatted.text}
        <span className="stat-unit">{formatted.suffix}</span>
      </ValueLink>
      {drawn && (
        <svg className="stat-graph" viewBox="0 0 200 40" preserveAspectRatio="none" aria-hidden="true">
          <path className="spark-area" d={sparkArea(points.values, 200, 40)} />
          <path className="spark-line" d={sparkPath(points.values, 200, 40)} />
        </svg>
      )}
    </li>
  );
}
