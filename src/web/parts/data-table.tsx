/** A table of data in a box that scrolls when it is wide. */
import type { ComponentChildren } from 'preact';
import { Scrolling, type ScrollingProps } from './scrolling.tsx';

interface Column<Row> {
  readonly head: ComponentChildren;
  readonly cell: (row: Row) => ComponentChildren;
}

interface DataTableProps<Row> extends Omit<ScrollingProps, 'children' | 'class'> {
  /** Columns in order; `false` for one that this table lacks. */
  readonly columns: readonly (Column<Row> | false)[];
  readonly rows: readonly Row[];
  readonly class?: string;
  readonly box?: ScrollingProps['class'];
  /** The place of the column whose cells name their rows. */
  readonly naming?: number;
}

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, rows, class: name = '', box = 'scrolls', naming = 0 } = props;
  const columns = props.columns.filter((column) => column !== false);
  return (
    <Scrolling label={label} class={box}>
      <table class={`plain ${name}`}>
        <thead>
          <tr>
            {columns.map(({ head }, i) => (
              <th key={i} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>
              {columns.map(({ cell }, j) =>
                j === naming ? (
                  <th key={j} scope="row">
                    {cell(row)}
                  </th>
                ) : (
                  <td key={j}>{cell(row)}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolling>
  );
}
