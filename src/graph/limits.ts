/** Sets the time and the number of connections that one client may use (SECURITY.md lists every limit). */

export interface HttpLimits {
  /** Bytes of the request line and the headers. */
  readonly headerBytes: number;
  /** Limits the time to the end of the headers, from the connection or the first byte; also of a TLS handshake. */
  readonly headersMs: number;
  /** Limits the time from the first byte of a request to the end of its body. */
  readonly requestMs: number;
  /** Limits the time a connection may stay idle; 0 means no limit. */
  readonly idleMs: number;
  /** Limits the time a response waits for a client that does not read it. */
  readonly stalledMs: number;
  /** Limits the connections of one process; further ones are closed. */
  readonly connections: number;
}

export const clientLimits: HttpLimits = {
  headerBytes: 32_768,
  headersMs: 15_000,
  requestMs: 30_000,
  idleMs: 65_000,
  stalledMs: 60_000,
  connections: 10_000,
};

/** The supervisor's limits for workers, which apply the clients' limits first. */
export const workerLimits: HttpLimits = {
  headerBytes: 2 * clientLimits.headerBytes,
  headersMs: 2 * clientLimits.headersMs,
  requestMs: 2 * clientLimits.requestMs,
  idleMs: 0,
  stalledMs: 2 * clientLimits.stalledMs,
  connections: Infinity,
};

/** The interval at which Node checks for slow connections: limits are accurate to half a second. */
export const checkMs = 500;

/** Rejects longer URLs, as Graph does. */
export const maxUrlLength = 8192;
