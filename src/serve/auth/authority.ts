/** Provides verification keys: those of an OpenID authority, fetched and refreshed, or of the development issuer. */
import { createLocalJWKSet, createRemoteJWKSet, customFetch, type JWK } from 'jose';
import { Fault } from '../../contract/faults.ts';
import type { HttpClient } from '../../base/http-client.ts';
import {
  authorityClient,
  AuthorityFailure,
  type AuthorityGuard,
  createAuthorityGuard,
  fetchJson,
  type FetchWatch,
} from '../../base/authority/authority-fetch.ts';
import { discover, type Discovered, type SignInEndpoints } from '../../base/authority/discovery.ts';
import { issuersOf } from '../../contract/entra.ts';

/** The claims of a token before it is verified. */
export interface TokenFacts {
  readonly header: { readonly alg: string; readonly kid?: string };
  readonly issuer: string;
  readonly tenantId: string;
}

type VerificationKey = Awaited<ReturnType<ReturnType<typeof createLocalJWKSet>>>;

export interface Authority {
  /** Finds the key for a token. @returns `undefined` when the issuer has none, even after a refresh. */
  key(token: TokenFacts): Promise<VerificationKey | undefined>;
  /** Returns true when this authority issues tokens for the tenant under this issuer. */
  accepts(issuer: string, tenantId: string): Promise<boolean>;
  /** Returns the number of failed requests to the authority; absent for one without requests. */
  readonly failures?: () => number;
}

/** An authority whose keys and endpoints are fetched over HTTP. */
export interface OpenIdAuthority extends Authority {
  /** Returns the endpoints for sign-in, if it publishes any. @throws Fault `unavailable` */
  signInEndpoints(): Promise<SignInEndpoints | undefined>;
  /** Fetches the keys, unless they are known and the last response was valid. @throws AuthorityFailure */
  fetchKeys(isForced?: boolean): Promise<void>;
  /** True once the keys have been fetched. */
  readonly hasKeys: boolean;
}

/** Creates an authority with local keys, whose issuer is recognized by its path. */
export function localAuthority(pathOf: (tenantId: string) => string, keys: readonly JWK[]): Authority {
  const set = createLocalJWKSet({ keys: [...keys] });
  return {
    key: ({ header }) => keyOf(() => set(header)),
    accepts: (issuer, tenantId) => Promise.resolve(issuer.endsWith(pathOf(tenantId))),
  };
}

/** The shortest time between requests for an unknown key, or to an authority that failed. */
const cooldownMs = 30_000;
/** The age after which documents are fetched again; the known ones are used until then. */
const refreshMs = 3600_000;
/** The maximum age of keys, so that a withdrawn key is not trusted forever. */
const maxAgeMs = 24 * 3600_000;

export interface OpenIdOptions {
  /** The authority's URL: `https://login.microsoftonline.com/{tenant}/v2.0`. */
  readonly url: string;
  /** The tenants, in lower case, that the authority may issue tokens for; all when absent. */
  readonly tenants?: readonly string[] | undefined;
  /** Called when the authority stops responding, and when it responds again. */
  readonly watch?: FetchWatch | undefined;
  /** False to reject a development server, which issues tokens without authentication. */
  readonly mayBeDevelopment?: boolean;
  /** Sends the requests: for tests. */
  readonly client?: Pick<HttpClient, 'send'>;
}

interface Published extends Discovered {
  readonly keys: ReturnType<typeof createRemoteJWKSet>;
  readonly atMs: number;
}

/**
 * Creates an OpenID authority (OpenID Connect Discovery 1.0, section 4).
 *
 * Microsoft Entra publishes `https://login.microsoftonline.com/{tenantid}/v2.0` as the issuer of endpoints for any
 * organization; the placeholder stands for the token's own tenant.
 */
export function openIdAuthority({
  url,
  tenants,
  watch,
  mayBeDevelopment = true,
  client = authorityClient,
}: OpenIdOptions): OpenIdAuthority {
  const guard = createAuthorityGuard(cooldownMs, watch);
  let published: Published | undefined;
  let underWay: Promise<Published> | undefined;
  let hasKeys = false;

  /** Refreshes the documents. Concurrent callers share one request. */
  function renew(): Promise<Published> {
    return (underWay ??= publish().finally(() => (underWay = undefined)));
  }

  async function publish(): Promise<Published> {
    const found = await guard.attempt('discovery', () => discover(url, client, mayBeDevelopment));
    const keys = published?.keysUrl === found.keysUrl ? published.keys : keysAt(found.keysUrl, guard, client);
    return (published = { ...found, keys, atMs: Date.now() });
  }

  async function current(): Promise<Published> {
    if (published === undefined) return renew();
    const isDue = underWay === undefined && Date.now() - published.atMs > refreshMs;
    if (isDue && guard.mayTry('discovery')) {
      // Callers do not wait for the refresh while known keys are recent enough; `watch` reports a failure.
      void renew()
        .then(({ keys }) => keys.reload())
        .catch(() => undefined);
    }
    return published;
  }

  return {
    failures: () => guard.failures,
    get hasKeys() {
      return (hasKeys ||= published?.keys.jwks() !== undefined);
    },
    async fetchKeys(isForced = false) {
      if (this.hasKeys && !guard.isDown && !isForced) return;
      guard.allowRetry();
      const { keys } = await renew();
      await keys.reload();
    },
    async key({ header, issuer, tenantId }) {
      const { keys } = await orUnavailable(current);
      const key = await keyOf(() => orUnavailable(() => keys(header)));
      const meant =
        keys.jwks()?.keys.filter(({ kid }) => header.kid === undefined || kid === header.kid) ?? [];
      // Entra publishes the issuer of each key: a key for consumer accounts does not sign for organizations.
      const isForIssuer = ({ issuer: own }: JWK & { readonly issuer?: unknown }) =>
        own === undefined || (typeof own === 'string' && issuersOf(url, own, tenantId).includes(issuer));
      return meant.every(isForIssuer) ? key : undefined;
    },
    async accepts(issuer, tenantId) {
      if (tenants?.includes(tenantId) === false) return false;
      return issuersOf(url, (await orUnavailable(current)).issuer, tenantId).includes(issuer);
    },
    async signInEndpoints() {
      const { issuer, endpoints } = await orUnavailable(current);
      return endpoints && { issuer, ...endpoints };
    },
  };
}

function keysAt(url: string, guard: AuthorityGuard, client: Pick<HttpClient, 'send'>): Published['keys'] {
  return createRemoteJWKSet(new URL(url), {
    cooldownDuration: cooldownMs,
    cacheMaxAge: maxAgeMs,
    [customFetch]: (address) =>
      guard.attempt('keys', async () => {
        const { keys } = await fetchJson(address, client);
        if (!Array.isArray(keys)) throw new AuthorityFailure('the key document has no keys');
        // Each key is checked when it is imported; entries that are not objects are skipped.
        return Response.json({ keys: keys.filter((key) => typeof key === 'object' && key !== null) });
      }),
  });
}

/** Runs a key lookup. @returns `undefined` for a key that is missing, ambiguous or unusable. */
async function keyOf(find: () => Promise<VerificationKey>): Promise<VerificationKey | undefined> {
  try {
    return await find();
  } catch (error) {
    if (error instanceof Fault) throw error;
    return undefined;
  }
}

async function orUnavailable<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof AuthorityFailure)) throw error;
    throw new Fault('unavailable', 'The authority that issues the tokens does not answer. Try again.', {
      cause: error,
    });
  }
}
