/** Shows what is stored, whether the sync works, what is missing, and the subscriptions. */
import { getJson } from '../api.ts';
import { callHref } from '../calls/found-call.ts';
import { useLoaded } from '../loaded.ts';
import { formatNumber, statusMessages as messages } from '../messages/en.ts';
import { DataTable } from '../parts/data-table.tsx';
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
import { Fact } from '../parts/fact.tsx';

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
        <Fact name={messages.calls} class={calls.state}>
          {stateName(calls)}
        </Fact>
        <Fact name={messages.hours} class={hours.state}>
          {stateName(hours)}
        </Fact>
        <Fact name={messages.callsStored}>{formatNumber(store.calls)}</Fact>
        <Fact name={messages.statesStored}>{formatNumber(store.editions)}</Fact>
        <Fact name={messages.gaps} class={gapCount === 0 ? status.state : 'missing'}>
          {formatNumber(gapCount)}
        </Fact>
        <Fact name={messages.subscriptions}>{formatNumber(subscriptions.length)}</Fact>
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
      <DataTable
        label={messages.gaps}
        rows={gaps.slice(0, mostGaps)}
        columns={[
          { head: messages.whatIsMissing, cell: ({ kind }) => messages.gapKinds[kind] },
          { head: messages.from, cell: ({ from }) => moment(from) },
          { head: messages.to, cell: ({ to }) => moment(to) },
          {
            head: messages.of,
            cell: ({ callId, log }) =>
              callId === undefined ? (
                (log ?? messages.ofCalls)
              ) : (
                <a href={callHref({ id: callId })}>
                  <code>{callId}</code>
                </a>
              ),
          },
          { head: messages.recoverable, cell: healingWords },
        ]}
      />
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
    <DataTable
      label={messages.subscriptions}
      rows={subscriptions}
      columns={[
        { head: messages.resource, cell: ({ resource }) => resource },
        { head: messages.changes, cell: ({ changeType }) => changeType },
        { head: messages.notifiedAt, cell: ({ notificationUrl }) => notificationUrl },
        { head: messages.application, cell: ({ applicationId }) => <code>{applicationId}</code> },
        { head: messages.until, cell: ({ expirationDateTime }) => moment(expirationDateTime) },
      ]}
    />
  );
}
