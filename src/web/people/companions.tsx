/** Shows with whom a person or a number was in calls. */
import type { ActivitySummary } from '../../analysis/activity.ts';
import { formatNumber, peopleMessages as messages } from '../messages/en.ts';
import { DataTable } from '../parts/data-table.tsx';
import { formatLength } from '../times.ts';
import { PersonLink } from './person-link.tsx';

const shownAtOnce = 10;

export function Companions({ companions }: { readonly companions: ActivitySummary['companions'] }) {
  const { people, others, mostPeople, callsLeftOut } = companions;
  const [first, more] = [people.slice(0, shownAtOnce), people.slice(shownAtOnce)];
  return (
    <section class="sheet">
      <h2>{messages.with}</h2>
      {people.length === 0 ? (
        <p class="quiet">{messages.noCompanions}</p>
      ) : (
        <Table people={first} label={messages.with} />
      )}
      {more.length > 0 && (
        <details>
          <summary>{messages.others(more.length + others)}</summary>
          <Table people={more} label={messages.others(more.length)} />
          {others > 0 && <p class="quiet">{messages.others(others)}</p>}
        </details>
      )}
      {callsLeftOut > 0 && <p class="quiet legend">{messages.largeCalls(callsLeftOut, mostPeople)}</p>}
    </section>
  );
}

interface TableProps {
  readonly people: ActivitySummary['companions']['people'];
  readonly label: string;
}

function Table({ people, label }: TableProps) {
  return (
    <DataTable
      label={label}
      rows={people}
      columns={[
        { head: messages.person, cell: (person) => <PersonLink person={person} /> },
        { head: messages.tenant, cell: ({ tenantName, tenantId }) => tenantName ?? tenantId },
        { head: messages.callsTogether, cell: ({ calls }) => formatNumber(calls) },
        {
          head: messages.timeTogether,
          cell: ({ secondsTogether: seconds }) =>
            seconds === null ? (
              <span class="quiet">{messages.unknownTime}</span>
            ) : (
              formatLength(seconds * 1000)
            ),
        },
      ]}
    />
  );
}
