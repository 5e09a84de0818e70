/** Renders the page: its frame, and the view that its URL names. */
import type { ComponentType } from 'preact';
import { useErrorBoundary } from 'preact/hooks';
import { CallPage } from './call/call-page.tsx';
import { CallsPage } from './calls/calls-page.tsx';
import { Header } from './header.tsx';
import { frameMessages as messages } from './messages/en.ts';
import { Empty } from './parts/states.tsx';
import { TextWithCode } from './parts/text-with-code.tsx';
import { NumberPage } from './people/number-page.tsx';
import { PersonPage } from './people/person-page.tsx';
import { PrintHead } from './parts/print-head.tsx';
import { PhonePage } from './phone/phone-page.tsx';
import { usePlace, type Place } from './place.ts';
import { ReferencePage } from './reference/reference-page.tsx';
import { StatisticsPage } from './statistics/statistics-page.tsx';
import { StatusPage } from './status/status-page.tsx';

interface View {
  readonly path: RegExp;
  readonly view: ComponentType<{ readonly place: Place }>;
}

const views: readonly View[] = [
  { path: /^\/(calls)?$/, view: CallsPage },
  { path: /^\/calls\/[^/]+$/, view: CallPage },
  { path: /^\/phone-calls$/, view: PhonePage },
  { path: /^\/people\/[^/]+$/, view: PersonPage },
  { path: /^\/numbers\/[^/]+$/, view: NumberPage },
  { path: /^\/statistics$/, view: StatisticsPage },
  { path: /^\/status$/, view: StatusPage },
  { path: /^\/reference$/, view: ReferencePage },
];

export function RollcallPage() {
  const place = usePlace();
  const [broken] = useErrorBoundary() as [unknown, () => void];
  const View = views.find(({ path }) => path.test(place.path))?.view ?? Nowhere;
  return (
    <>
      <a class="skip" href="#main">
        {messages.skip}
      </a>
      <Header path={place.path} />
      <main id="main" tabIndex={-1}>
        <PrintHead />
        {broken === undefined ? (
          <View place={place} key={place.path} />
        ) : (
          <Empty title={messages.broken}>
            <p>
              <TextWithCode text={messages.brokenHint} />
            </p>
          </Empty>
        )}
      </main>
    </>
  );
}

function Nowhere() {
  return (
    <Empty title={messages.notFound}>
      <p>
        <a href="/calls">{messages.findCall}</a>
      </p>
    </Empty>
  );
}
