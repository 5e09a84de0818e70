/** Who asks: what a verified token says of the application and its tenant. */
import { Fault } from '../faults.ts';

export interface Caller {
  /** `tid`, in lower case: whose data is asked for. */
  readonly tenantId: string;
  /** The application: `appid` of a v1 token, `azp` of a v2 token. */
  readonly appId: string;
  /** Application permissions granted to it. */
  readonly roles: readonly string[];
  /** True when a user stands behind the token: it carries `scp`. */
  readonly delegated: boolean;
}

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Reads both layouts of Microsoft's access tokens.
 *
 * @throws Fault `tokenInvalid` when the token names no tenant: nobody's data is nobody's.
 * @see https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
export function callerOf(claims: Readonly<Record<string, unknown>>): Caller {
  const { tid, appid, azp, roles, scp } = claims;
  if (typeof tid !== 'string' || !guid.test(tid)) {
    throw new Fault('tokenInvalid', 'The token names no tenant.');
  }
  const appId = typeof appid === 'string' ? appid : azp;
  return {
    tenantId: tid.toLowerCase(),
    appId: typeof appId === 'string' ? appId : '',
    roles: Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [],
    delegated: scp !== undefined,
  };
}
