/** Shows the media quality of a call: each stream, rated by Microsoft's documented thresholds. */
import { useMemo, useState } from 'preact/hooks';
import { audioRules, tooFewPackets, screenSharingRules, videoRules } from '../../contract/call-quality.ts';
import { frameMessages, mediaMessages as messages } from '../messages/en.ts';
import { Choices } from '../parts/choices.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { Rows } from '../parts/rows.tsx';
import { narrow, useMedia } from '../parts/use-media.ts';
import { formatMetric, metricNames, ruleWords } from './metrics.ts';
import { Reading } from './reading.tsx';
import type { Stream } from './streams.ts';
import type { RollState } from './use-roll.ts';

const verdictOrder = { poor: 0, good: 1, unclassified: 2 } as const;

const choices = [
  { name: 'all', title: messages.shown.all },
  { name: 'poor', title: messages.shown.poor },
] as const;
type Shown = (typeof choices)[number]['name'];

export function MediaView({ roll }: { readonly roll: RollState }) {
  const { streams, reading, error } = roll;
  const [shown, setShown] = useState<Shown>('all');
  const isNarrow = useMedia(narrow);
  const rows = useMemo(
    () =>
      streams
        .filter(({ verdict }) => shown === 'all' || verdict === 'poor')
        .toSorted((a, b) => verdictOrder[a.verdict] - verdictOrder[b.verdict]),
    [streams, shown],
  );
  if (error !== undefined) return <Failed error={error} retry={() => location.reload()} />;
  if (streams.length === 0)
    return reading === undefined ? (
      <p class="state">{messages.noStreams}</p>
    ) : (
      <Loading what={messages.loading} />
    );
  const count = (verdict: Stream['verdict']) => streams.filter((stream) => stream.verdict === verdict).length;
  const poor = count('poor');
  return (
    <>
      <div class="bar">
        <Choices label={messages.streams} choices={choices} chosen={shown} choose={setShown} />
        <p class="count" role="status">
          <b class={poor > 0 ? 'poor' : 'good'}>
            {poor === 0 ? messages.nonePoor : messages.poor(poor, streams.length)}
          </b>
          {messages.others(count('good'), count('unclassified'))}
          <Reading roll={roll} />
        </p>
      </div>
      {rows.length > 0 && (
        <Rows
          label={messages.streams}
          class="streams"
          count={rows.length}
          rowHeight={isNarrow ? 84 : 34}
          head={
            <>
              <span role="columnheader">{messages.verdict}</span>
              <span role="columnheader">{messages.media}</span>
              <span role="columnheader">{messages.from}</span>
              <span role="columnheader">{messages.to}</span>
              {metricNames.map(({ property, short }) => (
                <span key={property} role="columnheader" class="number">
                  {short}
                </span>
              ))}
            </>
          }
          row={(index) => <StreamRow stream={rows[index]!} />}
        />
      )}
      {rows.length === 0 && <p class="state">{messages.noMatch}</p>}
      <p class="quiet legend">
        {messages.legend(
          ruleWords(audioRules),
          tooFewPackets,
          ruleWords(videoRules),
          ruleWords(screenSharingRules),
          <a
            href="https://learn.microsoft.com/microsoftteams/stream-classification-in-call-quality-dashboard"
            target="_blank"
            rel="noreferrer"
          >
            {messages.dashboard}
          </a>,
        )}
      </p>
    </>
  );
}

function StreamRow({ stream }: { readonly stream: Stream }) {
  const { verdict, label, from, to, metrics, poorBy } = stream;
  const badge = verdict === 'poor' ? 'badge warn' : verdict === 'good' ? 'badge fine' : 'badge';
  return (
    <>
      <span role="cell" class="verdict">
        <span class={badge}>{messages.verdicts[verdict]}</span>
      </span>
      <span role="cell" class="label">
        {label}
      </span>
      <span role="cell" class="from">
        {from}
      </span>
      <span role="cell" class="to">
        {to}
      </span>
      {metricNames.map(({ property, short }) => {
        const value = metrics[property];
        return (
          <span
            key={property}
            role="cell"
            class={poorBy.includes(property) ? 'number beyond' : 'number'}
            data-name={short}
          >
            {value === undefined ? (
              <span class="quiet">{frameMessages.none}</span>
            ) : (
              formatMetric(property, value)
            )}
          </span>
        );
      })}
    </>
  );
}
