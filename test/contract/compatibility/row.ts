/** A row of the matrix: a request, what Rollcall answers, and the evidence that Graph answers so. */
import { createMovableClock } from '../../../src/base/clock.ts';

export interface Row {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';
  /** Version, path and query; `…/` stands for `/v1.0/communications/callRecords/`, and is written so. */
  readonly request: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** A body that differs from this one in what the row is about: the page shows the difference alone. */
  readonly likeBody?: Readonly<Record<string, unknown>>;
  /**
   * A subscription that is made before with this body: `{id}` in the request and the message is its id. In every body
   * `{endpoint}` is the URL of a webhook, and `{in 60 minutes}` a time.
   */
  readonly subscribed?: Readonly<Record<string, unknown>>;
  /** Which server answers: its options. */
  readonly server?: ServerName;
  /** What Microsoft's documentation or metadata says, or the standard that is named; absent where they are silent. */
  readonly documented?: string;
  /** What was seen of Graph on this API. */
  readonly observed?: Observation;
  /** What was seen of Graph elsewhere, or which client sends such a request: no evidence for this row's answer. */
  readonly related?: string;
  /** Why Rollcall does not do what is documented or was observed: the row is Rollcall's own all the same. */
  readonly departs?: string;
  /** What Rollcall does, where status and message do not say it. */
  readonly note?: string;
  readonly status: number;
  readonly code?: string;
  /** The whole message of a refusal. */
  readonly message?: string;
  /** What must be so of the body of a success, besides being as the OpenAPI document says. */
  readonly holds?: (body: Json, headers: Headers) => boolean;
}

/** A sighting of the live service; without a source and a date it is none. */
interface Observation {
  readonly saw: string;
  /** An issue or pull request (`repository#number`), or a public fixture. */
  readonly source: string;
  /** As exact as the source is. */
  readonly date: `${number}` | `${number}-${number}` | `${number}-${number}-${number}`;
}

export type Mark = 'observed' | 'documented' | 'ours';

/** Returns the strongest evidence that a row has; an answer that departs from it is Rollcall's own. */
export function markOf({ documented, observed, departs }: Row): Mark {
  if (departs !== undefined) return 'ours';
  if (observed !== undefined) return 'observed';
  return documented === undefined ? 'ours' : 'documented';
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
  emulator: { isEmulator: true },
} as const;
export type ServerName = keyof typeof servers;

export interface Area {
  readonly title: string;
  readonly rows: readonly Row[];
}

/** A valid `$filter`, `$orderby` and so on that is refused because the resource does not document it. */
export function unsupported(request: string, option: string, documented?: string): Row {
  return {
    request,
    ...(documented !== undefined && { documented }),
    status: 400,
    code: 'BadRequest',
    message: `The query option '${option}' is not supported by this resource.`,
  };
}

export function refused(request: string, message: string, more: Partial<Row> = {}): Row {
  return { request, status: 400, code: 'BadRequest', message, ...more };
}

export const callType = 'microsoft.graph.callRecords.callRecord';

/** The page says once what this source is. */
export const fixtures = { source: 'pnp/cli-microsoft365', date: '2025' } as const;
/** No page of the documentation has it; the SDKs, which are generated from the metadata, do. */
export const sentBySdks = 'The SDKs send it';
export const caseOfIds = 'Use ids in the case that Graph returns';
