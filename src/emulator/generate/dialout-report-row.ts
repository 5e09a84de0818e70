import { countries, homeOf } from './countries.ts';
import { type LogSetting, userOf } from './log-parties.ts';
import { decimal, type GeneratedLogRow } from './log-row-text.ts';
import { between, type Random } from './random.ts';

/** Returns a row of getPstnOnlineMeetingDialoutReport. Each user has two; further rows repeat the users. */
export function dialoutReportRow({ tenant }: LogSetting, random: Random, number: number): GeneratedLogRow {
  const organizer = Math.floor(number / 2) % tenant.users;
  const international = number % 2 === 1;
  const home = homeOf(organizer);
  const totalCalls = between(random, 1, 40);
  const totalCallSeconds = totalCalls * between(random, 20, 600);
  const minutes = Math.ceil(totalCallSeconds / 60);
  const abroad = countries[home === 'AU' ? 'FR' : 'AU'];
  const charge = international
    ? minutes * abroad.perMinute + totalCalls * abroad.connection
    : minutes * countries[home].perMinute;
  return {
    ...userOf(tenant, organizer).members,
    usageLocation: home,
    destinationContext: international ? 'International' : 'Domestic',
    currency: countries[home].currency,
    totalCalls,
    totalCallCharge: decimal(charge),
    totalCallSeconds,
  };
}
