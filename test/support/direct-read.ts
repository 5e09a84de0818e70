/** Calls the read pipeline without a socket: gives the responses of a server, thousands of times a second. */
import { gunzipSync } from 'node:zlib';
import { answerBatch } from '../../src/graph/batch.ts';
import { encodeBody } from '../../src/serve/http/encode-body.ts';
import type { GraphRequest, GraphResponse } from '../../src/graph/messages.ts';
import { read } from '../../src/graph/read.ts';
import { createSkipTokens } from '../../src/query/odata/skip-token.ts';
import type { Deprecated } from '../../src/query/plan/read-plan.ts';
import type { CallRecordStore } from '../../src/store/store.ts';

export const tenantId = '11111111-1111-4111-8111-111111111111';

export interface DirectRequest {
  /** Below the version, with the query. */
  readonly url: string;
  readonly version: GraphRequest['version'];
  readonly prefer: string;
  readonly accept: string;
  readonly deprecated: Deprecated;
  readonly reconciled: boolean;
}

const host = 'https://rollcall.example';
const clock = () => new Date(Date.UTC(2026, 10, 1));
const skipTokens = createSkipTokens(Buffer.alloc(32, 7));
const caller = { tenantId, appId: 'a', principalId: 'a', roles: ['CallRecords.Read.All'], delegated: false };

/** Reads without a socket. @throws Fault as the pipeline does */
export function directRead(store: CallRecordStore, request: DirectRequest): Promise<GraphResponse> {
  return read(graphRequest(request), caller, partsOf(store, request));
}

/** Returns the response text of a batch of these requests, all with the options of the first. */
export async function directBatch(
  store: CallRecordStore,
  requests: readonly [DirectRequest, ...DirectRequest[]],
): Promise<string> {
  const [first] = requests;
  const items = requests.map(({ url, prefer, accept }, i) => ({
    id: String(i),
    method: 'GET',
    url: `/${url}`,
    headers: { accept, ...(prefer !== '' && { prefer }) },
  }));
  const batch = { ...graphRequest(first), method: 'POST', path: '$batch', query: '' };
  const body = await answerBatch(batch, Buffer.from(JSON.stringify({ requests: items })), {
    answer: (one) => read(one, caller, partsOf(store, first)),
    intercept: undefined,
    ready: () => undefined,
    keep: () => undefined,
    challenge: '',
    clock,
    onDefect: (error) => {
      throw error;
    },
  });
  return body.toString();
}

export function bodyText({ body }: GraphResponse, isGzip: boolean): string {
  const encoded = encodeBody(body!, isGzip ? 'gzip' : undefined);
  const bytes =
    typeof encoded.body === 'string' ? Buffer.from(encoded.body, 'latin1') : Buffer.concat(encoded.body);
  return (encoded.encoding === 'gzip' ? gunzipSync(bytes) : bytes).toString();
}

/** Converts a next link to `DirectRequest.url`. */
export function urlOfLink(link: string): string {
  return link.slice(host.length).replace(/^\/(v1\.0|beta)\//, '');
}

function graphRequest({ url, version, prefer, accept }: DirectRequest): GraphRequest {
  const [path = '', query = ''] = url.split('?');
  const headers = { accept, ...(prefer !== '' && { prefer }) };
  return { method: 'GET', version, path, query, headers, serviceRoot: `${host}/${version}` };
}

function partsOf(store: CallRecordStore, { deprecated, reconciled }: DirectRequest) {
  return {
    store,
    skipTokens,
    cloud: 'global',
    loose: false,
    deprecated,
    visibility: { retentionDays: undefined, lateMinutes: 0, clock },
    reconciled,
    throttle: undefined,
  } as const;
}
