/** The columns of the tables of calls as docs/exporting.md shows them; those of logs are Graph's properties. */
import { allColumns } from '../../src/export/export.ts';
import { everything, isLog } from '../../src/export/what.ts';

/** Names a type where the name of the column does not say it, and it is not a string. */
export function columnsReference(): string {
  return everything
    .filter((what) => !isLog(what))
    .map((what) => {
      const columns = allColumns(what).map(({ name, type }) => {
        const expected = name.endsWith('DateTime') ? 'dateTime' : 'string';
        return type === expected ? `\`${name}\`` : `\`${name}\` ${type}`;
      });
      return `**${what}**: ${columns.join(', ')}`;
    })
    .join('\n\n');
}
