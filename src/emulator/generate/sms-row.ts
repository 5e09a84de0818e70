import { countries, tenantCountry } from './countries.ts';
import { type LogSetting, numberAsLogged, drawParties } from './log-parties.ts';
import { decimal, type GeneratedLogRow } from './log-row-text.ts';
import { below, chance, randomGuid, type Random, weighted } from './random.ts';
import { formatGeneratorTicks, ticksPerSecond } from './ticks.ts';
import { startOf } from './timetable.ts';

const unitsOf = weighted<number>([
  [1, 70],
  [2, 20],
  [3, 8],
  [4, 2],
]);

/** Returns a row of getSmsLog. Incoming messages are free. */
export function smsRow(setting: LogSetting, random: Random): GeneratedLogRow {
  const id = randomGuid(random);
  const parties = drawParties(setting, random, { outbound: chance(random, 0.55), byUser: true });
  const { user, other, caller, callee, outbound, context } = parties;
  const { country } = user.own;
  const smsUnits = unitsOf(random);
  return {
    smsId: randomGuid(random),
    ...user.members,
    userCountryCode: country,
    tenantCountryCode: tenantCountry,
    sourceNumber: numberAsLogged(parties, caller),
    destinationNumber: numberAsLogged(parties, callee),
    sentDateTime: formatGeneratorTicks(startOf(random, setting.calendar) + below(random, ticksPerSecond)),
    callCharge: decimal(outbound ? smsUnits * countries[callee.country].perMessage : 0),
    currency: countries[country].currency,
    smsType: outbound ? 'sms_out' : 'sms_in',
    destinationContext: context,
    destinationName: countries[callee.country].name,
    otherPartyCountryCode: other.country,
    licenseCapability: 'MCOSMS1',
    smsUnits,
    id,
    administrativeUnitInfos: user.administrativeUnitInfos,
  };
}
