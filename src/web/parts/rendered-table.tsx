/** Reads the text of a table of rows from what it renders. */
import { type ComponentChildren, render } from 'preact';
import type { TableText } from './table-text.ts';

/** Returns the texts of all rows, also of those that are not in the document. */
export function renderedTable(
  head: ComponentChildren,
  count: number,
  row: (index: number) => ComponentChildren,
): TableText {
  const cells = (children: ComponentChildren) => {
    const place = document.createElement('div');
    render(<>{children}</>, place);
    const texts = Array.from(place.children, textOf);
    render(null, place);
    return texts;
  };
  return { columns: cells(head), count, cells: (index) => cells(row(index)) };
}

/** Returns the text of a cell with a space between its parts, such as a name and a badge. */
function textOf(cell: Element): string {
  const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
  const texts: string[] = [];
  while (walker.nextNode() !== null) texts.push(walker.currentNode.textContent ?? '');
  return texts.join(' ');
}
