/** Shows the totals of the matching rows: overall, by person and by country, with each currency separate. */
import type { ComponentChildren } from 'preact';
import type { PhoneLog, PhoneSums, PhoneSummary } from '../../contract/phone-log.ts';
import { formatNumber, phoneMessages as messages } from '../messages/en.ts';
import { DataTable } from '../parts/data-table.tsx';
import { useChoice, zone } from '../preferences.ts';
import { formatTime } from '../times.ts';
import { phoneAddress, type PhoneSearch } from './phone-search.ts';
import { formatCost, formatMinutes, nameOfUser } from './phone-texts.ts';
import { Fact } from '../parts/fact.tsx';
import { Notice } from '../parts/notice.tsx';

interface SumsProps {
  readonly log: PhoneLog;
  readonly search: PhoneSearch;
  readonly summary: PhoneSummary;
}

export function PhoneSumsView({ log, search, summary }: SumsProps) {
  const [shownZone] = useChoice(zone);
  const { rows, seconds, costs, failed, missed, complete, countedFromDateTime } = summary;
  const isCall = log !== 'sms';
  return (
    <>
      {!complete && countedFromDateTime !== null && (
        <Notice>{messages.stopped(formatTime(countedFromDateTime, 'moment', shownZone))}</Notice>
      )}
      <dl class="tiles">
        <Fact name={messages.rows[log]}>{formatNumber(rows)}</Fact>
        {isCall && <Fact name={messages.minutes}>{formatMinutes(seconds)}</Fact>}
        {log === 'directRouting' && <Fact name={messages.failed}>{formatNumber(failed)}</Fact>}
        {isCall && <Fact name={messages.missed}>{formatNumber(missed)}</Fact>}
        {costs.map((cost) => (
          <Fact key={cost.currency} name={messages.cost}>
            {formatCost(cost)}
          </Fact>
        ))}
      </dl>
      <details>
        <summary>{messages.byPerson}</summary>
        <SumsTable
          log={log}
          label={messages.byPerson}
          head={messages.user}
          rows={summary.people}
          name={({ user }) => {
            const person = user?.id ?? user?.userPrincipalName ?? user?.displayName ?? null;
            if (person === null) return nameOfUser(user);
            return <a href={phoneAddress({ ...search, person }, shownZone)}>{nameOfUser(user)}</a>;
          }}
        />
        {summary.otherPeople > 0 && <p class="quiet">{messages.otherPeople(summary.otherPeople)}</p>}
      </details>
      <details>
        <summary>{messages.byCountry}</summary>
        <SumsTable
          log={log}
          label={messages.byCountry}
          head={messages.country}
          rows={summary.countries}
          name={({ country }) => country ?? messages.unknownCountry}
        />
      </details>
    </>
  );
}

interface SumsTableProps<Row> {
  readonly log: PhoneLog;
  readonly label: string;
  /** The head of the column that names the rows. */
  readonly head: string;
  readonly rows: readonly Row[];
  readonly name: (row: Row) => ComponentChildren;
}

function SumsTable<Row extends PhoneSums>({ log, label, head, rows, name }: SumsTableProps<Row>) {
  return (
    <DataTable
      label={label}
      rows={rows}
      columns={[
        { head, cell: name },
        { head: messages.rows[log], cell: (sums) => formatNumber(sums.rows) },
        log !== 'sms' && { head: messages.minutes, cell: ({ seconds }) => formatMinutes(seconds) },
        log !== 'directRouting' && {
          head: messages.cost,
          cell: ({ costs }) => costs.map(formatCost).join(', '),
        },
      ]}
    />
  );
}
