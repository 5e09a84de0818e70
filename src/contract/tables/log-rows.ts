/**
 * Rows of the PSTN, direct routing and SMS logs, and of the two PSTN reports. Properties stand in wire order, which is
 * the order of the examples on the reference pages; properties without an example come last. Source for members that
 * only beta has: its typings of 2026.
 */
import { anyScale, complex, inherited, property, type PropertyRow } from '../notation.ts';

const pstnCall = [
  property('id callId userId userPrincipalName userDisplayName', 'Edm.String'),
  property('startDateTime endDateTime', 'Edm.DateTimeOffset'),
  property('duration', 'Edm.Int32'),
  property('charge', 'Edm.Decimal', anyScale),
  property('callType currency calleeNumber usageCountryCode tenantCountryCode', 'Edm.String'),
  property('connectionCharge', 'Edm.Decimal', anyScale),
  property('callerNumber destinationContext destinationName conferenceId', 'Edm.String'),
  property('licenseCapability inventoryType operator', 'Edm.String'),
  property('callDurationSource', 'records.pstnCallDurationSource'),
].flat();
const directRouting = [
  property('id correlationId userId userPrincipalName userDisplayName', 'Edm.String'),
  property('startDateTime inviteDateTime failureDateTime endDateTime', 'Edm.DateTimeOffset'),
  property('duration', 'Edm.Int32'),
  property('callType', 'Edm.String'),
  property('successfulCall', 'Edm.Boolean'),
  property('callerNumber calleeNumber mediaPathLocation signalingLocation', 'Edm.String'),
  property('finalSipCode callEndSubReason', 'Edm.Int32'),
  property('finalSipCodePhrase trunkFullyQualifiedDomainName', 'Edm.String'),
  property('mediaBypassEnabled', 'Edm.Boolean'),
].flat();

export const logRows = [
  complex('records.pstnCallLogRow', {}, [pstnCall]),
  complex('records.directRoutingLogRow', {}, [directRouting]),
];

/** On beta the call and SMS rows share a base type. */
const callLogRow = complex('records.callLogRow', {}, [
  property('id userId userPrincipalName userDisplayName otherPartyCountryCode', 'Edm.String'),
  property('administrativeUnitInfos', '[records.administrativeUnitInfo]'),
]);
const declaredByBase = new Set(callLogRow.rows.map(({ name }) => name));

/** Returns the rows of a v1.0 type in the same order, with those that the base type declares marked as inherited. */
function underBase(rows: readonly PropertyRow[]): PropertyRow[] {
  return rows.flatMap((row) => (declaredByBase.has(row.name) ? inherited(row.name) : row));
}

export const betaLogRows = [
  callLogRow,
  complex('records.pstnCallLogRow', { base: 'records.callLogRow' }, [
    underBase(pstnCall),
    inherited('otherPartyCountryCode administrativeUnitInfos'),
    property('clientLocalIpV4Address clientLocalIpV6Address clientPublicIpV4Address', 'Edm.String'),
    property('clientPublicIpV6Address', 'Edm.String'),
  ]),
  complex('records.directRoutingLogRow', { base: 'records.callLogRow' }, [
    underBase(directRouting),
    inherited('otherPartyCountryCode administrativeUnitInfos'),
    property('userCountryCode transferorCorrelationId', 'Edm.String'),
  ]),
  complex('records.smsLogRow', { base: 'records.callLogRow' }, [
    property('smsId', 'Edm.String'),
    inherited('userId userPrincipalName userDisplayName'),
    property('userCountryCode tenantCountryCode sourceNumber destinationNumber', 'Edm.String'),
    property('sentDateTime', 'Edm.DateTimeOffset'),
    property('callCharge', 'Edm.Decimal', anyScale),
    property('currency smsType destinationContext destinationName', 'Edm.String'),
    inherited('otherPartyCountryCode'),
    property('licenseCapability', 'Edm.String'),
    property('smsUnits', 'Edm.Int32'),
    inherited('id administrativeUnitInfos'),
  ]),
  complex('records.pstnBlockedUsersLogRow', {}, [
    property('userId userPrincipalName userDisplayName', 'Edm.String'),
    property('blockDateTime', 'Edm.DateTimeOffset'),
    property('userTelephoneNumber', 'Edm.String'),
    property('userBlockMode', 'records.pstnUserBlockMode'),
    property('blockReason remediationId', 'Edm.String'),
  ]),
  complex('records.pstnOnlineMeetingDialoutReport', {}, [
    property('userId userPrincipalName userDisplayName usageLocation destinationContext', 'Edm.String'),
    property('currency', 'Edm.String'),
    property('totalCalls', 'Edm.Int32'),
    property('totalCallCharge', 'Edm.Decimal', anyScale),
    property('totalCallSeconds', 'Edm.Int32'),
  ]),
];
