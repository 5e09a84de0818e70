import { countries } from './countries.ts';
import { type LogSetting, numberAsLogged, drawParties } from './log-parties.ts';
import { phoneCallOf } from './phone-call.ts';
import type { GeneratedLogRow } from './log-row-text.ts';
import { between, randomGuid, pick, type Random, weighted, weightedNames } from './random.ts';
import { formatGeneratorTicks, type GeneratorTicks, ticksPerSecond } from './ticks.ts';
import { conversation, startOf } from './timetable.ts';

/** The service's call types in this log; those of bots end in `Ucap`. */
const callTypeOf = weightedNames({
  ...{ ByotIn: 46, ByotOut: 44, ByotInUcap: 6, ByotOutUserTransfer: 3, ByotOutUcap: 1 },
});
/** Final responses and their phrases (RFC 3261, section 21). */
const failureOf = weighted<readonly [code: number, phrase: string]>([
  [[487, 'Request Terminated'], 5],
  [[486, 'Busy Here'], 4],
  [[480, 'Temporarily Unavailable'], 3],
  [[404, 'Not Found'], 2],
  [[603, 'Decline'], 1],
  [[503, 'Service Unavailable'], 1],
]);
const trunks = ['sbc1.contoso.example', 'sbc2.contoso.example', 'sbc3.contoso.example'] as const;
/** The time that the service writes for a failure that did not happen (reference page of getDirectRoutingCalls). */
const never = '0001-01-01T00:00:00Z';
const ticksPerMillisecond = ticksPerSecond / 1000;

/** Returns a row of getDirectRoutingCalls: a call through a session border controller. Times are in milliseconds. */
export function directRoutingRow(setting: LogSetting, random: Random, number: number): GeneratedLogRow {
  const call = phoneCallOf(setting, 'directRouting', number);
  const id = randomGuid(random);
  const drawnId = randomGuid(random);
  const drawnType = callTypeOf(random);
  const callType = call === undefined ? drawnType : call.outbound ? 'ByotOut' : 'ByotIn';
  const outbound = callType.startsWith('ByotOut');
  const drawn = drawParties(setting, random, { outbound, byUser: !callType.endsWith('Ucap') });
  const parties = call?.parties ?? drawn;
  const { user, other, caller, callee } = parties;
  const drawnInvite = startOf(random, setting.calendar) + milliseconds(random, 0, 999);
  const ringing = milliseconds(random, 800, 12_000);
  const { joined, left } = call?.stay ?? conversation(random, drawnInvite + ringing, true);
  const invite = call === undefined ? drawnInvite : joined - ringing;
  const rung = invite + ringing;
  const ending = left > joined ? established(joined, left) : failed(random, invite, rung);
  const trunk = pick(random, trunks);
  const bypass = trunk === trunks[1];
  return {
    id,
    correlationId: call?.id ?? drawnId,
    ...user.members,
    startDateTime: ending.startDateTime,
    inviteDateTime: formatGeneratorTicks(invite),
    failureDateTime: ending.failureDateTime,
    endDateTime: ending.endDateTime,
    duration: ending.duration,
    callType,
    successfulCall: ending.successfulCall,
    callerNumber: numberAsLogged(parties, caller),
    calleeNumber: numberAsLogged(parties, callee),
    // Only in calls without media bypass (reference page).
    mediaPathLocation: bypass ? null : countries[user.own.country].dataCenter,
    signalingLocation: countries[user.own.country].dataCenter,
    finalSipCode: ending.finalSipCode,
    callEndSubReason: ending.callEndSubReason,
    finalSipCodePhrase: ending.finalSipCodePhrase,
    trunkFullyQualifiedDomainName: trunk,
    mediaBypassEnabled: bypass,
    otherPartyCountryCode: other.country,
    administrativeUnitInfos: user.administrativeUnitInfos,
    userCountryCode: user.own.country,
    transferorCorrelationId: callType.endsWith('Transfer') ? randomGuid(random) : null,
  };
}

function milliseconds(random: Random, low: number, high: number): GeneratorTicks {
  return between(random, low, high) * ticksPerMillisecond;
}

function established(joined: GeneratorTicks, left: GeneratorTicks) {
  return {
    startDateTime: formatGeneratorTicks(joined),
    failureDateTime: never,
    endDateTime: formatGeneratorTicks(left),
    duration: (left - joined) / ticksPerSecond,
    successfulCall: true,
    finalSipCode: 0,
    callEndSubReason: 540_000,
    finalSipCodePhrase: 'BYE',
  };
}

/** Returns a failed call. Its start may be the invitation or the failure (page of directRoutingLogRow). */
function failed(random: Random, invite: GeneratorTicks, failure: GeneratorTicks) {
  const [code, phrase] = failureOf(random);
  return {
    startDateTime: formatGeneratorTicks(pick(random, [invite, failure])),
    failureDateTime: formatGeneratorTicks(failure),
    endDateTime: null,
    duration: 0,
    successfulCall: false,
    finalSipCode: code,
    callEndSubReason: 560_000 + code, // 560: the response came from the session border controller
    finalSipCodePhrase: phrase,
  };
}
