/** Connection settings for the server in a URL: TLS, time limits, and the messages for its errors. */
import pg from 'pg';
import type { ClientConfig, PoolConfig } from 'pg';
import { StoreDamaged, StoreError } from '../store-errors.ts';
import {
  AllBusy,
  FormerPrimary,
  NoHost,
  OtherHistory,
  OtherServer,
  SilentHost,
  codeOf,
} from './host-errors.ts';
import type { WatchLimits } from './host-watch.ts';
import { type Login, passwordFor } from './password-file.ts';

/** Connections of one process: this many statements run concurrently; others wait. */
export const poolSize = 10;
/**
 * Time limit for connecting to the server, or for a connection of the pool to become free. After it, the request fails
 * and the client may retry.
 */
export const connectTimeoutMs = 5000;
/** Time limits for a host that sends nothing: after both, its connections are closed. */
export const hostLimits: WatchLimits = { quietMs: 1000, probeMs: 2500 };
/** The same limits for a replica; shorter, because the primary can answer instead. */
export const replicaLimits: WatchLimits = { quietMs: 500, probeMs: 750 };
/** Time limit for connecting to a replica. */
export const replicaConnectMs = 1000;
/** Time limit for an answer on one connection while the host is alive. */
const answerTimeoutMs = 20_000;
/** The server's time limit, a little shorter, so that it stops statements whose client has given up. */
const statementTimeoutMs = 15_000;
/** How long a transaction whose client has disappeared may hold its locks. */
const idleTransactionTimeoutMs = 20_000;
const idleConnectionMs = 60_000;
/** TCP then sends a keepalive probe once a second, ten times. */
const keepAliveMs = 10_000;

/** 64-bit integers are read as bigints, because ticks and versions exceed 2^53; all other types as `pg` reads them. */
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, BigInt);

// Called when a server requires a password, and neither the URL nor PGPASSWORD has one.
pg.defaults.password = askPassword as () => Promise<string>; // the driver passes the login
async function askPassword(login: Login): Promise<string> {
  const password = (await passwordFor(login)) ?? '';
  if (password === '') throw new Error('no password');
  return password;
}

/**
 * Returns the driver's settings for a URL.
 *
 * @param url As libpq reads it: `postgres://user:password@host:5432/database?sslmode=verify-full&sslrootcert=ca.pem`.
 */
export function connectionOf(url: string): PoolConfig {
  return {
    // `sslmode` as in libpq: `require` only encrypts, `verify-ca` and `verify-full` verify the server.
    connectionString: /[?&]uselibpqcompat=/.test(url)
      ? url
      : `${url}${url.includes('?') ? '&' : '?'}uselibpqcompat=true`,
    fallback_application_name: 'rollcall',
    max: poolSize,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: answerTimeoutMs,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: idleTransactionTimeoutMs,
    idleTimeoutMillis: idleConnectionMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveMs,
    types,
  };
}

/** Returns the settings for a probe, which has a separate time limit. */
export function probeConnectionOf(url: string): ClientConfig {
  return { ...connectionOf(url), connectionTimeoutMillis: 0, query_timeout: undefined };
}

/** Returns the settings without time limits for statements. */
export function patientConnectionOf(url: string): ClientConfig {
  return {
    ...connectionOf(url),
    query_timeout: undefined,
    statement_timeout: 0,
    idle_in_transaction_session_timeout: 0,
  };
}

/** SQLSTATE of a server, a database or a role that has reached its limit of connections. */
export const tooMany = '53300';

const untrusted =
  'the issuer of its certificate is not trusted. Set sslrootcert to the certificate of that issuer.';
/** Messages for SQLSTATE codes (appendix A of PostgreSQL's manual) and for Node's codes. */
const reasons: Readonly<Record<string, string>> = {
  '28P01': 'the server rejected the password.',
  '28000': 'the server does not let the user connect. Check pg_hba.conf on the server.',
  '3D000': 'the database does not exist. Create it with CREATE DATABASE.',
  '42501':
    'the user does not have a privilege it needs: CREATE on the database for the first start, and ownership of its tables.',
  '25006': 'it is read-only: a standby, or a database set to read-only. Name the primary with --store.',
  '53100': 'the disk of the server is full.',
  '53200': 'the server is out of memory.',
  [tooMany]:
    'all its connections are in use. Raise max_connections or the CONNECTION LIMIT of the user, or run fewer processes.',
  '57P01': 'the server is shutting down, or an administrator ended the connection.',
  '57P02': 'the server is restarting after a crash.',
  '57P03': 'the server is starting up or shutting down.',
  '57014': 'a statement exceeded the time limit.',
  '25P03': 'a transaction was idle for too long.',
  '55P03': 'it could not acquire a lock in time.',
  '23505': 'a new row conflicts with an existing one. Run rollcall verify to find damaged data.',
  '40001': 'transactions conflicted (serialization failure), and all retries failed.',
  '40P01': 'transactions blocked one another (deadlock), and all retries failed.',
  XX001: 'data on the server is damaged. Restore it from a backup.',
  XX002: 'an index on the server is damaged. Run REINDEX on it.',
  ECONNREFUSED: 'no server listens there.',
  ECONNRESET: 'the server closed the connection.',
  EPIPE: 'the server closed the connection.',
  ENOTFOUND: 'the host name does not exist.',
  EAI_AGAIN: 'the host name cannot be resolved at the moment.',
  ETIMEDOUT: 'the server does not answer.',
  EHOSTUNREACH: 'no route to the host.',
  ENETUNREACH: 'no route to the network.',
  ENOENT: 'the socket or a certificate file does not exist.',
  ERR_INVALID_URL: 'its URL is not valid. Write postgres://USER:PASSWORD@HOST:PORT/DATABASE.',
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  CERT_HAS_EXPIRED: 'its certificate has expired.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host.',
};

const silent = 'it does not answer.';
/** Messages for errors of `pg` that have no code. */
const messages: readonly (readonly [RegExp, string])[] = [
  [
    /timeout exceeded when trying to connect|connection terminated due to connection timeout|timeout expired/i,
    silent,
  ],
  [/query read timeout/i, silent],
  [
    /connection terminated|connection error|client has encountered a connection error/i,
    'the connection was lost.',
  ],
  [/does not support SSL/i, 'it does not support TLS, which sslmode requires.'],
  [/^no password$/, 'it requires a password, and neither the URL, PGPASSWORD nor the password file has one.'],
];

/** A statement failed, or got no connection, on a server that is alive: other statements may succeed. */
export class StatementError extends StoreError {}

/**
 * Returns true for an error of a statement after which the connection can be used: SQLSTATE classes 22 to 55, and a
 * timeout.
 */
export function isRefusal(error: unknown): boolean {
  const code = codeOf(error) ?? '';
  return /^(2[2-8]|3|4|53|54|55)[0-9A-Z]+$/.test(code) || code === '57014';
}

/** SQLSTATEs of damaged data and damaged indexes. */
const damage = new Set(['XX001', 'XX002']);

/**
 * Returns an error with a message for the operator, without data of a statement.
 *
 * @param server As `serverName` returns it.
 */
export function storeErrorOf(error: unknown, server: string): StoreError {
  if (error instanceof StoreError) return error;
  const Kind = damage.has(codeOf(error) ?? '')
    ? StoreDamaged
    : error instanceof AllBusy || isRefusal(error)
      ? StatementError
      : StoreError;
  const reason = serverFailureReason(error);
  return new Kind(`The store at ${server} does not work: ${reason}`, { reason });
}

/** Returns why a server does not answer as it should, as the end of a sentence. */
export function serverFailureReason(error: unknown): string {
  if (error instanceof SilentHost) return silent;
  if (error instanceof AllBusy) return 'all connections to it are busy.';
  if (error instanceof OtherServer) return 'no host matches target_session_attrs.';
  if (error instanceof OtherHistory) return reasonOfHistory(error);
  if (error instanceof FormerPrimary)
    return `it was the primary until another server was promoted (its timeline is ${error.timeline}, that of the primary was ${error.newest}). Rebuild it as a standby with pg_rewind or pg_basebackup.`;
  if (error instanceof NoHost)
    return `none of its hosts can be used. ${error.hosts.map((host) => `${host.name}: ${reasonOfHost(host.error)}`).join(' ')}`;
  const code = codeOf(error);
  if (code !== undefined && reasons[code] !== undefined) return reasons[code];
  const message = error instanceof Error ? error.message : '';
  const known = messages.find(([form]) => form.test(message));
  if (known !== undefined) return known[1];
  // A SQLSTATE class says little, and the server's text may hold data.
  return code === undefined ? 'an unexpected error.' : `it reports ${code}.`;
}

function reasonOfHistory({ own, expected }: OtherHistory): string {
  if (own.system !== expected.system)
    return `it belongs to another database cluster (its system identifier is ${own.system}, that of the store is ${expected.system}).`;
  const reason = `it is on another branch of history (its timeline is ${own.timeline}, that of the store is ${expected.timeline})`;
  return own.isCurrent
    ? `${reason}.`
    : `${reason}, as of its last checkpoint. GRANT pg_read_all_stats to the user, so that Rollcall can read the current one.`;
}

function reasonOfHost(error: unknown): string {
  return error instanceof OtherServer
    ? 'it does not match target_session_attrs.'
    : serverFailureReason(error);
}
