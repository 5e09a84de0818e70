import { planCall } from './call-plan.ts';
import { callRecord } from './call-record.ts';
import type { Tenant } from './tenant.ts';
import { toGeneratorTicks } from './ticks.ts';

export interface GenerateOptions {
  /** An integer seed. The same options produce the same bytes. */
  readonly seed: number;
  readonly calls: number;
  /** Users of the tenant; other people around it are in proportion. */
  readonly users: number;
  /** Participants of the largest call, 2 to `largestMeeting`; exactly one call is that large. */
  readonly largest: number;
  /** The number of days before the day of `until` that have calls. */
  readonly days: number;
  /** The latest modification time of any record. */
  readonly until: Date;
  readonly tenantId: string;
  readonly sessions: boolean;
  /** True when segments contain media. */
  readonly media: boolean;
}

/** The largest meeting whose record always fits in a line of 24 MiB. */
export const largestMeeting = 20_000;

export const defaultGenerateOptions: GenerateOptions = {
  seed: 1,
  calls: 100,
  users: 500,
  largest: 1_250,
  days: 30,
  until: new Date('2026-11-01T00:00:00Z'),
  tenantId: '11111111-1111-4111-8111-111111111111',
  sessions: true,
  media: true,
};

/**
 * Generates the call records of a fictional tenant as JSON texts without line ends. The versions of a call are adjacent.
 * Call N is the same whatever `calls` is.
 */
export function* generateLines(options: GenerateOptions): Generator<string, void, undefined> {
  const tenant: Tenant = { seed: options.seed, tenantId: options.tenantId, users: options.users };
  const calendar = { until: toGeneratorTicks(options.until), days: options.days };
  for (let number = 0; number < options.calls; number++) {
    const plan = planCall(tenant, calendar, options.largest, number);
    for (const edition of plan.editions) yield JSON.stringify(callRecord(plan, edition, options));
  }
}
