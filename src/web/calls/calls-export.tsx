/** Takes found calls along: all of them as a file, those shown to the clipboard and on paper. */
import { printMessages, takeAlongMessages as messages } from '../messages/en.ts';
import { CommandView } from '../parts/command-view.tsx';
import { type FileRequest, mostFileRows } from '../parts/download.ts';
import { ExportLinks } from '../parts/export-links.tsx';
import { useChoice, zone } from '../preferences.ts';
import { copiedCalls } from './copied-calls.ts';
import type { FoundCallRow } from './found-call.ts';

interface CallsExportProps {
  /** The request of the search. */
  readonly path: string;
  readonly calls: readonly FoundCallRow[];
  /** True when not all calls found are loaded. */
  readonly isCut: boolean;
}

export function CallsExport({ path, calls, isCut }: CallsExportProps) {
  const [shownZone] = useChoice(zone);
  const file = { path: `${path}${path.includes('?') ? '&' : '?'}$top=200`, name: 'calls' };
  const files: readonly FileRequest[] = [
    // The rows are those of the list, as the server declares them.
    { ...file, kind: 'csvList', table: (rows) => copiedCalls(rows as readonly FoundCallRow[], shownZone) },
    { ...file, kind: 'jsonList' },
  ];
  return (
    <>
      <ExportLinks
        files={files}
        table={() => copiedCalls(calls, shownZone)}
        note={isCut ? messages.shownRows(mostFileRows) : undefined}
      />
      <details class="actions">
        <summary>{messages.withoutPage}</summary>
        <CommandView request={{ url: location.origin + path, isList: true }} />
      </details>
      {isCut && <p class="print-only">{printMessages.firstRows(calls.length)}</p>}
    </>
  );
}
