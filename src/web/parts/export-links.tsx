/** Takes a table along: as CSV, as JSON, to the clipboard, or on paper. */
import { useState } from 'preact/hooks';
import { asError } from '../loaded.ts';
import { takeAlongMessages as messages } from '../messages/en.ts';
import { type FileRequest, isCsvFile, saveFile } from './download.ts';
import { Failed } from './states.tsx';
import { copyTable, type TableText } from './table-text.ts';

interface ExportLinksProps {
  /** The files of all rows. */
  readonly files: readonly FileRequest[];
  /** The rows as shown. */
  readonly table: () => TableText;
  /** What the files and the copy have, where it is not what is shown. */
  readonly note?: string | undefined;
}

type Progress =
  | { readonly state: 'idle' }
  | { readonly state: 'busy'; readonly rows: number }
  | { readonly state: 'done'; readonly text: string }
  | { readonly state: 'failed'; readonly error: Error; readonly retry: () => void };

export function ExportLinks({ files, table, note }: ExportLinksProps) {
  const [progress, setProgress] = useState<Progress>({ state: 'idle' });
  const run = async (work: () => Promise<string>) => {
    setProgress({ state: 'busy', rows: 0 });
    try {
      setProgress({ state: 'done', text: await work() });
    } catch (error) {
      setProgress({ state: 'failed', error: asError(error), retry: () => void run(work) });
    }
  };
  const save = (file: FileRequest) =>
    run(async () => {
      await saveFile(file, (rows) => setProgress({ state: 'busy', rows }));
      return messages.saved;
    });
  const copy = () =>
    run(async () => {
      const shown = table();
      await copyTable(shown);
      return messages.copied(shown.count);
    });
  const print = () => {
    setProgress({ state: 'idle' });
    window.print();
  };
  const isBusy = progress.state === 'busy';
  return (
    <>
      <div class="actions" role="group" aria-label={messages.takeAlong}>
        {files.map((file) => (
          <a
            key={file.kind}
            class="button small"
            href={file.path}
            download
            aria-disabled={isBusy}
            onClick={(event) => {
              event.preventDefault();
              if (!isBusy) void save(file);
            }}
          >
            {isCsvFile(file) ? messages.csv : messages.json}
          </a>
        ))}
        <button type="button" class="small" disabled={isBusy} onClick={() => void copy()}>
          {messages.copyTable}
        </button>
        <button type="button" class="small" disabled={isBusy} onClick={print}>
          {messages.print}
        </button>
        <span class="quiet" role="status">
          {progress.state === 'busy' && messages.busy(progress.rows)}
          {progress.state === 'done' && progress.text}
        </span>
        {note !== undefined && <span class="quiet">{note}</span>}
      </div>
      {progress.state === 'failed' && <Failed error={progress.error} retry={progress.retry} />}
    </>
  );
}
