/**
 * Implements `POST /{tenant}/oauth2/v2.0/token` as Entra does: exchanges client credentials for an access token (RFC 6749,
 * section 4.4), or the code of a sign-in for an ID token.
 */
import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { isGuid } from '../../contract/ids.ts';
import { developmentMark } from '../../base/authority/discovery.ts';
import { assertedClient, assertionProblem, assertionType } from './client-assertion.ts';
import type { AuthorizationCodes } from './authorize-endpoint.ts';
import { answerCodeGrant } from './code-grant.ts';
import type { Clients } from './clients.ts';
import { graphAudiences } from '../../base/development.ts';
import { type Issuer, issuerOf } from './issuer.ts';

interface TokenForm {
  readonly tenant: string;
  readonly contentType: string | undefined;
  readonly body: string;
  readonly authorization: string | undefined;
  /** The origin by which the client reached the endpoint. */
  readonly origin: string;
}

export interface JsonAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

interface TokenEndpointParts {
  readonly issuer: Issuer;
  readonly clients: Clients;
  readonly codes: AuthorizationCodes;
  readonly clock: () => Date;
}

const lifetimeSeconds = 3599;
const grantTypes = ['client_credentials', 'authorization_code'];

type Refusal = readonly [status: number, error: string, code: number, message: string];

/** As Entra has them. */
const refusals = {
  notAForm: [400, 'invalid_request', 900144, 'The body must be a form: application/x-www-form-urlencoded.'],
  noTenant: [400, 'invalid_request', 90002, 'The tenant in the path must be a tenant id.'],
  otherGrant: [
    400,
    'unsupported_grant_type',
    70003,
    "This issuer offers grant_type 'client_credentials' and 'authorization_code' alone.",
  ],
  unknownClient: [
    400,
    'unauthorized_client',
    700016,
    'The application is not known in this tenant: it is not the development client and not registered with the control API.',
  ],
  otherAssertion: [400, 'invalid_request', 900144, `The client_assertion_type must be '${assertionType}'.`],
  wrongSecret: [401, 'invalid_client', 7000215, 'The client secret is not one of the application.'],
  badCode: [400, 'invalid_grant', 70000, 'The code, its redirect_uri or its code_verifier is not valid.'],
  otherScope: [400, 'invalid_scope', 1002012, "The scope must end in '/.default' for client credentials."],
} as const satisfies Record<string, Refusal>;

/** Returns an error of Entra's token endpoint (RFC 6749, section 5.2). */
export function refusal(now: Date, [status, error, code, message]: Refusal): JsonAnswer {
  return {
    status,
    body: {
      error,
      error_description: `AADSTS${code}: ${message}`,
      error_codes: [code],
      timestamp: `${now.toISOString().slice(0, 19).replace('T', ' ')}Z`,
      trace_id: randomUUID(),
      correlation_id: randomUUID(),
    },
  };
}

export async function answerTokenRequest(
  form: TokenForm,
  { issuer, clients, codes, clock }: TokenEndpointParts,
): Promise<JsonAnswer> {
  const refuse = (name: keyof typeof refusals) => refusal(clock(), refusals[name]);
  if (!/^application\/x-www-form-urlencoded\b/i.test(form.contentType ?? '')) return refuse('notAForm');
  const fields = new URLSearchParams(form.body);
  if (!isGuid(form.tenant)) return refuse('noTenant');
  const grantType = fields.get('grant_type') ?? '';
  if (!grantTypes.includes(grantType)) return refuse('otherGrant');
  const { id, secret, assertion } = credentialsOf(fields, form.authorization);
  const client = clients.find(id);
  if (client === undefined || client.tenants?.includes(form.tenant.toLowerCase()) === false)
    return refuse('unknownClient');
  // A public client has no secret: the verifier of the code proves it.
  const isPublic = grantType === 'authorization_code';
  if (assertion !== undefined) {
    if (fields.get('client_assertion_type') !== assertionType) return refuse('otherAssertion');
    const audiences = audiencesOf(form);
    const problem = await assertionProblem(assertion, client.id, client.certificates, audiences, clock());
    if (problem !== undefined)
      return refusal(clock(), [401, 'invalid_client', problem.code, problem.message]);
  } else if (!(isPublic && secret === '') && !client.secrets.some((one) => isEqual(secret, one)))
    return refuse('wrongSecret');
  if (grantType === 'authorization_code') {
    const tenantId = form.tenant.toLowerCase();
    const request = { tenantId, client, fields, origin: form.origin, lifetimeSeconds };
    const body = await answerCodeGrant(request, issuer, codes);
    return body === undefined ? refuse('badCode') : { status: 200, body };
  }
  if (!isDefaultScope(fields.get('scope') ?? '') && !fields.has('resource')) return refuse('otherScope');
  const access_token = await issuer.token({
    tenantId: form.tenant.toLowerCase(),
    clientId: client.id,
    roles: client.roles,
    isCertified: assertion !== undefined,
    delegated: false,
    expiresInSeconds: lifetimeSeconds,
    audience: graphAudiences[0],
    layout: 'v1',
    origin: form.origin,
  });
  const expiry = { expires_in: lifetimeSeconds, ext_expires_in: lifetimeSeconds };
  return { status: 200, body: { token_type: 'Bearer', ...expiry, access_token } };
}

/** MSAL for Go and for Java send the scopes of OpenID Connect with every request. */
const openIdScopes = new Set(['openid', 'profile', 'email', 'offline_access']);

/** Client credentials are for one resource, by its `/.default`. */
function isDefaultScope(scope: string): boolean {
  const [resource = '', second] = scope.split(' ').filter((one) => one !== '' && !openIdScopes.has(one));
  return second === undefined && /^\S+\/\.default$/.test(resource);
}

/** Returns the accepted audiences of an assertion: either token endpoint, or the issuer. */
function audiencesOf({ tenant, origin }: TokenForm): string[] {
  const paths = ['oauth2/v2.0/token', 'oauth2/token', 'v2.0'];
  return paths.map((path) => `${origin}/${tenant}/${path}`);
}

interface Credentials {
  readonly id: string;
  readonly secret: string;
  readonly assertion?: string | undefined;
}

/** Reads the credentials from the form or from HTTP Basic (RFC 6749, section 2.3.1). */
function credentialsOf(fields: URLSearchParams, authorization: string | undefined): Credentials {
  const assertion = fields.get('client_assertion') ?? undefined;
  const basic = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(authorization ?? '')?.[1];
  if (basic === undefined || assertion !== undefined) {
    const id = fields.get('client_id') ?? assertedClient(assertion ?? '') ?? '';
    return { id, secret: fields.get('client_secret') ?? '', assertion };
  }
  const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString().split(':', 2);
  return { id, secret };
}

/** Compares in constant time, so that timing reveals nothing about the secret. */
function isEqual(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** Returns the discovery document of a tenant, for a server reached at `origin`. */
export function discoveryDocument(tenant: string, origin: string) {
  const base = `${origin}/${tenant}`;
  return {
    issuer: issuerOf(tenant, origin),
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
    token_endpoint_auth_methods_supported: [
      ...['client_secret_post', 'client_secret_basic', 'private_key_jwt', 'none'],
    ],
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    code_challenge_methods_supported: ['S256'],
    grant_types_supported: grantTypes,
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['ES256'],
    scopes_supported: ['openid', 'profile', 'https://graph.microsoft.com/.default'],
    [developmentMark]: true,
  };
}
