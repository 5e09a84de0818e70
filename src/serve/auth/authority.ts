/** Where tokens come from: an OpenID authority whose keys are fetched and refreshed, or the development issuer. */
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
  /** @returns `undefined` when the authority has no such key for the token's issuer, even after asking again. */
  key(token: TokenFacts): Promise<VerificationKey | undefined>;
  /** True when this authority issues tokens of the tenant under this issuer. */
  accepts(issuer: string, tenantId: string): Promise<boolean>;
  /** How many requests to it failed; absent for an authority that is never asked. */
  readonly failures?: () => number;
}

/** An authority that is asked over HTTP. */
export interface OpenIdAuthority extends Authority {
  /** @returns `undefined` when it publishes none: nobody signs in there. @throws Fault `unavailable` */
  signInEndpoints(): Promise<SignInEndpoints | undefined>;
  /**
   * Fetches its keys, unless they are known and its last response was good.
   *
   * @param isForced Fetches them in any case.
   * @throws AuthorityFailure
   */
  fetchKeys(isForced?: boolean): Promise<void>;
  /** True since its keys were fetched for the first time. */
  readonly hasKeys: boolean;
}

/** An authority whose keys are at hand, and whose issuer is known by its path. */
export function localAuthority(pathOf: (tenantId: string) => string, keys: readonly JWK[]): Authority {
  const set = createLocalJWKSet({ keys: [...keys] });
  return {
    key: ({ header }) => keyOf(() => set(header)),
    accepts: (issuer, tenantId) => Promise.resolve(issuer.endsWith(pathOf(tenantId))),
  };
}

/** The shortest time between requests for an unknown key, or to an authority that failed. */
const cooldownMs = 30_000;
/** Documents are fetched again after this long; known ones are used in the meantime. */
const refreshMs = 3600_000;
/** Keys are not believed longer than this, so that one withdrawn is not trusted for ever. */
const maxAgeMs = 24 * 3600_000;

export interface OpenIdOptions {
  /** The authority's URL: `https://login.microsoftonline.com/{tenant}/v2.0`. */
  readonly url: string;
  /** In lower case: the tenants that it speaks for; all when absent. */
  readonly tenants?: readonly string[] | undefined;
  /** Called when it stops answering, and when it answers again. */
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
 * An OpenID authority (OpenID Connect Discovery 1.0, section 4).
 *
 * Microsoft Entra publishes `https://login.microsoftonline.com/{tenantid}/v2.0` as its issuer, with the placeholder
 * where any organisation may sign in; it stands for the token's own tenant.
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

  /** Callers at the same time share one request. */
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
      // Callers do not wait for it while known keys are recent enough; `watch` reports a failure.
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
      // Entra publishes with a key whose tokens it is for: a consumer's key signs for no organisation.
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

/** @returns `undefined` for a key that is not there, that is one of several, or that cannot be used. */
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
