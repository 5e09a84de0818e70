/** Converts a stored row of the PSTN, direct routing or SMS log to the form in which the server returns it. */
import { cellIn, type CellType } from '../../../export/cell.ts';
import type { PhoneLog, PhoneOutcome, PhoneRow, PhoneUser } from '../../../contract/phone-log.ts';
import { microsoftMeaning, sipMeaning, sipPhrase } from '../../../contract/response-codes.ts';

/** The names of the common members in each log. */
interface LogForm {
  /** Simple name of the row's type in the model. */
  readonly kind: string;
  readonly start: string;
  readonly type: string;
  readonly caller: string;
  readonly callee: string;
  readonly charge: string;
}

const callForm = {
  ...{ start: 'startDateTime', type: 'callType', caller: 'callerNumber', callee: 'calleeNumber' },
  charge: '',
};
export const logForms: Readonly<Record<PhoneLog, LogForm>> = {
  pstn: { ...callForm, kind: 'pstnCallLogRow', charge: 'charge' },
  directRouting: { ...callForm, kind: 'directRoutingLogRow' },
  sms: {
    ...{ kind: 'smsLogRow', start: 'sentDateTime', type: 'smsType', charge: 'callCharge' },
    ...{ caller: 'sourceNumber', callee: 'destinationNumber' },
  },
};

/** Larger amounts are not prices: totals would lose their digits. */
const largestAmount = 1e9;

export function readPhoneRow(log: PhoneLog, text: Uint8Array): PhoneRow {
  const json: unknown = JSON.parse(Buffer.from(text).toString()); // walked when it was stored
  const form = logForms[log];
  const cell = (name: string, type: CellType) => cellIn(json, name, type) ?? null;
  const textOf = (name: string) => cell(name, 'string') as string | null;
  const timeOf = (name: string) => cell(name, 'dateTime') as string | null;
  const numberOf = (name: string, type: 'integer' | 'double' = 'integer') =>
    cell(name, type) as number | null;
  const amountOf = (name: string) => {
    const amount = numberOf(name, 'double');
    return amount === null || Math.abs(amount) > largestAmount ? null : amount;
  };
  const type = textOf(form.type);
  const direction = directionOf(type);
  const outcome = outcomeOf(log, cell('successfulCall', 'boolean'), numberOf('duration'));
  const sipCode = numberOf('finalSipCode');
  const microsoftCode = numberOf('callEndSubReason');
  return {
    id: textOf('id'),
    correlationId: textOf('correlationId'),
    startDateTime: timeOf(form.start),
    endDateTime: timeOf('endDateTime'),
    inviteDateTime: timeOf('inviteDateTime'),
    seconds: numberOf('duration'),
    direction,
    type,
    user: userOf(textOf('userId'), textOf('userDisplayName'), textOf('userPrincipalName')),
    callerNumber: textOf(form.caller),
    calleeNumber: textOf(form.callee),
    country: countryOf(textOf('otherPartyCountryCode'), direction, textOf('destinationName')),
    outcome,
    sipCode,
    sipPhrase: textOf('finalSipCodePhrase') ?? (sipCode === null ? null : (sipPhrase(sipCode) ?? null)),
    sipMeaning:
      sipCode === null || (sipCode === 0 && outcome === 'failed') ? null : (sipMeaning(sipCode) ?? null),
    microsoftCode,
    microsoftMeaning:
      microsoftCode === null ? null : (microsoftMeaning(microsoftCode, sipCode ?? undefined) ?? null),
    trunk: textOf('trunkFullyQualifiedDomainName'),
    charge: form.charge === '' ? null : amountOf(form.charge),
    connectionCharge: amountOf('connectionCharge'),
    currency: textOf('currency'),
    units: numberOf('smsUnits'),
  };
}

export function isMissed({ direction, outcome }: Pick<PhoneRow, 'direction' | 'outcome'>): boolean {
  return direction === 'incoming' && (outcome === 'failed' || outcome === 'notConnected');
}

function userOf(
  id: string | null,
  displayName: string | null,
  userPrincipalName: string | null,
): PhoneUser | null {
  const hasNoPerson = id === null && displayName === null && userPrincipalName === null;
  return hasNoPerson ? null : { id, displayName, userPrincipalName };
}

/** Returns the direction of a type: `user_in`, `user_out_transfer`, `sms_in`; `ByotIn`, `ByotOutUserTransfer`. */
function directionOf(type: string | null): PhoneRow['direction'] {
  const [, byPlan, bySbc] = /_(in|out)(?:_|$)|^Byot(In|Out)/i.exec(type ?? '') ?? [];
  const word = (byPlan ?? bySbc)?.toLowerCase();
  if (word === undefined) return null;
  return word === 'in' ? 'incoming' : 'outgoing';
}

function outcomeOf(log: PhoneLog, successful: unknown, seconds: number | null): PhoneOutcome | null {
  if (log === 'sms') return null;
  if (log === 'directRouting') {
    if (typeof successful !== 'boolean') return null;
    return successful ? 'connected' : 'failed';
  }
  if (seconds === null) return null;
  return seconds > 0 ? 'connected' : 'notConnected';
}

const displayNames = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'code' });
const countryNames = new Map<string, string>();

/** Returns a country's English name: v1.0 has only the dialed country. */
function countryOf(
  code: string | null,
  direction: PhoneRow['direction'],
  dialed: string | null,
): string | null {
  if (code === null) return direction === 'outgoing' ? dialed : null;
  if (!/^[A-Za-z]{2}$/.test(code)) return code;
  const name = countryNames.get(code) ?? displayNames.of(code.toUpperCase())!; // it falls back to the code
  countryNames.set(code, name);
  return name;
}
