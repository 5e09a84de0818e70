import { type LogSetting, userOf } from './log-parties.ts';
import type { GeneratedLogRow } from './log-row-text.ts';
import { below, between, randomGuid, pick, type Random, randomFor } from './random.ts';
import { formatGeneratorTicks, ticksPerMinute, ticksPerSecond } from './ticks.ts';
import { startOf } from './timetable.ts';

/** Returns a row of getPstnBlockedUsersLog. An even row blocks a user; the next one unblocks them. */
export function blockedUserRow(setting: LogSetting, random: Random, number: number): GeneratedLogRow {
  const { tenant, calendar } = setting;
  const blocks = number % 2 === 0;
  // Both rows draw their common members from the same random stream.
  const block = randomFor(tenant.seed, 'block', Math.floor(number / 2));
  const user = userOf(tenant, below(block, tenant.users));
  const blocked = startOf(block, calendar) + below(block, 1000) * (ticksPerSecond / 1000);
  // Over before midnight, as calls are: the last hour of business ends at nine.
  const lasted = blocks ? 0 : between(random, 5, 170) * ticksPerMinute;
  return {
    ...user.members,
    blockDateTime: formatGeneratorTicks(blocked + lasted),
    userTelephoneNumber: user.own.number,
    userBlockMode: blocks ? 'blocked' : 'unblocked',
    blockReason: blocks
      ? pick(random, ['High Overall Usage', 'High International Usage'])
      : 'Tenant Requested',
    remediationId: randomGuid(random),
  };
}
