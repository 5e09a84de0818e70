/** Shows the rows of the phone logs of a person or a number, added up. */
import { phoneLogs } from '../../contract/phone-log.ts';
import type { ActivityFacts, PhoneActivity } from '../../serve/internal/people/activity-page.ts';
import { formatNumber, peopleMessages as messages, phoneMessages } from '../messages/en.ts';
import { DataTable } from '../parts/data-table.tsx';
import { formatCost, formatMinutes, nameOfUser } from '../phone/phone-texts.ts';
import { useChoice, zone } from '../preferences.ts';
import { formatTime } from '../times.ts';
import { UserLink } from './person-link.tsx';
import { Notice } from '../parts/notice.tsx';

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
        <Notice key={log}>
          {messages.logFrom(
            phoneMessages.logs[log],
            formatTime(phone[log].countedFromDateTime ?? '', 'moment', shownZone),
          )}
        </Notice>
      ))}
      {present.length === 0 ? (
        <p class="quiet">{messages.noRows}</p>
      ) : (
        <DataTable
          label={messages.phone}
          rows={present.map((log) => ({ log, ...phone[log] }))}
          columns={[
            {
              head: messages.log,
              cell: ({ log }) => (
                <a href={`/phone-calls?${new URLSearchParams({ log, ...query }).toString()}`}>
                  {phoneMessages.logs[log]}
                </a>
              ),
            },
            {
              head: messages.rows,
              cell: ({ rows, likelyRows }) => (
                <>
                  {formatNumber(rows)}{' '}
                  {likelyRows > 0 && <span class="badge warn">{messages.likelyRows(likelyRows)}</span>}
                </>
              ),
            },
            { head: messages.incoming, cell: ({ incoming }) => formatNumber(incoming) },
            { head: messages.outgoing, cell: ({ outgoing }) => formatNumber(outgoing) },
            {
              head: messages.minutes,
              cell: ({ log, seconds }) => (log === 'sms' ? '' : formatMinutes(seconds)),
            },
            {
              head: messages.missedRows,
              cell: ({ log, missed }) => (log === 'sms' ? '' : formatNumber(missed)),
            },
            {
              head: messages.failed,
              cell: ({ log, failed }) => (log === 'directRouting' ? formatNumber(failed) : ''),
            },
            { head: messages.cost, cell: ({ costs }) => costs.map(formatCost).join(', ') },
          ]}
        />
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
      <DataTable
        label={messages.sipCodes}
        rows={codes}
        columns={[
          { head: messages.sipCode, cell: ({ sipCode, sipPhrase }) => `${sipCode} ${sipPhrase ?? ''}` },
          { head: messages.rows, cell: ({ rows }) => formatNumber(rows) },
          {
            head: messages.meaning,
            cell: ({ sipMeaning }) => sipMeaning ?? <span class="quiet">{messages.noMeaning}</span>,
          },
        ]}
      />
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
      <DataTable
        label={messages.users}
        rows={users}
        columns={[
          { head: messages.person, cell: ({ user }) => <UserLink user={user} /> },
          { head: messages.rows, cell: ({ rows }) => formatNumber(rows) },
          { head: messages.minutes, cell: ({ seconds }) => formatMinutes(seconds) },
        ]}
      />
      {others > 0 && <p class="quiet">{messages.others(others)}</p>}
    </>
  );
}
