/** The columns of every table as docs/exporting.md shows them. */
import { allColumns } from '../../src/export/export.ts';
import { everything } from '../../src/export/what.ts';

/** Names a type where the name of the column does not say it, and it is not a string. */
export function columnsReference(): string {
  return everything
    .map((what) => {
      const columns = allColumns(what).map(({ name, type }) => {
        const expected = name.endsWith('DateTime') ? 'dateTime' : 'string';
        return type === expected ? `\`${name}\`` : `\`${name}\` ${type}`;
      });
      return `**${what}**: ${columns.join(', ')}`;
    })
    .join('\n\n');
}
