/** What the API layer takes and gives, free of sockets: the server turns HTTP into these and back. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Edm } from '../contract/edm.ts';
import type { Body } from '../wire/projection/body.ts';

export interface GraphRequest {
  readonly method: string;
  readonly version: Edm['version'];
  /** Below the version, still percent-encoded: `communications/callRecords/…`. */
  readonly path: string;
  /** After the question mark, still percent-encoded. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  /** `https://host/v1.0`: where the client reached the service, without a slash at the end. */
  readonly serviceRoot: string;
}

export interface GraphResponse {
  readonly status: 200 | 201 | 204 | 304;
  readonly contentType: string;
  /** Absent with 204 and 304. */
  readonly body: Body | undefined;
  readonly etag: string | undefined;
  readonly preferenceApplied?: string | undefined;
  readonly warning?: string | undefined;
  /** Where what was made is. */
  readonly location?: string | undefined;
  /** True for what time alone changes: it is not kept to be sent again. */
  readonly isMomentary?: true;
}
