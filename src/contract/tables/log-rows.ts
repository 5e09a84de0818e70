/**
 * Rows of the PSTN, direct routing and SMS logs, and of the two PSTN reports. Properties stand in wire order, which is
 * the order of the examples on the reference pages; properties without an example come last. Source for members that
 * only beta has: its typings of 2026.
 */
import { anyScale, complex, inherited, property, type PropertyRow } from '../notation.ts';

const pstnCall = [
  property('id', 'Edm.String'),
  property('callId', 'Edm.String'),
  property('userId', 'Edm.String'),
  property('userPrincipalName', 'Edm.String'),
  property('userDisplayName', 'Edm.String'),
  property('startDateTime', 'Edm.DateTimeOffset'),
  property('endDateTime', 'Edm.DateTimeOffset'),
  property('duration', 'Edm.Int32'),
  property('charge', 'Edm.Decimal', anyScale),
  property('callType', 'Edm.String'),
  property('currency', 'Edm.String'),
  property('calleeNumber', 'Edm.String'),
  property('usageCountryCode', 'Edm.String'),
  property('tenantCountryCode', 'Edm.String'),
  property('connectionCharge', 'Edm.Decimal', anyScale),
  property('callerNumber', 'Edm.String'),
  property('destinationContext', 'Edm.String'),
  property('destinationName', 'Edm.String'),
  property('conferenceId', 'Edm.String'),
  property('licenseCapability', 'Edm.String'),
  property('inventoryType', 'Edm.String'),
  property('operator', 'Edm.String'),
  property('callDurationSource', 'records.pstnCallDurationSource'),
];
const directRouting = [
  property('id', 'Edm.String'),
  property('correlationId', 'Edm.String'),
  property('userId', 'Edm.String'),
  property('userPrincipalName', 'Edm.String'),
  property('userDisplayName', 'Edm.String'),
  property('startDateTime', 'Edm.DateTimeOffset'),
  property('inviteDateTime', 'Edm.DateTimeOffset'),
  property('failureDateTime', 'Edm.DateTimeOffset'),
  property('endDateTime', 'Edm.DateTimeOffset'),
  property('duration', 'Edm.Int32'),
  property('callType', 'Edm.String'),
  property('successfulCall', 'Edm.Boolean'),
  property('callerNumber', 'Edm.String'),
  property('calleeNumber', 'Edm.String'),
  property('mediaPathLocation', 'Edm.String'),
  property('signalingLocation', 'Edm.String'),
  property('finalSipCode', 'Edm.Int32'),
  property('callEndSubReason', 'Edm.Int32'),
  property('finalSipCodePhrase', 'Edm.String'),
  property('trunkFullyQualifiedDomainName', 'Edm.String'),
  property('mediaBypassEnabled', 'Edm.Boolean'),
];

export const logRows = [
  complex('records.pstnCallLogRow', {}, pstnCall),
  complex('records.directRoutingLogRow', {}, directRouting),
];

/** On beta the call and SMS rows share a base type. */
const callLogRow = complex('records.callLogRow', {}, [
  property('id', 'Edm.String'),
  property('userId', 'Edm.String'),
  property('userPrincipalName', 'Edm.String'),
  property('userDisplayName', 'Edm.String'),
  property('otherPartyCountryCode', 'Edm.String'),
  property('administrativeUnitInfos', '[records.administrativeUnitInfo]'),
]);
const declaredByBase = new Set(callLogRow.rows.map(({ name }) => name));

/** Returns the rows of a v1.0 type in the same order, with those that the base type declares marked as inherited. */
function underBase(rows: readonly PropertyRow[]): PropertyRow[] {
  return rows.map((row) => (declaredByBase.has(row.name) ? inherited(row.name) : row));
}

export const betaLogRows = [
  callLogRow,
  complex('records.pstnCallLogRow', { base: 'records.callLogRow' }, [
    ...underBase(pstnCall),
    inherited('otherPartyCountryCode'),
    inherited('administrativeUnitInfos'),
    property('clientLocalIpV4Address', 'Edm.String'),
    property('clientLocalIpV6Address', 'Edm.String'),
    property('clientPublicIpV4Address', 'Edm.String'),
    property('clientPublicIpV6Address', 'Edm.String'),
  ]),
  complex('records.directRoutingLogRow', { base: 'records.callLogRow' }, [
    ...underBase(directRouting),
    inherited('otherPartyCountryCode'),
    inherited('administrativeUnitInfos'),
    property('userCountryCode', 'Edm.String'),
    property('transferorCorrelationId', 'Edm.String'),
  ]),
  complex('records.smsLogRow', { base: 'records.callLogRow' }, [
    property('smsId', 'Edm.String'),
    inherited('userId'),
    inherited('userPrincipalName'),
    inherited('userDisplayName'),
    property('userCountryCode', 'Edm.String'),
    property('tenantCountryCode', 'Edm.String'),
    property('sourceNumber', 'Edm.String'),
    property('destinationNumber', 'Edm.String'),
    property('sentDateTime', 'Edm.DateTimeOffset'),
    property('callCharge', 'Edm.Decimal', anyScale),
    property('currency', 'Edm.String'),
    property('smsType', 'Edm.String'),
    property('destinationContext', 'Edm.String'),
    property('destinationName', 'Edm.String'),
    inherited('otherPartyCountryCode'),
    property('licenseCapability', 'Edm.String'),
    property('smsUnits', 'Edm.Int32'),
    inherited('id'),
    inherited('administrativeUnitInfos'),
  ]),
  complex('records.pstnBlockedUsersLogRow', {}, [
    property('userId', 'Edm.String'),
    property('userPrincipalName', 'Edm.String'),
    property('userDisplayName', 'Edm.String'),
    property('blockDateTime', 'Edm.DateTimeOffset'),
    property('userTelephoneNumber', 'Edm.String'),
    property('userBlockMode', 'records.pstnUserBlockMode'),
    property('blockReason', 'Edm.String'),
    property('remediationId', 'Edm.String'),
  ]),
  complex('records.pstnOnlineMeetingDialoutReport', {}, [
    property('userId', 'Edm.String'),
    property('userPrincipalName', 'Edm.String'),
    property('userDisplayName', 'Edm.String'),
    property('usageLocation', 'Edm.String'),
    property('destinationContext', 'Edm.String'),
    property('currency', 'Edm.String'),
    property('totalCalls', 'Edm.Int32'),
    property('totalCallCharge', 'Edm.Decimal', anyScale),
    property('totalCallSeconds', 'Edm.Int32'),
  ]),
];
