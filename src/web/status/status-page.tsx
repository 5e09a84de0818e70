/** Shows what is stored, whether the sync works, what is missing, and the subscriptions. */
import { getJson } from '../api.ts';
import { callHref } from '../calls/found-call.ts';
import { useLoaded } from '../loaded.ts';
import { Failed, Loading } from '../parts/states.tsx';
import { useChoice, zone } from '../preferences.ts';
import { countOf, formatTime } from '../times.ts';
import { useTitle } from '../title.ts';
import {
  type ListedGap,
  gapWords,
  healingWords,
  standingWords,
  stateName,
  type Status,
  type ListedSubscription,
  syncWords,
  verificationWords,
} from './status.ts';

/** The link to the licenses: the file name contains a content hash, which only the HTML shell knows. */
const licences = document.querySelector<HTMLLinkElement>('link[rel=license]')?.href ?? '';

export function StatusPage() {
  useTitle('Status');
  const status = useLoaded('/rollcall/status', (signal) => getJson<Status>('/rollcall/status', { signal }));
  return (
    <>
      <h1>Status</h1>
      {status.state === 'failed' && <Failed error={status.error} retry={status.reload} />}
      {status.state === 'loading' && <Loading what="Reading the status…" />}
      {status.value !== undefined && <Parts status={status.value} />}
      <p class="quiet">
        <a href={licences} target="_blank" rel="license noreferrer">
          Licenses of the packages in this page
        </a>
      </p>
    </>
  );
}

function Parts({ status }: { readonly status: Status }) {
  const { sync, verification, store, calls, hours, gaps, gapCount, subscriptions } = status;
  const moment = useMoment();
  return (
    <>
      <dl class="tiles">
        <div>
          <dt>Calls</dt>
          <dd class={calls.state}>{stateName(calls)}</dd>
        </div>
        <div>
          <dt>Hours</dt>
          <dd class={hours.state}>{stateName(hours)}</dd>
        </div>
        <div>
          <dt>Calls stored</dt>
          <dd>{store.calls.toLocaleString('en')}</dd>
        </div>
        <div>
          <dt>States stored</dt>
          <dd>{store.editions.toLocaleString('en')}</dd>
        </div>
        <div>
          <dt>Gaps</dt>
          <dd class={gapCount === 0 ? status.state : 'missing'}>{gapCount.toLocaleString('en')}</dd>
        </div>
        <div>
          <dt>Subscriptions</dt>
          <dd>{subscriptions.length.toLocaleString('en')}</dd>
        </div>
      </dl>
      <section class="sheet">
        <h2>Completeness</h2>
        <p>
          <strong class={calls.state}>Calls: {stateName(calls)}.</strong> {standingWords(calls, moment)}
        </p>
        <p>
          <strong class={hours.state}>Hours: {stateName(hours)}.</strong> {standingWords(hours, moment)}
        </p>
      </section>
      <section class="sheet">
        <h2>Sync</h2>
        {syncWords(sync).map((words) => (
          <p key={words}>
            <Words text={words} />
          </p>
        ))}
        {sync.lastListedDateTime !== null && (
          <p class="quiet">
            Last listed {moment(sync.lastListedDateTime)}
            {sync.nextDueDateTime !== null && `, next fetch due ${moment(sync.nextDueDateTime)}`}.
          </p>
        )}
      </section>
      <section class="sheet">
        <h2>Verification</h2>
        <p>
          <Words text={verificationWords(status)} />
        </p>
        {verification !== null && <p class="quiet">Ended {moment(verification.endedDateTime)}.</p>}
      </section>
      <section class="sheet">
        <h2>Gaps</h2>
        <Gaps gaps={gaps} count={gapCount} isProved={status.state === 'verified'} />
      </section>
      <section class="sheet">
        <h2>Subscriptions</h2>
        <Subscriptions subscriptions={subscriptions} />
      </section>
    </>
  );
}

function useMoment(): (dateTime: string | null) => string {
  const [shownZone] = useChoice(zone);
  return (dateTime) => (dateTime === null ? 'unknown' : formatTime(dateTime, 'moment', shownZone));
}

const mostGaps = 200;

interface GapsProps {
  readonly gaps: readonly ListedGap[];
  readonly count: number;
  /** False when data was not verified: the absence of known gaps then proves nothing. */
  readonly isProved: boolean;
}

function Gaps({ gaps, count, isProved }: GapsProps) {
  const moment = useMoment();
  if (count === 0)
    return (
      <p>
        {isProved ? 'Nothing is known to be missing.' : 'No gap is known, but not everything is verified.'}
      </p>
    );
  return (
    <>
      <div class="scrolls" tabIndex={0} role="region" aria-label="Gaps">
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">What is missing</th>
              <th scope="col">From</th>
              <th scope="col">To</th>
              <th scope="col">Of</th>
              <th scope="col">Recoverable</th>
            </tr>
          </thead>
          <tbody>
            {gaps.slice(0, mostGaps).map((gap, i) => (
              <tr key={i}>
                <th scope="row">{gapWords[gap.kind]}</th>
                <td>{moment(gap.from)}</td>
                <td>{moment(gap.to)}</td>
                <td>
                  {gap.callId === undefined ? (
                    (gap.log ?? 'calls')
                  ) : (
                    <a href={callHref({ id: gap.callId })}>
                      <code>{gap.callId}</code>
                    </a>
                  )}
                </td>
                <td>{healingWords(gap)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {count > mostGaps && (
        <p class="quiet">
          The first {mostGaps} of {countOf(count, 'gap')}; <code>rollcall verify --json</code> has all.
        </p>
      )}
    </>
  );
}

function Subscriptions({ subscriptions }: { readonly subscriptions: readonly ListedSubscription[] }) {
  const moment = useMoment();
  if (subscriptions.length === 0) return <p>No application is notified of calls.</p>;
  return (
    <div class="scrolls" tabIndex={0} role="region" aria-label="Subscriptions">
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">Resource</th>
            <th scope="col">Changes</th>
            <th scope="col">Notified at</th>
            <th scope="col">Application</th>
            <th scope="col">Until</th>
          </tr>
        </thead>
        <tbody>
          {subscriptions.map((one) => (
            <tr key={one.id}>
              <th scope="row">{one.resource}</th>
              <td>{one.changeType}</td>
              <td>{one.notificationUrl}</td>
              <td>
                <code>{one.applicationId}</code>
              </td>
              <td>{moment(one.expirationDateTime)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Renders a text with commands in backquotes. */
function Words({ text }: { readonly text: string }) {
  return <>{text.split('`').map((part, i) => (i % 2 === 1 ? <code key={i}>{part}</code> : part))}</>;
}
