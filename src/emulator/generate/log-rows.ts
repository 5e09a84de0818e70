import { blockedUserRow } from './blocked-user-row.ts';
import { dialoutReportRow } from './dialout-report-row.ts';
import { directRoutingRow } from './direct-routing-row.ts';
import type { GenerateOptions } from './generate.ts';
import type { LogSetting } from './log-parties.ts';
import { formatRow, type GeneratedLogRow } from './log-row-text.ts';
import { pstnCallRow } from './pstn-call-row.ts';
import { type Random, randomFor } from './random.ts';
import { smsRow } from './sms-row.ts';
import { toGeneratorTicks } from './ticks.ts';

/** The generator of each kind of row, by row type. */
const makers = {
  pstnCallLogRow: pstnCallRow,
  directRoutingLogRow: directRoutingRow,
  smsLogRow: smsRow,
  pstnBlockedUsersLogRow: blockedUserRow,
  pstnOnlineMeetingDialoutReport: dialoutReportRow,
} as const satisfies Record<string, (setting: LogSetting, random: Random, number: number) => GeneratedLogRow>;

export type LogRowKind = keyof typeof makers;

// Object.keys gives string[]; the table above is closed, so these are its keys.
export const logRowKinds = Object.keys(makers) as LogRowKind[];

/** The same people and days as in call records of the same options, to whose calls some rows refer. */
export interface LogRowOptions extends Omit<GenerateOptions, 'sessions' | 'media'> {
  readonly rows: number;
  /** The kinds to generate; all when absent. */
  readonly kinds?: readonly LogRowKind[];
}

/**
 * Generates rows of the PSTN, direct routing and SMS logs and of the two PSTN reports as JSON texts without line ends, kind after
 * kind, with the members that beta has. Each begins with its `@odata.type`. Row N is the same whatever `rows` is.
 */
export function* generateLogRows(options: LogRowOptions): Generator<string, void, undefined> {
  const { seed, rows, kinds = logRowKinds, users, tenantId, days, until, calls, largest } = options;
  const setting: LogSetting = {
    tenant: { seed, tenantId, users },
    calendar: { until: toGeneratorTicks(until), days },
    calls: { count: calls, largest },
  };
  for (const kind of kinds) {
    for (let number = 0; number < rows; number++) {
      yield formatRow(kind, makers[kind](setting, randomFor(seed, kind, number), number));
    }
  }
}
