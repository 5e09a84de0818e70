/** A table that renders only the visible rows, however many there are; in print, all of them. */
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';
import { renderedTable } from './rendered-table.tsx';
import type { TableText } from './table-text.ts';
import { usePrinting } from './use-printing.ts';
import { useTableCopy } from './use-table-copy.ts';
import { frameMessages } from '../messages/en.ts';

interface RowsProps {
  /** The accessible name of the table. */
  readonly label: string;
  readonly count: number;
  readonly rowHeight: number;
  readonly head: ComponentChildren;
  readonly row: (index: number) => ComponentChildren;
  readonly class?: string;
  /** The table as it is copied; what the rows render when absent. */
  readonly table?: TableText | undefined;
  /** A row that is scrolled into view when it changes. */
  readonly shown?: number | undefined;
}

const overscanRows = 8;

export function Rows({ label, count, rowHeight, head, row, class: name = '', table, shown }: RowsProps) {
  const { isPrinting } = usePrinting();
  const box = useRef<HTMLDivElement>(null);
  useTableCopy(box, () => table ?? renderedTable(head, count, row));
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  const options = {
    count,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: overscanRows,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => redraw(undefined),
  };
  const [virtualizer] = useState(() => new Virtualizer<HTMLDivElement, Element>(options));
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), []);
  useLayoutEffect(() => virtualizer._willUpdate());
  useEffect(() => virtualizer.measure(), [rowHeight]);
  useEffect(() => {
    if (shown !== undefined) virtualizer.scrollToIndex(shown, { align: 'center' });
  }, [shown]);
  return (
    <div class={`rows ${name}`} role="table" aria-label={label} aria-rowcount={count + 1}>
      <div class="rows-head" role="rowgroup">
        <div class="rows-row" role="row" aria-rowindex={1}>
          {head}
        </div>
      </div>
      <div class="rows-box" ref={box} tabIndex={0} role="rowgroup" aria-label={frameMessages.rowsOf(label)}>
        <div
          class="rows-all"
          role="presentation"
          style={isPrinting ? {} : { height: `${virtualizer.getTotalSize()}px` }}
        >
          {isPrinting
            ? Array.from({ length: count }, (_, index) => (
                <Row key={index} index={index}>
                  {row(index)}
                </Row>
              ))
            : virtualizer.getVirtualItems().map(({ index, start }) => (
                <Row
                  key={index}
                  index={index}
                  style={{ height: `${rowHeight}px`, transform: `translateY(${start}px)` }}
                >
                  {row(index)}
                </Row>
              ))}
        </div>
      </div>
    </div>
  );
}

interface RowProps {
  readonly index: number;
  readonly style?: Readonly<Record<string, string>>;
  readonly children: ComponentChildren;
}

function Row({ index, style = {}, children }: RowProps) {
  return (
    <div class="rows-row" role="row" aria-rowindex={index + 2} data-row={index} style={style}>
      {children}
    </div>
  );
}
