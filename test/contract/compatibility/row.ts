/** A row of the matrix: a request, what is known of Graph's answer, and what Rollcall answers. */
import { createMovableClock } from '../../../src/clock.ts';

export interface Row {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';
  /** Version, path and query; `…/` stands for `/v1.0/communications/callRecords/`, and is written so. */
  readonly request: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Which server answers: its options. */
  readonly server?: ServerName;
  /** What the documentation says; `–` when it is silent. */
  readonly documented: string;
  /** What was seen of the live service, with the source; `–` when nothing was. */
  readonly observed?: string;
  /** What Rollcall does, in words, where status and message do not say it. */
  readonly note?: string;
  readonly status: number;
  readonly code?: string;
  /** The whole message of a refusal. */
  readonly message?: string;
  /** What must be so of the body of a success, besides being as the OpenAPI document says. */
  readonly holds?: (body: Json, headers: Headers) => boolean;
}

export type Json = Readonly<Record<string, unknown>> & { readonly value?: readonly Json[] };

export const servers = {
  usual: {},
  loose: { loose: true },
  usgov: { cloud: 'usgov' },
  dod: { cloud: 'usgov-dod' },
  china: { cloud: 'china' },
  empty: { deprecated: 'empty' },
  absent: { deprecated: 'absent' },
  forgetful: { retentionDays: 30, clock: createMovableClock(new Date('2026-04-15T00:00:00Z')) },
  late: { lateMinutes: 150, clock: createMovableClock(new Date('2026-03-02T12:00:00Z')) },
  throttled: { throttleScale: 1 },
  cors: { corsOrigins: ['https://app.example'] },
} as const;
export type ServerName = keyof typeof servers;

export interface Area {
  readonly title: string;
  readonly rows: readonly Row[];
}

/** A valid `$filter`, `$orderby` and so on that is refused because the resource does not document it. */
export function unsupported(request: string, option: string, documented = '–', observed?: string): Row {
  return {
    request,
    documented,
    ...(observed !== undefined && { observed }),
    status: 400,
    code: 'BadRequest',
    message: `The query option '${option}' is not offered by this resource.`,
  };
}

export function refused(request: string, message: string, more: Partial<Row> = {}): Row {
  return { request, documented: '–', status: 400, code: 'BadRequest', message, ...more };
}

export const callType = 'microsoft.graph.callRecords.callRecord';
