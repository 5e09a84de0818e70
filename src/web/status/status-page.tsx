/** Shows what is stored, whether the sync works, what is missing, and the subscriptions. */
import { getJson } from '../api.ts';
import { callHref } from '../calls/found-call.ts';
import { useLoaded } from '../loaded.ts';
import { formatNumber, statusMessages as messages } from '../messages/en.ts';
import { Scrolling } from '../parts/scrolling.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { TextWithCode } from '../parts/text-with-code.tsx';
import { useChoice, zone } from '../preferences.ts';
import { formatTime } from '../times.ts';
import { useTitle } from '../title.ts';
import {
  type ListedGap,
  healingWords,
  listedWords,
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
  useTitle(messages.title);
  const status = useLoaded('/rollcall/status', (signal) => getJson<Status>('/rollcall/status', { signal }));
  return (
    <>
      <h1>{messages.title}</h1>
      {status.state === 'failed' && <Failed error={status.error} retry={status.reload} />}
      {status.state === 'loading' && <Loading what={messages.loading} />}
      {status.value !== undefined && <Parts status={status.value} />}
      <p class="quiet">
        <a href={licences} target="_blank" rel="license noreferrer">
          {messages.licences}
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
          <dt>{messages.calls}</dt>
          <dd class={calls.state}>{stateName(calls)}</dd>
        </div>
        <div>
          <dt>{messages.hours}</dt>
          <dd class={hours.state}>{stateName(hours)}</dd>
        </div>
        <div>
          <dt>{messages.callsStored}</dt>
          <dd>{formatNumber(store.calls)}</dd>
        </div>
        <div>
          <dt>{messages.statesStored}</dt>
          <dd>{formatNumber(store.editions)}</dd>
        </div>
        <div>
          <dt>{messages.gaps}</dt>
          <dd class={gapCount === 0 ? status.state : 'missing'}>{formatNumber(gapCount)}</dd>
        </div>
        <div>
          <dt>{messages.subscriptions}</dt>
          <dd>{formatNumber(subscriptions.length)}</dd>
        </div>
      </dl>
      <section class="sheet">
        <h2>{messages.completeness}</h2>
        <p>
          <strong class={calls.state}>{messages.standing(messages.calls, stateName(calls))}</strong>{' '}
          {standingWords(calls, moment)}
        </p>
        <p>
          <strong class={hours.state}>{messages.standing(messages.hours, stateName(hours))}</strong>{' '}
          {standingWords(hours, moment)} {listedWords(status, moment)}
        </p>
      </section>
      <section class="sheet">
        <h2>{messages.sync}</h2>
        {syncWords(sync).map((words) => (
          <p key={words}>
            <TextWithCode text={words} />
          </p>
        ))}
        {sync.lastListedDateTime !== null && (
          <p class="quiet">
            {messages.lastListed(
              moment(sync.lastListedDateTime),
              sync.nextDueDateTime === null ? undefined : moment(sync.nextDueDateTime),
            )}
          </p>
        )}
      </section>
      <section class="sheet">
        <h2>{messages.verification}</h2>
        <p>
          <TextWithCode text={verificationWords(status)} />
        </p>
        {verification !== null && <p class="quiet">{messages.ended(moment(verification.endedDateTime))}</p>}
      </section>
      <section class="sheet">
        <h2>{messages.gaps}</h2>
        <Gaps gaps={gaps} count={gapCount} isProved={status.state === 'verified'} />
      </section>
      <section class="sheet">
        <h2>{messages.subscriptions}</h2>
        <Subscriptions subscriptions={subscriptions} />
      </section>
    </>
  );
}

function useMoment(): (dateTime: string | null) => string {
  const [shownZone] = useChoice(zone);
  return (dateTime) => (dateTime === null ? messages.unknownTime : formatTime(dateTime, 'moment', shownZone));
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
  if (count === 0) return <p>{isProved ? messages.noGaps : messages.noKnownGaps}</p>;
  return (
    <>
      <Scrolling label={messages.gaps}>
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">{messages.whatIsMissing}</th>
              <th scope="col">{messages.from}</th>
              <th scope="col">{messages.to}</th>
              <th scope="col">{messages.of}</th>
              <th scope="col">{messages.recoverable}</th>
            </tr>
          </thead>
          <tbody>
            {gaps.slice(0, mostGaps).map((gap, i) => (
              <tr key={i}>
                <th scope="row">{messages.gapKinds[gap.kind]}</th>
                <td>{moment(gap.from)}</td>
                <td>{moment(gap.to)}</td>
                <td>
                  {gap.callId === undefined ? (
                    (gap.log ?? messages.ofCalls)
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
      </Scrolling>
      {count > mostGaps && (
        <p class="quiet">
          <TextWithCode text={messages.gapsCut(mostGaps, count)} />
        </p>
      )}
    </>
  );
}

function Subscriptions({ subscriptions }: { readonly subscriptions: readonly ListedSubscription[] }) {
  const moment = useMoment();
  if (subscriptions.length === 0) return <p>{messages.noSubscriptions}</p>;
  return (
    <Scrolling label={messages.subscriptions}>
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">{messages.resource}</th>
            <th scope="col">{messages.changes}</th>
            <th scope="col">{messages.notifiedAt}</th>
            <th scope="col">{messages.application}</th>
            <th scope="col">{messages.until}</th>
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
    </Scrolling>
  );
}
