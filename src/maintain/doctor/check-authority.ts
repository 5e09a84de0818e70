/** Checks that an authority publishes the endpoints and keys for verifying and requesting tokens. */
import { authorityClient, AuthorityFailure, fetchJson } from '../../base/authority/authority-fetch.ts';
import { discover, type Discovered } from '../../base/authority/discovery.ts';
import { isEntra, issuersOf, tenantPlaceholder } from '../../contract/entra.ts';
import type { Clock } from '../../base/clock.ts';
import { asObject } from '../../base/json.ts';
import { HttpFailure, type HttpFailureReason } from '../../base/http-client.ts';
import { trimEnd } from '../../base/trim-end.ts';
import { checkClock } from './check-clock.ts';
import { attention, type Finding, well, wrong } from './finding.ts';

interface CheckedAuthority {
  readonly url: string;
  /** Tenants whose tokens are accepted; `undefined` for all of the authority. */
  readonly tenants?: readonly string[] | undefined;
  /** The endpoint where `sync` requests tokens. */
  readonly tokenEndpoint?: string;
  readonly mayBeDevelopment?: boolean;
}

export async function checkAuthority(checked: CheckedAuthority, clock: Clock): Promise<readonly Finding[]> {
  const { url, tokenEndpoint, mayBeDevelopment = true } = checked;
  let date: string | undefined;
  const client: Pick<typeof authorityClient, 'send'> = {
    async send(request, signal) {
      const answer = await authorityClient.send(request, signal);
      ({ date } = answer.headers);
      return answer;
    },
  };
  try {
    const found = await discover(url, client, mayBeDevelopment);
    const { keys } = await fetchJson(found.keysUrl, client);
    return [
      issuerFinding(checked, found),
      keyFinding(url, found.keysUrl, keys),
      endpointFinding(url, tokenEndpoint, found),
      ...checkClock('the authority', date, clock.now()),
    ].filter((finding) => finding !== undefined);
  } catch (error) {
    const message = messageOf(error);
    // The message of a failed request begins with its own URL.
    const says = message.startsWith('http')
      ? `The authority: ${message}.`
      : `The authority ${url}: ${message}.`;
    return [wrong('authority', says, remedyOf(error))];
  }
}

function messageOf(error: unknown): string {
  return error instanceof AuthorityFailure ? error.message : 'the response is not an OpenID configuration';
}

const remedies: Readonly<Partial<Record<HttpFailureReason, string>>> = {
  dns: 'Check the spelling of the host, and that this machine (or container) resolves names.',
  tls: 'Check that the response comes from the authority itself. Set NODE_EXTRA_CA_CERTS to a file of certificates to trust.',
  proxy:
    'Check that HTTPS_PROXY names the proxy and that the proxy allows the authority; NO_PROXY excludes hosts.',
};
const isNotReached =
  'Check the host and port of the URL, and that this machine can connect to it. Behind a proxy, set HTTPS_PROXY and NODE_USE_ENV_PROXY=1.';

function remedyOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof HttpFailure) return remedies[cause.reason] ?? isNotReached;
  return 'Check that --authority is the URL of an OpenID authority with its tenant, such as https://login.microsoftonline.com/TENANT/v2.0.';
}

/**
 * Checks the issuer, which must be the URL (OpenID Connect Discovery 1.0, section 4.3). Microsoft Entra's is that of a
 * tenant or of all tenants.
 */
function issuerFinding({ url, tenants }: CheckedAuthority, { issuer }: Discovered): Finding {
  if (isEntra(url) && issuer.includes(tenantPlaceholder)) {
    if (tenants !== undefined)
      return well(
        'authority',
        `${url} issues tokens of every organization, and --allowed-tenants limits them.`,
      );
    return attention(
      'authority',
      `${url} issues tokens of every organization, and the server accepts all of them.`,
      'Replace common or organizations in the URL with your tenant, or list tenants with --allowed-tenants.',
    );
  }
  const [tenant] = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i.exec(url) ?? [];
  const expected = isEntra(url)
    ? tenant === undefined || issuersOf(url, issuer, tenant.toLowerCase()).length > 0
    : trimEnd(issuer, '/') === trimEnd(url, '/') || issuer.includes(tenantPlaceholder);
  if (expected) return well('authority', `${url} publishes the issuer ${issuer}.`);
  return attention(
    'authority',
    `${url} publishes another issuer, ${issuer}; the server accepts its tokens.`,
    'Set --authority to the issuer, unless you use another address on purpose.',
  );
}

function keyFinding(url: string, keysUrl: string, keys: unknown): Finding {
  const count = Array.isArray(keys) ? keys.filter(isForSignatures).length : 0;
  if (count > 0) return well('authority', `${url} publishes ${count} keys for verifying tokens.`);
  return wrong(
    'authority',
    `${keysUrl} has no key for verifying tokens.`,
    'Check that --authority is the URL of the authority that issues the tokens.',
  );
}

/** Returns true for a public key for signatures, the default use (RFC 7517, section 4). */
function isForSignatures(key: unknown): boolean {
  const { kty, use } = asObject(key) ?? {};
  return (kty === 'RSA' || kty === 'EC') && (use === undefined || use === 'sig');
}

function endpointFinding(
  url: string,
  tokenEndpoint: string | undefined,
  { endpoints }: Discovered,
): Finding | undefined {
  const published = endpoints?.token;
  if (published === undefined || tokenEndpoint === undefined || published === tokenEndpoint) return undefined;
  return attention(
    'authority',
    `Sync requests tokens at ${tokenEndpoint}, but ${url} publishes ${published}.`,
    'Check that --authority is the URL of the authority with its tenant.',
  );
}
