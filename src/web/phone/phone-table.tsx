/** Shows the rows of a phone log, each with its result and its call. */
import type { LinkedPhoneRow, PhoneLog } from '../../contract/phone-log.ts';
import { phoneMessages as messages } from '../messages/en.ts';
import { Scrolling } from '../parts/scrolling.tsx';
import { NumberLink, UserLink } from '../people/person-link.tsx';
import { useChoice, zone } from '../preferences.ts';
import { formatLength, formatTime, type Zone } from '../times.ts';
import { formatCost } from './phone-texts.ts';

interface TableProps {
  readonly log: PhoneLog;
  readonly rows: readonly LinkedPhoneRow[];
}

export function PhoneTable({ log, rows }: TableProps) {
  const [shownZone] = useChoice(zone);
  const isCall = log !== 'sms';
  return (
    <>
      <Scrolling label={messages.table} class="sideways">
        <table class="plain phone-rows">
          <thead>
            <tr>
              <th scope="col">{messages.start}</th>
              <th scope="col">{messages.user}</th>
              <th scope="col">{messages.type}</th>
              <th scope="col">{messages.caller}</th>
              <th scope="col">{messages.callee}</th>
              <th scope="col">{isCall ? messages.length : messages.parts}</th>
              {isCall && <th scope="col">{messages.state}</th>}
              {isCall && <th scope="col">{messages.call}</th>}
              {log === 'directRouting' && <th scope="col">{messages.trunk}</th>}
              {log !== 'directRouting' && <th scope="col">{messages.cost}</th>}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, i) => (
              <Row key={i} log={log} row={row} zone={shownZone} />
            ))}
          </tbody>
        </table>
      </Scrolling>
      {isCall && <p class="quiet legend">{messages.legend}</p>}
    </>
  );
}

interface RowProps {
  readonly log: PhoneLog;
  readonly row: LinkedPhoneRow;
  readonly zone: Zone;
}

function Row({ log, row, zone: shownZone }: RowProps) {
  const { startDateTime, seconds, units } = row;
  const isCall = log !== 'sms';
  return (
    <tr>
      <td>{startDateTime === null ? '' : formatTime(startDateTime, 'moment', shownZone)}</td>
      <th scope="row">
        <UserLink user={row.user} />
      </th>
      <td>{row.type}</td>
      <td>
        <NumberLink number={row.callerNumber} />
      </td>
      <td>
        <NumberLink number={row.calleeNumber} />
      </td>
      <td>{isCall ? seconds !== null && formatLength(seconds * 1000) : units}</td>
      {isCall && (
        <td>
          <Result row={row} />
        </td>
      )}
      {isCall && (
        <td>
          <Call row={row} />
        </td>
      )}
      {log === 'directRouting' && <td>{row.trunk}</td>}
      {log !== 'directRouting' && (
        <td>
          <RowCost row={row} />
        </td>
      )}
    </tr>
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
