/** Answers `GET /rollcall/people/{id}`. */
import { personSubject } from '../../../analysis/activity-subject.ts';
import type { ActivityPerson } from '../../../analysis/activity.ts';
import type { PhoneUser } from '../../../contract/phone-log.ts';
import { Fault } from '../../../contract/faults.ts';
import type { PersonActivity } from './activity-page.ts';
import { newestAttendance, type PeopleParts, readActivityPage } from './activity-answer.ts';
import { personRows } from './phone-activity.ts';

/** Returns a page of a person's activity. @throws Fault `entityMissing` for a person of whom nothing is stored */
export async function personAnswer(
  parts: PeopleParts,
  tenantId: string,
  personId: string,
  url: string,
  query: string,
): Promise<PersonActivity> {
  const calls = personSubject(personId);
  const { value, next, first } = await readActivityPage(parts, {
    ...{ tenantId, url, query, calls },
    key: `person ${personId.toLowerCase()}`,
    rows: personRows(personId),
  });
  if (first === undefined) return { ...next, value };
  const { facts, tally, user, lastSeenDateTime } = first;
  const newest = tally.person === undefined ? await newestAttendance(parts, tenantId, calls) : undefined;
  const person = tally.person ?? newest?.person ?? (user && personOfRow(personId, user));
  if (person === null)
    throw new Fault(
      'entityMissing',
      'No stored call has a participant with this id, and no row of the phone logs in this span has it. A name is not an id: search for a name in the list of calls.',
    );
  return {
    person: {
      ...person,
      otherNames: tally.otherNames(),
      lastSeenDateTime: lastSeenDateTime ?? newest?.startDateTime ?? null,
    },
    ...facts,
    ...next,
    value,
  };
}

/** Returns a person of whom only phone-log rows are stored. */
function personOfRow(personId: string, { id, displayName, userPrincipalName }: PhoneUser): ActivityPerson {
  return {
    id: id ?? personId,
    name: displayName ?? userPrincipalName ?? id ?? personId,
    kind: 'user',
    affiliation: 'internal',
    tenantId: null,
    tenantName: null,
    userPrincipalName,
  };
}
