/** A table of what was and what is; on a narrow screen, each value stands below the last with its label. */
import { versionMessages as messages } from '../messages/en.ts';
import type { CompareRow } from './compare-rows.ts';

interface CompareTableProps {
  readonly label: string;
  readonly heads: { readonly left: string; readonly right: string };
  readonly groups: readonly { readonly title?: string; readonly rows: readonly CompareRow[] }[];
}

export function CompareTable({ label, heads, groups }: CompareTableProps) {
  return (
    <table class="plain compare-table" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{messages.what}</th>
          <th scope="col">{heads.left}</th>
          <th scope="col">{heads.right}</th>
        </tr>
      </thead>
      {groups.map(({ title, rows }, i) => (
        <tbody key={i}>
          {title !== undefined && (
            <tr class="compare-group">
              <th scope="rowgroup" colSpan={3}>
                <bdi>{title}</bdi>
              </th>
            </tr>
          )}
          {rows.map(({ name, left, right }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                <span class="compare-label">{messages.sides.left}</span> {left}
              </td>
              <td>
                <span class="compare-label">{messages.sides.right}</span> {right}
              </td>
            </tr>
          ))}
        </tbody>
      ))}
    </table>
  );
}
