/** Shows the totals of the matching rows: overall, by person and by country, with each currency separate. */
import type { ComponentChildren } from 'preact';
import type { Cost, PhoneLog, PhoneSums, PhoneSummary } from '../../contract/phone-log.ts';
import { formatNumber, phoneMessages as messages } from '../messages/en.ts';
import { Scrolling } from '../parts/scrolling.tsx';
import { useChoice, zone } from '../preferences.ts';
import { formatTime } from '../times.ts';
import { phoneAddress, type PhoneSearch } from './phone-search.ts';
import { formatCost, formatMinutes, nameOfUser } from './phone-texts.ts';

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
        <p class="notice" role="note">
          {messages.stopped(formatTime(countedFromDateTime, 'moment', shownZone))}
        </p>
      )}
      <dl class="tiles">
        <Tile name={messages.rows[log]} value={formatNumber(rows)} />
        {isCall && <Tile name={messages.minutes} value={formatMinutes(seconds)} />}
        {log === 'directRouting' && <Tile name={messages.failed} value={formatNumber(failed)} />}
        {isCall && <Tile name={messages.missed} value={formatNumber(missed)} />}
        {costs.map((cost) => (
          <Tile key={cost.currency} name={messages.cost} value={formatCost(cost)} />
        ))}
      </dl>
      <details>
        <summary>{messages.byPerson}</summary>
        <SumsTable log={log} label={messages.byPerson} head={messages.user}>
          {summary.people.map(({ user, ...sums }) => {
            const name = nameOfUser(user);
            const person = user?.id ?? user?.userPrincipalName ?? user?.displayName;
            return (
              <SumsRow key={person} log={log} sums={sums}>
                {person === undefined || person === null ? (
                  name
                ) : (
                  <a href={phoneAddress({ ...search, person }, shownZone)}>{name}</a>
                )}
              </SumsRow>
            );
          })}
        </SumsTable>
        {summary.otherPeople > 0 && <p class="quiet">{messages.otherPeople(summary.otherPeople)}</p>}
      </details>
      <details>
        <summary>{messages.byCountry}</summary>
        <SumsTable log={log} label={messages.byCountry} head={messages.country}>
          {summary.countries.map(({ country, ...sums }) => (
            <SumsRow key={country} log={log} sums={sums}>
              {country ?? messages.unknownCountry}
            </SumsRow>
          ))}
        </SumsTable>
      </details>
    </>
  );
}

function Tile({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

interface SumsTableProps {
  readonly log: PhoneLog;
  readonly label: string;
  readonly head: string;
  readonly children: ComponentChildren;
}

function SumsTable({ log, label, head, children }: SumsTableProps) {
  return (
    <Scrolling label={label}>
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">{head}</th>
            <th scope="col">{messages.rows[log]}</th>
            {log !== 'sms' && <th scope="col">{messages.minutes}</th>}
            {log !== 'directRouting' && <th scope="col">{messages.cost}</th>}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </Scrolling>
  );
}

interface SumsRowProps {
  readonly log: PhoneLog;
  readonly sums: PhoneSums;
  readonly children: ComponentChildren;
}

function SumsRow({ log, sums: { rows, seconds, costs }, children }: SumsRowProps) {
  return (
    <tr>
      <th scope="row">{children}</th>
      <td>{formatNumber(rows)}</td>
      {log !== 'sms' && <td>{formatMinutes(seconds)}</td>}
      {log !== 'directRouting' && <td>{costsText(costs)}</td>}
    </tr>
  );
}

function costsText(costs: readonly Cost[]): string {
  return costs.map(formatCost).join(', ');
}
