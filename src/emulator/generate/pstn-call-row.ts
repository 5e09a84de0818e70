import { countries, tenantCountry } from './countries.ts';
import { type LogSetting, type CallParties, drawParties } from './log-parties.ts';
import { phoneCallOf } from './phone-call.ts';
import { decimal, type GeneratedLogRow } from './log-row-text.ts';
import { below, between, chance, randomGuid, hex, pick, type Random, weightedNames } from './random.ts';
import { formatGeneratorTicks, ticksPerSecond } from './ticks.ts';
import { conversation, startOf } from './timetable.ts';

/** The types of the PSTN usage report of the Teams admin center. */
const callTypeOf = weightedNames({
  ...{ user_in: 38, user_out: 40, conf_in: 8, conf_out: 4, ucap_in: 4, user_out_transfer: 2 },
  ...{ user_out_forwarding: 2, ucap_out: 2 },
});

/** Returns a row of getPstnCalls: a call with a calling plan. */
export function pstnCallRow(setting: LogSetting, random: Random, number: number): GeneratedLogRow {
  const call = phoneCallOf(setting, 'pstn', number);
  const id = randomGuid(random);
  const drawnType = callTypeOf(random);
  const callType = call === undefined ? drawnType : call.outbound ? 'user_out' : 'user_in';
  const [by] = callType.split('_');
  const drawn = drawParties(setting, random, {
    outbound: callType.includes('_out'),
    byUser: by !== 'ucap',
  });
  const parties = call?.parties ?? drawn;
  const { user, other, caller, callee, outbound, context } = parties;
  const drawnStart = startOf(random, setting.calendar) + below(random, ticksPerSecond);
  const { joined, left } = call?.stay ?? conversation(random, drawnStart, true);
  const start = call === undefined ? drawnStart : joined;
  const duration = (left - start) / ticksPerSecond;
  const { charge, connection } = priceOf(random, parties, duration);
  const byOperator = by === 'user' && chance(random, 0.15);
  const { country } = user.own;
  return {
    id,
    callId: `${between(random, 1_000_000_000, 1_999_999_999)}_${between(random, 100_000_000, 199_999_999)}@192.0.2.${between(random, 1, 254)}`,
    ...user.members,
    startDateTime: formatGeneratorTicks(joined),
    endDateTime: formatGeneratorTicks(left),
    duration,
    charge: decimal(charge),
    callType,
    currency: countries[country].currency,
    calleeNumber: callee.number,
    usageCountryCode: country,
    tenantCountryCode: tenantCountry,
    connectionCharge: decimal(connection),
    callerNumber: caller.number,
    destinationContext: outbound ? context : null,
    destinationName: countries[callee.country].name,
    conferenceId: by === 'conf' ? `${between(random, 100_000_000, 999_999_999)}` : null,
    licenseCapability:
      by === 'user'
        ? pick(random, ['MCOPSTN1', 'MCOPSTN2', 'MCOPSTNU'])
        : by === 'conf'
          ? 'MCOMEETADV'
          : 'MCOPSTNU',
    inventoryType: by === 'user' ? 'Subscriber' : 'Service',
    operator: byOperator ? 'Proseware Telecom' : 'Microsoft',
    callDurationSource: byOperator ? 'operator' : 'microsoft',
    otherPartyCountryCode: other.country,
    administrativeUnitInfos: user.administrativeUnitInfos,
    ...addresses(random, by === 'user'),
  };
}

/** Returns the price in ten-thousandths. Incoming calls are free, and so are outgoing ones that a plan covers. */
function priceOf(random: Random, { outbound, context, callee }: CallParties, seconds: number) {
  const covered = chance(random, context === 'Domestic' ? 0.8 : 0.1);
  if (!outbound || covered || seconds === 0) return { charge: 0, connection: 0 };
  const { perMinute, connection } = countries[callee.country];
  return {
    charge: Math.ceil(seconds / 60) * perMinute,
    connection: context === 'International' ? connection : 0,
  };
}

/** Returns the addresses, which only a user's client has, reserved for documentation (RFC 5737, RFC 3849). */
function addresses(random: Random, byUser: boolean) {
  const suffix = hex(random, 1);
  const sixth = byUser && chance(random, 0.3) ? `${suffix.slice(0, 4)}:${suffix.slice(4)}` : undefined;
  return {
    clientLocalIpV4Address: byUser
      ? `10.${below(random, 200)}.${below(random, 16)}.${between(random, 2, 250)}`
      : null,
    clientLocalIpV6Address: sixth === undefined ? null : `fd00::${sixth}`,
    clientPublicIpV4Address: byUser ? `203.0.113.${between(random, 1, 254)}` : null,
    clientPublicIpV6Address: sixth === undefined ? null : `2001:db8::${sixth}`,
  };
}
