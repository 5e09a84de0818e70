/** Shows the rows of the phone logs of a person or a number, added up. */
import { phoneLogs } from '../../contract/phone-log.ts';
import type { ActivityFacts, PhoneActivity } from '../../serve/internal/people/activity-page.ts';
import { formatNumber, peopleMessages as messages, phoneMessages } from '../messages/en.ts';
import { Scrolling } from '../parts/scrolling.tsx';
import { formatCost, formatMinutes, nameOfUser } from '../phone/phone-texts.ts';
import { useChoice, zone } from '../preferences.ts';
import { formatTime } from '../times.ts';
import { UserLink } from './person-link.tsx';

interface PhoneProps {
  readonly phone: ActivityFacts['phone'];
  /** Finds the rows on the page of phone calls. */
  readonly query: Readonly<Record<string, string>>;
}

export function PhoneActivityView({ phone, query }: PhoneProps) {
  const [shownZone] = useChoice(zone);
  const cut = phoneLogs.filter((log) => !phone[log].isAll);
  const present = phoneLogs.filter((log) => phone[log].rows > 0);
  const sipCodes = phoneLogs.flatMap((log) => phone[log].sipCodes);
  return (
    <section class="sheet">
      <h2>{messages.phone}</h2>
      {cut.map((log) => (
        <p key={log} class="notice" role="note">
          {messages.logFrom(
            phoneMessages.logs[log],
            formatTime(phone[log].countedFromDateTime ?? '', 'moment', shownZone),
          )}
        </p>
      ))}
      {present.length === 0 ? (
        <p class="quiet">{messages.noRows}</p>
      ) : (
        <Scrolling label={messages.phone}>
          <table class="plain">
            <thead>
              <tr>
                <th scope="col">{messages.log}</th>
                <th scope="col">{messages.rows}</th>
                <th scope="col">{messages.incoming}</th>
                <th scope="col">{messages.outgoing}</th>
                <th scope="col">{messages.minutes}</th>
                <th scope="col">{messages.missedRows}</th>
                <th scope="col">{messages.failed}</th>
                <th scope="col">{messages.cost}</th>
              </tr>
            </thead>
            <tbody>
              {present.map((log) => (
                <tr key={log}>
                  <th scope="row">
                    <a href={`/phone-calls?${new URLSearchParams({ log, ...query }).toString()}`}>
                      {phoneMessages.logs[log]}
                    </a>
                  </th>
                  <td>
                    {formatNumber(phone[log].rows)}{' '}
                    {phone[log].likelyRows > 0 && (
                      <span class="badge warn">{messages.likelyRows(phone[log].likelyRows)}</span>
                    )}
                  </td>
                  <td>{formatNumber(phone[log].incoming)}</td>
                  <td>{formatNumber(phone[log].outgoing)}</td>
                  <td>{log === 'sms' ? '' : formatMinutes(phone[log].seconds)}</td>
                  <td>{log === 'sms' ? '' : formatNumber(phone[log].missed)}</td>
                  <td>{log === 'directRouting' ? formatNumber(phone[log].failed) : ''}</td>
                  <td>{phone[log].costs.map(formatCost).join(', ')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolling>
      )}
      {sipCodes.length > 0 && <SipCodes codes={sipCodes} />}
      {query['number'] !== undefined && <Users logs={present.map((log) => phone[log])} />}
    </section>
  );
}

function SipCodes({ codes }: { readonly codes: PhoneActivity['sipCodes'] }) {
  return (
    <>
      <h3>{messages.sipCodes}</h3>
      <Scrolling label={messages.sipCodes}>
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">{messages.sipCode}</th>
              <th scope="col">{messages.rows}</th>
              <th scope="col">{messages.meaning}</th>
            </tr>
          </thead>
          <tbody>
            {codes.map(({ sipCode, sipPhrase, sipMeaning, rows }) => (
              <tr key={sipCode}>
                <th scope="row">
                  {sipCode} {sipPhrase}
                </th>
                <td>{formatNumber(rows)}</td>
                <td>{sipMeaning ?? <span class="quiet">{messages.noMeaning}</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolling>
    </>
  );
}

/** Adds up the rows of each user over the logs, most rows first. */
function mergedUsers(logs: readonly PhoneActivity[]): PhoneActivity['users'] {
  const users = new Map<string | null, PhoneActivity['users'][number]>();
  for (const one of logs.flatMap((log) => log.users)) {
    const key = one.user === null ? null : (one.user.id?.toLowerCase() ?? nameOfUser(one.user));
    const { rows = 0, seconds = 0, user = one.user } = users.get(key) ?? {};
    users.set(key, { user, rows: rows + one.rows, seconds: seconds + one.seconds });
  }
  return [...users.values()].sort((a, b) => b.rows - a.rows || b.seconds - a.seconds);
}

function Users({ logs }: { readonly logs: readonly PhoneActivity[] }) {
  const users = mergedUsers(logs);
  const others = logs.reduce((sum, log) => sum + log.otherUsers, 0);
  if (users.length === 0) return null;
  return (
    <>
      <h3>{messages.users}</h3>
      <Scrolling label={messages.users}>
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">{messages.person}</th>
              <th scope="col">{messages.rows}</th>
              <th scope="col">{messages.minutes}</th>
            </tr>
          </thead>
          <tbody>
            {users.map(({ user, rows, seconds }, i) => (
              <tr key={i}>
                <th scope="row">
                  <UserLink user={user} />
                </th>
                <td>{formatNumber(rows)}</td>
                <td>{formatMinutes(seconds)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolling>
      {others > 0 && <p class="quiet">{messages.others(others)}</p>}
    </>
  );
}
