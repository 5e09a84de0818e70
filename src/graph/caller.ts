/** Describes the caller: the application and tenant that a verified token names. */
import { Fault } from '../contract/faults.ts';
import { isGuid } from '../contract/ids.ts';

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

/** Reads the caller from the claims of a v1 or v2 access token. @throws Fault `tokenInvalid` without a tenant */
export function callerOf(claims: Readonly<Record<string, unknown>>): Caller {
  const { tid, appid, azp, oid, roles, scp } = claims;
  if (typeof tid !== 'string' || !isGuid(tid)) {
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
