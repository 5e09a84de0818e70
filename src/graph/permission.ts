import { Fault } from '../contract/faults.ts';
import { everyPermission } from '../contract/resources.ts';
import type { Caller } from './caller.ts';

/**
 * Checks the application permission: `roles` contains one of the permissions and there is no `scp`. A delegated token
 * may also carry `roles` (the user's app roles), so roles alone prove nothing.
 *
 * @throws Fault `permissionMissing`, with Graph's empty message.
 */
export function authorize(caller: Caller, permissions: readonly string[]): void {
  if (!hasPermission(caller, permissions)) throw new Fault('permissionMissing', '');
}

export function hasPermission(caller: Caller, permissions: readonly string[]): boolean {
  return !caller.delegated && permissions.some((permission) => caller.roles.includes(permission));
}

/** Returns what a caller may see: callers with the same result share cached responses. */
export function accessOf(caller: Caller): string {
  const held = everyPermission.filter((permission) => hasPermission(caller, [permission]));
  return [caller.tenantId, ...held].join(' ');
}

/** Returns the `WWW-Authenticate` header of a 401 as Graph formats it; the client id is Graph's. */
export function wwwAuthenticate(): string {
  return 'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"';
}
