/** Shows the media quality of a call: each stream, rated by Microsoft's documented thresholds. */
import { useMemo, useState } from 'preact/hooks';
import { audioRules, tooFewPackets, screenSharingRules, videoRules } from '../../contract/call-quality.ts';
import { Choices } from '../parts/choices.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { Rows } from '../parts/rows.tsx';
import { narrow, useMedia } from '../parts/use-media.ts';
import { countOf } from '../times.ts';
import { formatMetric, metricNames, ruleWords } from './metrics.ts';
import { Reading } from './reading.tsx';
import type { Stream } from './streams.ts';
import type { RollState } from './use-roll.ts';

const verdictWords = { good: 'Good', poor: 'Poor', unclassified: 'Not classified' } as const;
const verdictOrder = { poor: 0, good: 1, unclassified: 2 } as const;

const choices = [
  { name: 'all', title: 'All streams' },
  { name: 'poor', title: 'Poor ones' },
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
      <p class="state">The segments of this call have no media streams.</p>
    ) : (
      <Loading what="Reading sessions…" />
    );
  const count = (verdict: Stream['verdict']) => streams.filter((stream) => stream.verdict === verdict).length;
  const poor = count('poor');
  return (
    <>
      <div class="bar">
        <Choices label="Streams" choices={choices} chosen={shown} choose={setShown} />
        <p class="count" role="status">
          <b class={poor > 0 ? 'poor' : 'good'}>
            {poor === 0
              ? 'No stream was poor'
              : `${poor.toLocaleString('en')} of ${countOf(streams.length, 'stream')} poor`}
          </b>
          {`, ${count('good').toLocaleString('en')} good, ${count('unclassified').toLocaleString('en')} not classified.`}
          <Reading roll={roll} />
        </p>
      </div>
      {rows.length > 0 && (
        <Rows
          label="Streams"
          class="streams"
          count={rows.length}
          rowHeight={isNarrow ? 84 : 34}
          head={
            <>
              <span role="columnheader">Verdict</span>
              <span role="columnheader">Media</span>
              <span role="columnheader">From</span>
              <span role="columnheader">To</span>
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
      {rows.length === 0 && <p class="state">No streams match.</p>}
      <p class="quiet legend">
        Audio is poor with {ruleWords(audioRules)}, if more than {tooFewPackets} packets were sent. Video is
        poor with {ruleWords(videoRules)}, a shared screen with {ruleWords(screenSharingRules)}. The first of
        these values that a stream has decides. The thresholds are those of{' '}
        <a
          href="https://learn.microsoft.com/microsoftteams/stream-classification-in-call-quality-dashboard"
          target="_blank"
          rel="noreferrer"
        >
          Microsoft’s Call Quality Dashboard
        </a>
        .
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
        <span class={badge}>{verdictWords[verdict]}</span>
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
            {value === undefined ? <span class="quiet">–</span> : formatMetric(property, value)}
          </span>
        );
      })}
    </>
  );
}
