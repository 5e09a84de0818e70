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
        <div>
          <dt>{messages.affiliation}</dt>
          <dd>
            <AffiliationBadge affiliation={affiliation} />
          </dd>
        </div>
        {userPrincipalName !== null && (
          <div>
            <dt>{messages.principalName}</dt>
            <dd>{userPrincipalName}</dd>
          </div>
        )}
        {tenantName !== null && (
          <div>
            <dt>{messages.tenant}</dt>
            <dd>{tenantName}</dd>
          </div>
        )}
        {lastSeenDateTime !== null && (
          <div>
            <dt>{messages.lastSeen}</dt>
            <dd>{formatTime(lastSeenDateTime, 'moment', shownZone)}</dd>
          </div>
        )}
      </dl>
      <dl class="facts-long">
        {tenantId !== null && (
          <div>
            <dt>{messages.tenantId}</dt>
            <dd>
              <code>{tenantId}</code>
            </dd>
          </div>
        )}
        <div>
          <dt>{messages.id}</dt>
          <dd>
            <code>{id}</code> <CopyButton text={id} what={messages.copiedId} />
          </dd>
        </div>
        {otherNames.length > 0 && (
          <div>
            <dt>{messages.otherNames}</dt>
            <dd>{otherNames.join(', ')}</dd>
          </div>
        )}
      </dl>
    </div>
  );
}
