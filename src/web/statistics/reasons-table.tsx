/** Shows calls by the reasons of their sessions, most frequent first. */
import { failureMessages as messages, formatNumber } from '../messages/en.ts';
import type { ReasonCount } from './statistics.ts';

interface ReasonsTableProps {
  readonly reasons: readonly ReasonCount[];
  /** First day with calls, `2026-03-02`; absent when there is none. */
  readonly from: string | undefined;
}

export function ReasonsTable({ reasons, from }: ReasonsTableProps) {
  const present = reasons.filter(({ calls }) => calls > 0).toSorted((a, b) => b.calls - a.calls);
  // Days of the statistics are days of UTC.
  const since = from === undefined ? '' : `&from=${from}&tz=UTC`;
  return (
    <section class="sheet">
      <h2>{messages.why}</h2>
      {present.length === 0 ? (
        <p class="quiet">{messages.noReasons}</p>
      ) : (
        <table class="plain reasons">
          <thead>
            <tr>
              <th scope="col">{messages.reason}</th>
              <th scope="col">{messages.calls}</th>
            </tr>
          </thead>
          <tbody>
            {present.map(({ kind, words, calls }) => (
              <tr key={kind}>
                <th scope="row">
                  <a href={`/calls?reason=${kind}${since}`}>{words}</a>
                </th>
                <td>{formatNumber(calls)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p class="quiet legend">{messages.whyNote}</p>
    </section>
  );
}
