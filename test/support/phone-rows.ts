/** Builds phone log rows for tests, which state only the relevant members. */

const anna = {
  userId: 'anna',
  userPrincipalName: 'anna@contoso.example',
  userDisplayName: 'Anna Weber',
};
const numbers = { callerNumber: '+49301234567', calleeNumber: '+12065550100' };

function typed(type: string, row: object): object {
  return { '@odata.type': `#microsoft.graph.callRecords.${type}`, ...row };
}

/** Returns an incoming call of ten minutes. */
export function aDirectRoutingRow(id: string, more: object): object {
  return typed('directRoutingLogRow', {
    id,
    correlationId: 'none',
    ...anna,
    startDateTime: '2026-03-02T09:00:00Z',
    endDateTime: '2026-03-02T09:10:00Z',
    duration: 600,
    callType: 'ByotIn',
    successfulCall: true,
    ...numbers,
    finalSipCode: 0,
    callEndSubReason: 540000,
    finalSipCodePhrase: 'BYE',
    trunkFullyQualifiedDomainName: 'sbc1.contoso.example',
    otherPartyCountryCode: 'DE',
    ...more,
  });
}

/** Returns an incoming call of one minute that cost 0.022 EUR. */
export function aPstnRow(id: string, more: object): object {
  return typed('pstnCallLogRow', {
    id,
    callId: `call-${id}`,
    ...anna,
    startDateTime: '2026-03-02T08:00:00Z',
    endDateTime: '2026-03-02T08:01:00Z',
    duration: 60,
    charge: 0.014,
    connectionCharge: 0.008,
    callType: 'user_in',
    currency: 'EUR',
    ...numbers,
    ...more,
  });
}

export function anSmsRow(id: string, more: object): object {
  return typed('smsLogRow', {
    id,
    smsId: `sms-${id}`,
    ...anna,
    sourceNumber: numbers.calleeNumber,
    destinationNumber: numbers.callerNumber,
    sentDateTime: '2026-03-02T08:30:00Z',
    callCharge: 0.15,
    currency: 'EUR',
    smsType: 'sms_out',
    smsUnits: 2,
    ...more,
  });
}
