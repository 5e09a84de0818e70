/** Renders the page: its frame, and the view that its URL names. */
import type { ComponentType } from 'preact';
import { useEffect, useErrorBoundary } from 'preact/hooks';
import { callParameters } from './call/call-parameters.ts';
import { CallPage } from './call/call-page.tsx';
import { CallsPage } from './calls/calls-page.tsx';
import { Header } from './header.tsx';
import { frameMessages as messages } from './messages/en.ts';
import { parameterProblems, type ViewParameters } from './parameters.ts';
import { BadLink } from './parts/bad-link.tsx';
import { SignedOut } from './parts/signed-out.tsx';
import { Empty, Loading } from './parts/states.tsx';
import { TextWithCode } from './parts/text-with-code.tsx';
import { ZoneNote } from './parts/zone-select.tsx';
import { activityParameters } from './people/activity-span.ts';
import { NumberPage } from './people/number-page.tsx';
import { PersonPage } from './people/person-page.tsx';
import { PrintHead } from './parts/print-head.tsx';
import { PhonePage } from './phone/phone-page.tsx';
import { usePlace, type Place } from './place.ts';
import { ReferencePage } from './reference/reference-page.tsx';
import { StatisticsPage } from './statistics/statistics-page.tsx';
import { statisticsParameters } from './statistics/statistics-parameters.ts';
import { useSession } from './use-session.ts';
import { StatusPage } from './status/status-page.tsx';

interface View {
  readonly path: RegExp;
  readonly view: ComponentType<{ readonly place: Place }>;
  /** What it reads from the query; absent when it has a form, which shows the errors beside its fields. */
  readonly parameters?: ViewParameters;
  /** True when it needs no sign-in. */
  readonly isPublic?: boolean;
}

const views: readonly View[] = [
  { path: /^\/(calls)?$/, view: CallsPage },
  { path: /^\/calls\/[^/]+$/, view: CallPage, parameters: callParameters },
  { path: /^\/phone-calls$/, view: PhonePage },
  { path: /^\/people\/[^/]+$/, view: PersonPage, parameters: activityParameters },
  { path: /^\/numbers\/[^/]+$/, view: NumberPage, parameters: activityParameters },
  { path: /^\/statistics$/, view: StatisticsPage, parameters: statisticsParameters },
  { path: /^\/status$/, view: StatusPage, parameters: {} },
  { path: /^\/reference$/, view: ReferencePage, parameters: {}, isPublic: true },
];

const nowhere: View = { path: /^/, view: Nowhere, isPublic: true };

export function RollcallPage() {
  const place = usePlace();
  const session = useSession();
  const isSignedIn = session !== 'none' && session !== 'ended';
  const view = views.find(({ path }) => path.test(place.path)) ?? nowhere;
  return (
    <>
      <a class="skip" href="#main">
        {messages.skip}
      </a>
      <Header path={place.path} isSignedIn={isSignedIn} />
      <main id="main" tabIndex={-1}>
        <PrintHead />
        <ZoneNote />
        {session === 'unchecked' ? (
          <Loading what={messages.checking} />
        ) : isSignedIn || view.isPublic === true ? (
          <ShownView view={view} place={place} />
        ) : (
          <SignedOut hasEnded={session === 'ended'} />
        )}
      </main>
    </>
  );
}

function ShownView({ view, place }: { readonly view: View; readonly place: Place }) {
  const [broken, forget] = useErrorBoundary() as [unknown, () => void];
  // An error belongs to the place where it occurred: the next one, also after Back, is rendered again.
  useEffect(() => forget, [place]);
  if (broken !== undefined)
    return (
      <Empty title={messages.broken} isWholePage>
        <p>
          <TextWithCode text={messages.brokenHint} />
        </p>
      </Empty>
    );
  const problems = view.parameters === undefined ? {} : parameterProblems(place.query, view.parameters);
  if (Object.keys(problems).length > 0) return <BadLink place={place} problems={problems} />;
  // A search from the first page goes to /calls, and what is typed meanwhile stays in its field.
  return <view.view place={place} key={place.path === '/' ? '/calls' : place.path} />;
}

function Nowhere() {
  return (
    <Empty title={messages.notFound} isWholePage>
      <p>
        <a href="/calls">{messages.findCall}</a>
      </p>
    </Empty>
  );
}
