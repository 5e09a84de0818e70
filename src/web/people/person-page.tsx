/** Shows a person: the calls of a span, with whom, time in calls, missed calls, quality and phone calls. */
import type { PersonActivity } from '../../serve/internal/people/activity-page.ts';
import { peopleMessages as messages } from '../messages/en.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import type { Place } from '../place.ts';
import { useChoice, zone } from '../preferences.ts';
import { formatTime } from '../times.ts';
import { useTitle } from '../title.ts';
import { ActivityView } from './activity-view.tsx';
import { lastSegment, useActivity } from './use-activity.ts';
import { AffiliationBadge } from './person-link.tsx';
import { Fact } from '../parts/fact.tsx';

export function PersonPage({ place }: { readonly place: Place }) {
  const id = lastSegment(place, '/people/');
  const activity = useActivity<PersonActivity>(`/rollcall/people/${encodeURIComponent(id)}`, place);
  const person = activity.parts[0]?.answer.person;
  useTitle(person?.name ?? messages.personTitle);
  return (
    <ActivityView
      place={place}
      activity={activity}
      title={person?.name ?? messages.personTitle}
      unknown={messages.unknownPerson}
      lastSeen={person?.lastSeenDateTime ?? null}
      phoneQuery={{ person: id }}
    >
      {person !== undefined && <Head person={person} />}
    </ActivityView>
  );
}

function Head({ person }: { readonly person: NonNullable<PersonActivity['person']> }) {
  const [shownZone] = useChoice(zone);
  const { id, affiliation, userPrincipalName, tenantId, tenantName, otherNames, lastSeenDateTime } = person;
  return (
    <div class="facts">
      <dl>
        <Fact name={messages.affiliation}>
          <AffiliationBadge affiliation={affiliation} />
        </Fact>
        {userPrincipalName !== null && <Fact name={messages.principalName}>{userPrincipalName}</Fact>}
        {tenantName !== null && <Fact name={messages.tenant}>{tenantName}</Fact>}
        {lastSeenDateTime !== null && (
          <Fact name={messages.lastSeen}>{formatTime(lastSeenDateTime, 'moment', shownZone)}</Fact>
        )}
      </dl>
      <dl class="facts-long">
        {tenantId !== null && (
          <Fact name={messages.tenantId}>
            <code>{tenantId}</code>
          </Fact>
        )}
        <Fact name={messages.id}>
          <code>{id}</code> <CopyButton text={id} what={messages.copiedId} />
        </Fact>
        {otherNames.length > 0 && <Fact name={messages.otherNames}>{otherNames.join(', ')}</Fact>}
      </dl>
    </div>
  );
}
