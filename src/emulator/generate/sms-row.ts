import { countries, tenantCountry } from './countries.ts';
import { type LogSetting, numberAsLogged, partiesOf } from './log-parties.ts';
import { decimal, type LogRow } from './log-row-text.ts';
import { below, chance, guid, type Random, weighted } from './random.ts';
import { formatTicks, ticksPerSecond } from './ticks.ts';
import { startOf } from './timetable.ts';

const unitsOf = weighted<number>([
  [1, 70],
  [2, 20],
  [3, 8],
  [4, 2],
]);

/** A row of getSmsLog. Messages that come in are free. */
export function smsRow(setting: LogSetting, random: Random): LogRow {
  const id = guid(random);
  const parties = partiesOf(setting, random, { outbound: chance(random, 0.55), byUser: true });
  const { user, other, caller, callee, outbound, context } = parties;
  const { country } = user.own;
  const smsUnits = unitsOf(random);
  return {
    smsId: guid(random),
    ...user.members,
    userCountryCode: country,
    tenantCountryCode: tenantCountry,
    sourceNumber: numberAsLogged(parties, caller),
    destinationNumber: numberAsLogged(parties, callee),
    sentDateTime: formatTicks(startOf(random, setting.calendar) + below(random, ticksPerSecond)),
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
