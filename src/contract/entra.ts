/** Microsoft Entra's hosts in each cloud, the issuers of its tokens, and the audiences of Microsoft Graph. */
import { authoritiesOfGraph } from './graph-authorities.ts';
import { trimEnd } from '../base/trim-end.ts';
import { graphAudiences } from '../base/development.ts';

interface Cloud {
  /** Where the authority is asked: each name publishes the same issuer. */
  readonly hosts: readonly string[];
  /** The host of the issuer of v1 tokens: `https://HOST/TENANT/`. */
  readonly v1: string;
  /** The host of the issuer of v2 tokens: `https://HOST/TENANT/v2.0`. */
  readonly v2: string;
}

/**
 * References "National clouds" and "Access token claims" of the Microsoft identity platform; the other names of each
 * cloud are those of Entra's own instance discovery (`/common/discovery/instance`).
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

/** Stands in an issuer that is published for every organisation. */
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
 * Returns the issuers of an authority's tokens of a tenant.
 *
 * Microsoft Entra publishes one issuer and signs tokens of two versions: which version a token has is a property of the
 * API that it is for (`requestedAccessTokenVersion`), not of the URL that was asked. What publishes the placeholder, or
 * one of Entra's issuers, stands for Entra.
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

/** Returns whether tokens for this audience are made for Microsoft Graph, of any cloud. */
export function isGraphAudience(audience: string): boolean {
  const host = URL.parse(audience)?.hostname;
  return (
    (host !== undefined && Object.hasOwn(authoritiesOfGraph, host)) ||
    graphAudiences.some((one) => one === audience.toLowerCase())
  );
}

/**
 * Returns every spelling that a token may give an audience in: with a slash at the end or without, since Entra repeats
 * the spelling of the request (`scope=https://calls.example//.default`), and the id of an application in lower case.
 */
export function audienceSpellings(audiences: readonly string[]): string[] {
  const plain = audiences.map((one) => trimEnd(one, '/'));
  return plain.map((one) => (isGuid(one) ? one.toLowerCase() : one)).flatMap((one) => [one, `${one}/`]);
}

export function isGuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
