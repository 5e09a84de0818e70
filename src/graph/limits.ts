/** Sets the time and the number of connections that one client may use (SECURITY.md lists every limit). */

export interface HttpLimits {
  /** Bytes of the request line and the headers. */
  readonly headerBytes: number;
  /** From the first byte of a request, or from the connection, to the end of its headers; of TLS, of its handshake. */
  readonly headersMs: number;
  /** From the first byte of a request to the end of its body. */
  readonly requestMs: number;
  /** How long a connection may stay without a request; 0 for ever. */
  readonly idleMs: number;
  /** How long a response waits for a client that does not read it. */
  readonly stalledMs: number;
  /** Connections of one process; those beyond are closed. */
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

/**
 * Of the workers of a server, which hold their clients to the limits: theirs come first, so that it is the worker that
 * answers for them, and what a worker does not end is ended all the same.
 */
export const workerLimits: HttpLimits = {
  headerBytes: 2 * clientLimits.headerBytes,
  headersMs: 2 * clientLimits.headersMs,
  requestMs: 2 * clientLimits.requestMs,
  idleMs: 0,
  stalledMs: 2 * clientLimits.stalledMs,
  connections: Infinity,
};

/** How often Node checks for connections that are too slow: limits are accurate to half a second. */
export const checkMs = 500;

/** Graph refuses longer URLs. */
export const maxUrlLength = 8192;
