/** Where tokens come from: an OpenID authority whose keys are fetched and refreshed, or the development issuer. */
import { importJWK, type JWK } from 'jose';
import { Fault } from '../faults.ts';
import { trimEnd } from '../trim-end.ts';

export type VerificationKey = Awaited<ReturnType<typeof importJWK>>;

export interface Authority {
  /** @returns `undefined` when the authority has no such key, even after asking again. */
  key(keyId: string | undefined, algorithm: string): Promise<VerificationKey | undefined>;
  /** True when this authority issues tokens of the tenant under this issuer. */
  accepts(issuer: string, tenantId: string): Promise<boolean>;
}

/** Where a browser is sent to sign in, and where the code that it comes back with is exchanged. */
export interface SignInEndpoints {
  /** As published: with Microsoft Entra's placeholder where any organisation may sign in. */
  readonly issuer: string;
  readonly authorization: string;
  readonly token: string;
}

/** An authority that is asked over HTTP. */
export interface OpenIdAuthority extends Authority {
  /** @returns `undefined` when it publishes none: nobody signs in there. @throws Fault `unavailable` */
  signInEndpoints(): Promise<SignInEndpoints | undefined>;
}

/** Stands in an issuer that is published for every organisation. */
export const tenantPlaceholder = '{tenantid}';

/** An authority whose keys are at hand, and whose issuer is known by its path. */
export function localAuthority(pathOf: (tenantId: string) => string, keys: readonly JWK[]): Authority {
  return {
    key: (keyId, algorithm) => importKey(keys, keyId, algorithm),
    accepts: (issuer, tenantId) => Promise.resolve(issuer.endsWith(pathOf(tenantId))),
  };
}

/** A key that is not known is asked for again, but not more often than this. */
const refetchIntervalMs = 30_000;
/** Keys are asked for again after this long, so that one withdrawn is not trusted for ever. */
const maxAgeMs = 24 * 3600_000;

/** A member of what the development issuer publishes, and no other: whoever likes gets a token of it. */
export const developmentMark = 'rollcall_development_issuer';

export interface OpenIdOptions {
  /** The authority's URL: `https://login.microsoftonline.com/{tenant}/v2.0`. */
  readonly url: string;
  readonly clock: () => Date;
  /** Fetches a JSON document; the default speaks HTTP. */
  readonly fetchJson?: (url: string) => Promise<unknown>;
  /** Told that the authority is a development server: nothing of it is taken. Absent where it may be one. */
  readonly onDevelopment?: (() => void) | undefined;
}

interface Published {
  readonly issuer: string;
  readonly endpoints: Omit<SignInEndpoints, 'issuer'> | undefined;
  readonly keys: readonly JWK[];
  readonly fetchedAt: number;
}

/**
 * An OpenID authority (OpenID Connect Discovery 1.0, section 4).
 *
 * Microsoft Entra publishes `https://login.microsoftonline.com/{tenantid}/v2.0` as its issuer, with the placeholder
 * where any organisation may sign in; it stands for the token's own tenant. Entra's v1 tokens, which Graph's are,
 * name `https://sts.windows.net/{tenant}/` instead.
 */
export function openIdAuthority(options: OpenIdOptions): OpenIdAuthority {
  const { url, clock, fetchJson = fetchDocument, onDevelopment } = options;
  const base = trimEnd(url, '/');
  const isEntra =
    /^https:\/\/login\.(microsoftonline\.com|microsoftonline\.us|partner\.microsoftonline\.cn)\//.test(
      `${base}/`,
    );
  let published: Published | undefined;
  let lastTry = Number.NEGATIVE_INFINITY;
  let underWay: Promise<void> | undefined;

  async function refresh(): Promise<void> {
    lastTry = clock().getTime();
    const configuration = record(await fetchJson(`${base}/.well-known/openid-configuration`));
    if (onDevelopment !== undefined && configuration[developmentMark] === true) {
      onDevelopment();
      throw new Error('It is a development server.');
    }
    const { issuer, jwks_uri: keysUrl } = configuration;
    if (typeof issuer !== 'string' || typeof keysUrl !== 'string')
      throw new Error('The discovery document is not one.');
    const { keys } = record(await fetchJson(keysUrl));
    if (!Array.isArray(keys)) throw new Error('The key document is not one.');
    // Each key is checked when it is imported; what is not even an object is none.
    published = {
      issuer,
      endpoints: endpointsOf(configuration),
      keys: keys.filter((key) => typeof key === 'object' && key !== null) as JWK[],
      fetchedAt: clock().getTime(),
    };
  }

  /** Fetches what is published unless it was tried a moment ago; callers at the same time share one fetch. */
  async function refreshIfDue(): Promise<void> {
    if (underWay === undefined) {
      if (clock().getTime() - lastTry < refetchIntervalMs) return;
      underWay = refresh().finally(() => (underWay = undefined));
    }
    try {
      await underWay;
    } catch {
      // What was known goes on being used; with nothing known, `current` says so.
    }
  }

  async function current(): Promise<Published> {
    if (published === undefined || clock().getTime() - published.fetchedAt > maxAgeMs) await refreshIfDue();
    if (published === undefined) {
      throw new Fault('unavailable', 'The authority that issues the tokens does not answer. Try again.');
    }
    return published;
  }

  return {
    async key(keyId, algorithm) {
      const known = await importKey((await current()).keys, keyId, algorithm);
      if (known !== undefined) return known;
      await refreshIfDue();
      return importKey((await current()).keys, keyId, algorithm);
    },
    async accepts(issuer, tenantId) {
      const { issuer: template } = await current();
      if (issuer === template.replace(tenantPlaceholder, tenantId)) return true;
      if (!isEntra || issuer !== `https://sts.windows.net/${tenantId}/`) return false;
      // A v1 token of the tenant the authority is for, or of any when it is for all.
      return template.includes(tenantPlaceholder) || template.includes(tenantId);
    },
    async signInEndpoints() {
      const { issuer, endpoints } = await current();
      return endpoints && { issuer, ...endpoints };
    },
  };
}

function endpointsOf(configuration: Readonly<Record<string, unknown>>): Published['endpoints'] {
  const { authorization_endpoint: authorization, token_endpoint: token } = configuration;
  return isHttpUrl(authorization) && isHttpUrl(token) ? { authorization, token } : undefined;
}

function isHttpUrl(value: unknown): value is string {
  return typeof value === 'string' && /^https?:$/.test(URL.parse(value)?.protocol ?? '');
}

const imported = new WeakMap<JWK, Map<string, Promise<VerificationKey>>>();

async function importKey(
  keys: readonly JWK[],
  keyId: string | undefined,
  algorithm: string,
): Promise<VerificationKey | undefined> {
  const jwk = keys.find(
    (key) =>
      (key.kid === keyId || keyId === undefined) &&
      key.kty === keyTypeOf(algorithm) &&
      (key.use ?? 'sig') === 'sig' &&
      (key.alg ?? algorithm) === algorithm,
  );
  if (jwk === undefined) return undefined;
  const known = imported.get(jwk) ?? new Map<string, Promise<VerificationKey>>();
  imported.set(jwk, known);
  const key = known.get(algorithm) ?? importJWK({ ...jwk }, algorithm);
  known.set(algorithm, key);
  return key;
}

function keyTypeOf(algorithm: string): string {
  return algorithm.startsWith('ES') ? 'EC' : 'RSA';
}

const fetchTimeoutMs = 10_000;

async function fetchDocument(url: string): Promise<unknown> {
  const response = await fetch(url, {
    signal: AbortSignal.timeout(fetchTimeoutMs),
    headers: { accept: 'application/json' },
  });
  if (!response.ok) throw new Error(`The authority answered ${response.status}.`);
  return response.json();
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new Error('A JSON object was expected.');
  return value as Readonly<Record<string, unknown>>; // each member is checked where it is read
}
