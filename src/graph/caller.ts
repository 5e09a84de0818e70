/** Describes the caller: the application and tenant that a verified token names. */
import { Fault } from '../contract/faults.ts';

export interface Caller {
  /** `tid` in lower case: the tenant whose data is requested. */
  readonly tenantId: string;
  /** The application: `appid` of a v1 token, `azp` of a v2 token. */
  readonly appId: string;
  /** `oid`: the application's service principal in the tenant; the application id when the token has no `oid`. */
  readonly principalId: string;
  /** Application permissions granted to the application. */
  readonly roles: readonly string[];
  /** True when the token acts for a user: it carries `scp`. */
  readonly delegated: boolean;
}

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Reads the caller from the claims of a v1 or v2 access token.
 *
 * @throws Fault `tokenInvalid` when the token names no tenant.
 * @see https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
export function callerOf(claims: Readonly<Record<string, unknown>>): Caller {
  const { tid, appid, azp, oid, roles, scp } = claims;
  if (typeof tid !== 'string' || !guid.test(tid)) {
    throw new Fault('tokenInvalid', 'The token names no tenant.');
  }
  const application = typeof appid === 'string' ? appid : azp;
  const appId = typeof application === 'string' ? application : '';
  return {
    tenantId: tid.toLowerCase(),
    appId,
    principalId: typeof oid === 'string' ? oid : appId,
    roles: Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [],
    delegated: scp !== undefined,
  };
}
