import { contextOf, countries, homeOf } from './countries.ts';
import { type Country, type Telephone, telephone, telephoneIn } from './phone-numbers.ts';
import { below, type Random } from './random.ts';
import { generatePerson, populations, type Tenant } from './tenant.ts';
import type { Calendar } from './timetable.ts';

/** The context of every row. */
export interface LogSetting {
  readonly tenant: Tenant;
  readonly calendar: Calendar;
  /** The generated calls that rows may refer to. */
  readonly calls: { readonly count: number; readonly largest: number };
}

/** The members that identify the user in every kind of row, in order. */
interface UserMembers {
  readonly userId: string | null;
  readonly userPrincipalName: string | null;
  readonly userDisplayName: string | null;
}

interface LogUser {
  readonly members: UserMembers;
  readonly administrativeUnitInfos: readonly { readonly id: string }[];
  readonly own: Telephone;
}

/** The parties of a call or a message: a user of the tenant, and an external telephone. */
export interface CallParties {
  readonly user: LogUser;
  readonly other: Telephone;
  readonly outbound: boolean;
  readonly caller: Telephone;
  readonly callee: Telephone;
  readonly context: 'Domestic' | 'International';
}

/** An automatic responder, which has a number and is not a user. */
const automatic: Omit<LogUser, 'own'> = {
  members: { userId: null, userPrincipalName: null, userDisplayName: null },
  administrativeUnitInfos: [],
};

export function userOf(tenant: Tenant, number: number): LogUser {
  const { identity, administrativeUnitInfos } = generatePerson(tenant, 'tenantUser', number);
  return {
    members: {
      userId: identity.id,
      userPrincipalName: identity.userPrincipalName ?? null,
      userDisplayName: identity.displayName,
    },
    administrativeUnitInfos,
    own: telephoneIn(homeOf(number), number),
  };
}

/** Draws the parties of a call. @param byUser False when an auto attendant or another bot took the call. */
export function drawParties(
  { tenant }: LogSetting,
  random: Random,
  { outbound, byUser }: { readonly outbound: boolean; readonly byUser: boolean },
): CallParties {
  const someone = userOf(tenant, below(random, tenant.users));
  const user = byUser ? someone : { ...automatic, own: someone.own };
  const { own } = user;
  const position = below(random, populations.phone.size(tenant.users));
  const drawn = telephone(position);
  // A user does not call their own number.
  const other = drawn.number === own.number ? telephone(position + 1) : drawn;
  const [caller, callee] = outbound ? [own, other] : [other, own];
  return { user, other, outbound, caller, callee, context: contextOf(caller.country, callee.country) };
}

/**
 * Returns a telephone number as the logs of direct routing and SMS contain it. For organizations in some countries, the
 * last digits of other people's numbers are masked (reference pages of directRoutingLogRow and smsLogRow).
 */
export function numberAsLogged({ user, other }: CallParties, shown: Telephone): string {
  const hidden = shown === other && hidesNumbers(user.own.country);
  return hidden ? `${shown.number.slice(0, -3)}***` : shown.number;
}

function hidesNumbers(country: Country): boolean {
  return countries[country].hidesNumbers;
}
