/** Defines the requests and responses of the API layer without sockets: the server converts HTTP to and from them. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Edm } from '../contract/edm.ts';
import type { Body } from '../wire/projection/body.ts';

export interface GraphRequest {
  readonly method: string;
  readonly version: Edm['version'];
  /** The path below the version, percent-encoded: `communications/callRecords/…`. */
  readonly path: string;
  /** The query after the question mark, percent-encoded. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  /** `https://host/v1.0`: the base URL that the client used, without a trailing slash. */
  readonly serviceRoot: string;
}

export interface GraphResponse {
  readonly status: 200 | 201 | 204 | 304;
  readonly contentType: string;
  /** Absent with 204 and 304. */
  readonly body?: Body;
  readonly etag?: string | undefined;
  readonly preferenceApplied?: string | undefined;
  readonly warning?: string | undefined;
  /** The URL of a created entity. */
  readonly location?: string | undefined;
  /** True for a response that changes with time alone: it is not cached. */
  readonly isMomentary?: true;
}
