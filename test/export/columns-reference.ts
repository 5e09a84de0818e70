/** The columns of every table as docs/exporting.md shows them. */
import { allColumns } from '../../src/export/export.ts';
import { everything } from '../../src/export/what.ts';

export function columnsReference(): string {
  return everything
    .map((what) => {
      const columns = allColumns(what).map(({ name, type }) => `\`${name}\` ${type}`);
      return `**${what}**: ${columns.join(', ')}`;
    })
    .join('\n\n');
}
