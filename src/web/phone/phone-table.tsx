/** Shows the rows of a phone log, each with its result and its call. */
import type { LinkedPhoneRow, PhoneLog } from '../../contract/phone-log.ts';
import { phoneMessages as messages } from '../messages/en.ts';
import { DataTable } from '../parts/data-table.tsx';
import { NumberLink, UserLink } from '../people/person-link.tsx';
import { useChoice, zone } from '../preferences.ts';
import { formatLength, formatTime } from '../times.ts';
import { formatCost } from './phone-texts.ts';

interface TableProps {
  readonly log: PhoneLog;
  readonly rows: readonly LinkedPhoneRow[];
}

export function PhoneTable({ log, rows }: TableProps) {
  const [shownZone] = useChoice(zone);
  const isCall = log !== 'sms';
  const moment = (at: string | null) => (at === null ? '' : formatTime(at, 'moment', shownZone));
  return (
    <>
      <DataTable
        label={messages.table}
        box="sideways"
        class="phone-rows"
        rows={rows}
        naming={1}
        columns={[
          { head: messages.start, cell: ({ startDateTime }) => moment(startDateTime) },
          { head: messages.user, cell: ({ user }) => <UserLink user={user} /> },
          { head: messages.type, cell: ({ type }) => type },
          { head: messages.caller, cell: ({ callerNumber }) => <NumberLink number={callerNumber} /> },
          { head: messages.callee, cell: ({ calleeNumber }) => <NumberLink number={calleeNumber} /> },
          isCall
            ? {
                head: messages.length,
                cell: ({ seconds }) => seconds !== null && formatLength(seconds * 1000),
              }
            : { head: messages.parts, cell: ({ units }) => units },
          isCall && { head: messages.state, cell: (row) => <Result row={row} /> },
          isCall && { head: messages.call, cell: (row) => <Call row={row} /> },
          log === 'directRouting'
            ? { head: messages.trunk, cell: ({ trunk }) => trunk }
            : { head: messages.cost, cell: (row) => <RowCost row={row} /> },
        ]}
      />
      {isCall && <p class="quiet legend">{messages.legend}</p>}
    </>
  );
}

/** Shows the codes with their meaning; a code without a documented meaning has none. */
function Result({ row }: { readonly row: LinkedPhoneRow }) {
  const { outcome, missed, sipCode, sipPhrase, sipMeaning, microsoftCode, microsoftMeaning } = row;
  const isBad = outcome === 'failed';
  return (
    <div class="result">
      <span class="badges">
        {outcome !== null && (
          <span class={isBad ? 'badge bad' : 'badge unverified'}>{messages.outcomes[outcome]}</span>
        )}
        {missed && <span class="badge warn">{messages.missed}</span>}
      </span>
      {isBad && sipCode !== null && (
        <div>
          <strong>{messages.sip(sipCode)}</strong> {sipPhrase}
          {sipMeaning !== null && <span class="quiet meaning"> {sipMeaning}</span>}
        </div>
      )}
      {isBad && microsoftCode !== null && (
        <div>
          <strong>{messages.microsoft(microsoftCode)}</strong>
          {microsoftMeaning !== null && <span class="quiet meaning"> {microsoftMeaning}</span>}
        </div>
      )}
    </div>
  );
}

function RowCost({ row }: { readonly row: LinkedPhoneRow }) {
  const { charge, connectionCharge, currency } = row;
  return (
    <>
      {charge !== null && formatCost({ currency, amount: charge })}{' '}
      {connectionCharge !== null && connectionCharge !== 0 && (
        <span class="quiet">{messages.connection(formatCost({ currency, amount: connectionCharge }))}</span>
      )}
    </>
  );
}

function Call({ row: { callRecord } }: { readonly row: LinkedPhoneRow }) {
  if (callRecord === null) return <span class="quiet">{messages.noCall}</span>;
  const { certainty, id } = callRecord;
  return (
    <>
      <a href={`/calls/${encodeURIComponent(id)}`} data-item>
        {messages.links[certainty]}
      </a>{' '}
      <span class={certainty === 'exact' ? 'badge verified' : 'badge warn'}>
        {messages.certainty[certainty]}
      </span>
    </>
  );
}
