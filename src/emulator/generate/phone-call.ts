/** Selects the generated call that a phone log row refers to. */
import { isTelephone, planCall } from './call-plan.ts';
import { contextOf } from './countries.ts';
import { type CallParties, type LogSetting, userOf } from './log-parties.ts';
import { telephoneOf } from './phone-numbers.ts';
import { generatePerson, type Tenant } from './tenant.ts';
import type { Stay } from './timetable.ts';

interface PhoneCall {
  readonly id: string;
  readonly outbound: boolean;
  readonly parties: CallParties;
  readonly stay: Stay;
}

/** Logs refer to different calls: of four consecutive calls, the first two and the last two. */
const firstOf = { directRouting: 0, pstn: 2 } as const;
const callsPerRow = 4;

/**
 * Returns the call between a user and a telephone that row `number` of a log refers to. No two rows share a call.
 *
 * @returns `undefined` when none of the row's candidates is such a call; the row then refers to no generated call.
 */
export function phoneCallOf(
  { tenant, calendar, calls }: LogSetting,
  log: keyof typeof firstOf,
  number: number,
): PhoneCall | undefined {
  const first = number * callsPerRow + firstOf[log];
  // Call 0 is the largest meeting.
  for (const at of [first, first + 1]) {
    if (at === 0 || at >= calls.count) continue;
    const { id, type, attendances } = planCall(tenant, calendar, calls.largest, at);
    const [caller, callee] = attendances.map(({ person }) => person);
    if (type !== 'peerToPeer' || caller === undefined || callee === undefined) continue;
    const outbound = isTelephone(callee);
    const [user, phone] = outbound ? [caller, callee] : [callee, caller];
    const other = isTelephone(phone) ? telephoneOf(phone.identity.id) : undefined;
    const userNumber = other && numberOfUser(tenant, user.identity.id);
    if (other === undefined || userNumber === undefined) continue;
    const logged = userOf(tenant, userNumber);
    const [from, to] = outbound ? [logged.own, other] : [other, logged.own];
    return {
      id,
      outbound,
      stay: attendances[0].stays[0],
      parties: {
        ...{ user: logged, other, outbound },
        ...{ caller: from, callee: to, context: contextOf(from.country, to.country) },
      },
    };
  }
  return undefined;
}

const numbersOf = new WeakMap<Tenant, ReadonlyMap<string, number>>();

function numberOfUser(tenant: Tenant, id: string): number | undefined {
  let numbers = numbersOf.get(tenant);
  if (numbers === undefined) {
    const idOf = (number: number) => generatePerson(tenant, 'tenantUser', number).identity.id;
    numbers = new Map(Array.from({ length: tenant.users }, (_, number) => [idOf(number), number]));
    numbersOf.set(tenant, numbers);
  }
  return numbers.get(id);
}
