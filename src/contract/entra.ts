/** Microsoft Entra's hosts in each cloud, the issuers of its tokens, and the audiences of Microsoft Graph. */
import { authoritiesOfGraph } from './graph-authorities.ts';
import { isGuid } from './ids.ts';
import { trimEnd } from '../base/trim-end.ts';
import { graphAudiences } from '../base/development.ts';

interface Cloud {
  /** Hosts of the authority; all publish the same issuer. */
  readonly hosts: readonly string[];
  /** The host of the issuer of v1 tokens: `https://HOST/TENANT/`. */
  readonly v1: string;
  /** The host of the issuer of v2 tokens: `https://HOST/TENANT/v2.0`. */
  readonly v2: string;
}

/**
 * References "National clouds" and "Access token claims" of the Microsoft identity platform; the other names of each
 * cloud come from Entra's instance discovery (`/common/discovery/instance`).
 */
const clouds: readonly Cloud[] = [
  {
    hosts: ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'],
    v1: 'sts.windows.net',
    v2: 'login.microsoftonline.com',
  },
  {
    hosts: ['login.microsoftonline.us', 'login.usgovcloudapi.net'],
    v1: 'sts.windows.net',
    v2: 'login.microsoftonline.us',
  },
  {
    hosts: ['login.partner.microsoftonline.cn', 'login.chinacloudapi.cn', 'sts.chinacloudapi.cn'],
    v1: 'sts.chinacloudapi.cn',
    v2: 'login.partner.microsoftonline.cn',
  },
];

/** The placeholder in an issuer that is published for every organization. */
export const tenantPlaceholder = '{tenantid}';

/** Returns whether an authority is Microsoft Entra, whose issuers name the tenant. */
export function isEntra(url: string): boolean {
  return cloudOf(url) !== undefined;
}

function cloudOf(url: string): Cloud | undefined {
  const host = URL.parse(url)?.hostname.replace(/\.$/, '');
  return clouds.find(({ hosts }) => hosts.includes(host ?? ''));
}

/**
 * Returns the issuers that an authority's tokens may have for a tenant.
 *
 * Microsoft Entra publishes one issuer and signs tokens of two versions: the version depends on the API that the token
 * is for (`requestedAccessTokenVersion`), not on the URL of the authority. An authority that publishes the placeholder,
 * or one of Entra's issuers, is treated as Entra.
 *
 * @param published The issuer that the authority publishes, or that a key is published for.
 */
export function issuersOf(url: string, published: string, tenantId: string): readonly string[] {
  const isTemplate = published.includes(tenantPlaceholder);
  const cloud = cloudOf(url) ?? cloudOf(published) ?? (isTemplate ? { v1: clouds[0]!.v1 } : undefined);
  if (cloud === undefined) return [published];
  // Entra's issuers name one tenant each.
  if (!isTemplate && !published.includes(`/${tenantId}/`)) return [];
  return [
    published.replaceAll(tenantPlaceholder, () => tenantId),
    `https://${cloud.v1}/${tenantId}/`,
    ...('v2' in cloud ? [`https://${cloud.v2}/${tenantId}/v2.0`] : []),
  ];
}

export function isGraphAudience(audience: string): boolean {
  const host = URL.parse(audience)?.hostname;
  return (
    (host !== undefined && Object.hasOwn(authoritiesOfGraph, host)) ||
    graphAudiences.some((one) => one === audience.toLowerCase())
  );
}

/**
 * Returns every spelling of an audience that a token may have: with or without a trailing slash, because Entra repeats
 * the spelling of the request (`scope=https://calls.example//.default`), and an application id in lower case.
 */
export function audienceSpellings(audiences: readonly string[]): string[] {
  const plain = audiences.map((one) => trimEnd(one, '/'));
  return plain.map((one) => (isGuid(one) ? one.toLowerCase() : one)).flatMap((one) => [one, `${one}/`]);
}
