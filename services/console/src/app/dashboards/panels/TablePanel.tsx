import { Icon } from '@lab/ui-kit';
import { type ReactNode, useState } from 'react';
import { SmartLink } from '../../ui/SmartLink.tsx';
import { compareCells } from '../model/compare-cells.ts';
import { dataLinkScope } from '../model/data-links.ts';
import { interpolate } from '../model/interpolate.ts';
import { rowValues, type TableColumn, tableModel } from '../model/table.ts';
import { useDashboard } from '../panel-context.ts';
import type { PanelBodyProps } from './props.ts';
import './table.css';

const MOST_ROWS = 500;

export function TablePanel({ data, fields, title }: PanelBodyProps) {
  const [chosen, setChosen] = useState(0);
  const frame = fields[Math.min(chosen, fields.length - 1)];
  if (!frame) return null;
  return (
    <div className="table-panel">
      {fields.length > 1 && (
        <label className="table-choice">
          <span className="hint">{fields.length} results, of which this one:</span>
          <select value={chosen} onChange={(event) => setChosen(Number(event.target.value))}>
            {fields.map((other, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: results of one query differ by place only
              <option key={index} value={index}>
                {other.find((field) => field.type === 'number')?.displayName ?? `result ${index + 1}`}
              </option>
            ))}
          </select>
        </label>
      )}
      <SortableTable
        key={chosen}
        columns={tableModel(frame).columns}
        title={`Table of ${title}`}
        range={data.range}
      />
    </div>
  );
}

interface SortableTableProps {
  columns: readonly TableColumn[];
  title: string;
  range: { from: number; to: number };
}

export function SortableTable({ columns, title, range }: SortableTableProps) {
  const [sort, setSort] = useState<{ column: number; descending: boolean }>();
  const rows = [...Array(columns[0]?.cells.length ?? 0).keys()];
  const column = sort === undefined ? undefined : columns[sort.column];
  if (column && sort)
    rows.sort((a, b) =>
      compareCells(column.cells[a]?.value ?? null, column.cells[b]?.value ?? null, sort.descending),
    );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="data-table" aria-label={title} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map(({ name, align }, index) => (
              <th
                // biome-ignore lint/suspicious/noArrayIndexKey: columns of one name differ by place only
                key={index}
                scope="col"
                data-align={align}
                aria-sort={sort?.column === index ? (sort.descending ? 'descending' : 'ascending') : 'none'}
              >
                <button
                  type="button"
                  className="sort-button bare"
                  onClick={() =>
                    setSort({ column: index, descending: sort?.column === index && !sort.descending })
                  }
                >
                  {name}
                  {sort?.column === index && <Icon name="chevron" />}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST_ROWS).map((row) => (
            <tr key={row}>
              {columns.map((entry, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns of one name differ by place only
                <TableCellView key={index} column={entry} columns={columns} row={row} range={range} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > MOST_ROWS && <p className="hint">and {rows.length - MOST_ROWS} more rows</p>}
    </section>
  );
}

interface CellProps {
  column: TableColumn;
  columns: readonly TableColumn[];
  row: number;
  range: { from: number; to: number };
}

function TableCellView({ column, columns, row, range }: CellProps) {
  const cell = column.cells[row];
  if (!cell) return <td />;
  const { cellType } = column.field.config.custom;
  const { color, share, text } = cell;
  const style = color === undefined ? {} : cellType === 'color-background' ? { '--cell': color } : { color };
  return (
    <td data-align={column.align} data-cell={color === undefined ? 'plain' : cellType} style={style}>
      {share !== undefined && (
        <span className="cell-bar" aria-hidden="true">
          <span style={{ width: `${share * 100}%`, background: color }} />
        </span>
      )}
      <CellLink column={column} columns={columns} row={row} range={range}>
        {text}
      </CellLink>
    </td>
  );
}

function CellLink({ column, columns, row, range, children }: CellProps & { children: ReactNode }) {
  const { scope } = useDashboard();
  const [link] = column.field.config.links;
  if (!link) return children;
  const own = dataLinkScope({
    field: column.field,
    displayName: column.name,
    value: column.cells[row]?.value ?? null,
    row: rowValues(
      columns.map(({ field }) => field),
      row,
    ),
  });
  const times = {
    __url_time_range: `from=${range.from}&to=${range.to}`,
    __from: `${range.from}`,
    __to: `${range.to}`,
  };
  return (
    <SmartLink href={interpolate(link.url, { ...scope, ...times, ...own }, 'url')}>{children}</SmartLink>
  );
}
