/** Lists the media streams of a call, poor ones first. */
import type { ComponentChildren } from 'preact';
import type { CallStream } from '../../analysis/call-streams.ts';
import { formatMetric, metricNames } from '../../contract/quality-words.ts';
import { frameMessages, qualityMessages as messages } from '../messages/en.ts';
import { Rows } from '../parts/rows.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { narrow, useMedia } from '../parts/use-media.ts';
import { type QualityOf, useQualityStreams } from './quality-answers.ts';
import { VerdictBadge } from './quality-badge.tsx';
import { Notice } from '../parts/notice.tsx';

interface QualityStreamsProps {
  readonly of: QualityOf;
  readonly choice: 'all' | 'poor';
  readonly bar: ComponentChildren;
}

export function QualityStreams({ of, choice, bar }: QualityStreamsProps) {
  const { value, state, error, reload } = { error: undefined, ...useQualityStreams(of, choice) };
  const isNarrow = useMedia(narrow);
  if (state === 'failed') return <Failed error={error} retry={reload} />; // a failure has its error
  if (value === undefined) return <Loading what={messages.loading} />;
  const { streams, counts, isAll } = value;
  const { poor, good, unclassified } = counts;
  return (
    <>
      <div class="bar">
        {bar}
        <p class="count" role="status">
          <b class={poor > 0 ? 'poor' : undefined}>
            {messages.poorStreams(poor, poor + good + unclassified)}
          </b>
          {messages.otherStreams(good, unclassified)}
        </p>
      </div>
      {!isAll && <Notice>{messages.firstStreams(streams.length)}</Notice>}
      {streams.length === 0 ? (
        <p class="state">{poor + good + unclassified === 0 ? messages.noStreams : messages.noPoorStreams}</p>
      ) : (
        <Rows
          label={messages.streams}
          class="streams"
          count={streams.length}
          rowHeight={isNarrow ? 84 : 34}
          head={
            <>
              <span role="columnheader">{messages.verdict}</span>
              <span role="columnheader">{messages.media}</span>
              <span role="columnheader">{messages.from}</span>
              <span role="columnheader">{messages.to}</span>
              <MetricHeads />
            </>
          }
          row={(index) => <StreamRow stream={streams[index]!} />}
        />
      )}
    </>
  );
}

function StreamRow({ stream }: { readonly stream: CallStream }) {
  const { verdict, label, from, to, hasDirection, metrics, beyond } = stream;
  return (
    <>
      <span role="cell" class="verdict">
        <VerdictBadge verdict={verdict} />
      </span>
      <span role="cell" class="label">
        {label} {!hasDirection && <span class="quiet">({messages.noDirection})</span>}
      </span>
      <span role="cell" class="from">
        {from}
      </span>
      <span role="cell" class="to">
        {to}
      </span>
      <MetricCells metrics={metrics} beyond={beyond} />
    </>
  );
}

/** The heads of the columns of `MetricCells`. */
export function MetricHeads() {
  return (
    <>
      {metricNames.map(({ property, short }) => (
        <span key={property} role="columnheader" class="number">
          {short}
        </span>
      ))}
    </>
  );
}

interface MetricCellsProps {
  readonly metrics: Readonly<Record<string, number>>;
  /** Metrics beyond their limit, which are colored. */
  readonly beyond: readonly string[];
}

export function MetricCells({ metrics, beyond }: MetricCellsProps) {
  return (
    <>
      {metricNames.map(({ property, short }) => {
        const value = metrics[property];
        return (
          <span
            key={property}
            role="cell"
            class={beyond.includes(property) ? 'number beyond' : 'number'}
            data-name={short}
            data-property={property}
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
