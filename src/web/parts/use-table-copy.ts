/** Copies the selected rows of a table that renders only its visible rows. */
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { formatCopiedTable, type RowRange, type TableText } from './table-text.ts';

/** Handles the browser's copy event for rows within an element. @param read Reads the table when rows are copied. */
export function useTableCopy(box: RefObject<HTMLElement | null>, read: () => TableText): void {
  const latest = useRef(read);
  latest.current = read;
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    /** The row at which the selection began: it may have left the document as the table scrolled. */
    let began: number | undefined;
    const begin = ({ target }: Event) => {
      began = target instanceof Node ? rowOf(target) : undefined;
    };
    const selectAll = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'a' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      getSelection()?.selectAllChildren(element);
    };
    const copy = (event: ClipboardEvent) => {
      const selection = getSelection();
      if (selection === null || selection.isCollapsed || event.clipboardData === null) return;
      const table = latest.current();
      const range = selectedRows(selection, element, began, table.count);
      if (range === undefined) return;
      const { plain, html } = formatCopiedTable(table, range);
      event.clipboardData.setData('text/plain', plain);
      event.clipboardData.setData('text/html', html);
      event.preventDefault();
    };
    element.addEventListener('selectstart', begin);
    element.addEventListener('keydown', selectAll);
    document.addEventListener('copy', copy);
    return () => {
      element.removeEventListener('selectstart', begin);
      element.removeEventListener('keydown', selectAll);
      document.removeEventListener('copy', copy);
    };
  }, []);
}

/** Returns the selected rows; `undefined` for a selection elsewhere or within one row, which the browser copies. */
function selectedRows(
  selection: Selection,
  box: HTMLElement,
  began: number | undefined,
  count: number,
): RowRange | undefined {
  const range = selection.getRangeAt(0);
  if (!range.intersectsNode(box)) return undefined;
  const all = document.createRange();
  all.selectNodeContents(box);
  const isFromTop = range.compareBoundaryPoints(Range.START_TO_START, all) <= 0;
  const isToEnd = range.compareBoundaryPoints(Range.END_TO_END, all) >= 0;
  const { anchorNode, focusNode } = selection;
  if (isFromTop) {
    if (isToEnd) return { from: 0, to: count };
    // The last rendered row is out of sight: who selects as far as there selects all.
    const last = rowOf(range.endContainer);
    if (last === undefined || last === lastRow(box)) return { from: 0, to: count };
    return { from: 0, to: last + 1 };
  }
  const from = rowOf(anchorNode) ?? began;
  const to = isToEnd ? count - 1 : rowOf(focusNode);
  if (from === undefined || to === undefined || from === to) return undefined;
  return { from: Math.min(from, to), to: Math.max(from, to) + 1 };
}

function lastRow(box: HTMLElement): number | undefined {
  const rows = box.querySelectorAll<HTMLElement>('[data-row]');
  return rowOf(rows.item(rows.length - 1));
}

function rowOf(node: Node | null): number | undefined {
  const element = node instanceof Element ? node : node?.parentElement;
  const row = element?.closest<HTMLElement>('[data-row]')?.dataset['row'];
  return row === undefined ? undefined : Number(row);
}
