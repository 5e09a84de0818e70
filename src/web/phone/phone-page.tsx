/** Shows phone calls and text messages: the PSTN, direct routing and SMS logs. */
import { useMemo } from 'preact/hooks';
import type { LinkedPhoneRow, PhoneLogPage, PhoneLog } from '../../contract/phone-log.ts';
import { getJson, nextPath } from '../api.ts';
import { rangeNote } from '../day-search.ts';
import { phoneMessages as messages, takeAlongMessages } from '../messages/en.ts';
import { NothingShown } from '../parts/bad-link.tsx';
import { CommandView } from '../parts/command-view.tsx';
import { type FileRequest, mostFileRows } from '../parts/download.ts';
import { ExportLinks } from '../parts/export-links.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { go, type Place } from '../place.ts';
import { useChoice, zone } from '../preferences.ts';
import type { Zone } from '../times.ts';
import { useTitle } from '../title.ts';
import { useFocusedItem } from '../use-focused-item.ts';
import { type LoadedList, refusedFields, useList } from '../use-list.ts';
import { PhoneForm } from './phone-form.tsx';
import {
  logOf,
  phoneAddress,
  phoneFields,
  phonePath,
  phoneProblems,
  type PhoneSearch,
  phoneSearchOf,
} from './phone-search.ts';
import { PhoneSumsView } from './phone-sums.tsx';
import { PhoneTable } from './phone-table.tsx';
import { copiedPhoneCalls } from './copied-phone-calls.ts';

export function PhonePage({ place }: { readonly place: Place }) {
  useTitle(messages.title);
  const [shownZone] = useChoice(zone);
  const text = place.query.toString();
  const search = useMemo(() => phoneSearchOf(place.query), [text]);
  const wrong = useMemo(() => phoneProblems(place.query), [text]);
  const path = Object.keys(wrong).length === 0 ? phonePath(search, shownZone, Date.now()) : undefined;
  const found = useList(path, place.entry, readRows);
  const problems = path === undefined ? wrong : refusedFields(found);
  return (
    <>
      <h1>{messages.title}</h1>
      <PhoneForm
        search={search}
        problems={problems}
        rangeDays={rangeNote(search, shownZone)}
        onSearch={(next) => go(phoneAddress(next, shownZone), { replaces: true })}
      />
      {Object.keys(problems).length > 0 ? (
        <NothingShown problems={problems} fields={phoneFields} all="/phone-calls" />
      ) : (
        <Result found={found} log={logOf(search)} search={search} entry={place.entry} />
      )}
    </>
  );
}

/** Rows of a log, as one or more pages of the server gave them. */
interface FoundRows {
  readonly rows: readonly LinkedPhoneRow[];
  readonly next: string | undefined;
  /** In the first part. */
  readonly summary: PhoneLogPage['summary'];
}

/** Loads pages until one has rows: a page may be short or even empty and still have a next link. */
async function readRows(path: string, signal: AbortSignal): Promise<FoundRows> {
  const first = await getJson<PhoneLogPage>(path, { signal });
  let page = first;
  for (let next = nextPath(page); page.value.length === 0 && next !== undefined; next = nextPath(page))
    page = await getJson<PhoneLogPage>(next, { signal });
  return { rows: page.value, next: nextPath(page), summary: first.summary };
}

interface ResultProps {
  readonly found: LoadedList<FoundRows>;
  readonly log: PhoneLog;
  readonly search: PhoneSearch;
  readonly entry: string;
}

function Result({ found, log, search, entry }: ResultProps) {
  const { path, parts, isStale, isLoadingMore, error } = found;
  const [shownZone] = useChoice(zone);
  const item = useFocusedItem(entry);
  if (isStale || path === undefined) return <Loading what={messages.loading} />;
  const rows = parts.flatMap((part) => part.rows);
  if (rows.length === 0)
    return error === undefined ? (
      <NoRows log={log} zone={shownZone} />
    ) : (
      <Failed error={error} retry={found.retry} />
    );
  const summary = parts[0]?.summary;
  const next = parts.at(-1)?.next;
  const all = summary?.complete === true ? summary.rows : undefined;
  const isCut = all === undefined || all > mostFileRows;
  return (
    <section {...item} aria-label={messages.found}>
      {summary !== undefined && <PhoneSumsView log={log} search={search} summary={summary} />}
      <ExportLinks
        files={filesOf(path, log)}
        table={() => copiedPhoneCalls(log, rows, shownZone)}
        note={
          isCut ? takeAlongMessages.cutRows(mostFileRows) : next && takeAlongMessages.shownRows(mostFileRows)
        }
      />
      <PhoneTable log={log} rows={rows} />
      {error !== undefined && <Failed error={error} retry={found.retry} />}
      <div class="more" role="status">
        <span class="quiet">{messages.shown(rows.length, all)}</span>{' '}
        {next !== undefined && (
          <button type="button" disabled={isLoadingMore} onClick={found.loadMore}>
            {isLoadingMore ? messages.loadingMore : messages.more}
          </button>
        )}
      </div>
      <details class="sheet">
        <summary>{takeAlongMessages.withoutPage}</summary>
        <CommandView request={{ url: location.origin + path, isList: true }} />
      </details>
    </section>
  );
}

function NoRows({ log, zone: shownZone }: { readonly log: PhoneLog; readonly zone: Zone }) {
  return (
    <Empty title={messages.none}>
      <p>{messages.noneHint}</p>
      <p>
        <a href={phoneAddress({ log }, shownZone)}>{messages.showAll}</a>
      </p>
    </Empty>
  );
}

function filesOf(path: string, log: PhoneLog): readonly FileRequest[] {
  const withParameter = (text: string) => `${path}${path.includes('?') ? '&' : '?'}${text}`;
  const name = `phone-calls-${log}`;
  return [
    { path: withParameter('format=csv'), name, kind: 'csv' },
    { path: withParameter('$top=200'), name, kind: 'jsonList' },
  ];
}
