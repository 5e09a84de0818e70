/** Shows loading, error and empty states. */
import type { ComponentChildren } from 'preact';
import { RequestRefused } from '../api.ts';
import { frameMessages as messages } from '../messages/en.ts';

export function Loading({ what }: { readonly what: string }) {
  return (
    <p class="state" role="status">
      <span class="spinner" aria-hidden="true" /> {what}
    </p>
  );
}

interface EmptyProps {
  readonly title: string;
  readonly children?: ComponentChildren;
  /** True when nothing else is on the page, so that this is its heading. */
  readonly isWholePage?: boolean;
}

export function Empty({ title, children, isWholePage = false }: EmptyProps) {
  return (
    <div class="state state-empty">
      {isWholePage ? <h1>{title}</h1> : <h2>{title}</h2>}
      {children}
    </div>
  );
}

export function Failed({ error, retry }: { readonly error: Error; readonly retry: () => void }) {
  const isRefused = error instanceof RequestRefused;
  if (isRefused && error.status === 401) return null; // the whole page says so
  return (
    <div class="state state-failed" role="alert">
      <h2>{isRefused ? titleOf(error) : messages.noResponse}</h2>
      <p>{isRefused ? error.message : messages.noResponseHint}</p>
      {isRefused && error.status >= 500 && error.requestId !== undefined && (
        <p class="quiet">{messages.inLog(<code>{error.requestId}</code>)}</p>
      )}
      <button type="button" onClick={retry}>
        {messages.tryAgain}
      </button>
    </div>
  );
}

function titleOf({ status, message }: RequestRefused): string {
  if (status === 404) return message === '' ? messages.refused.callNotFound : messages.refused.notFound;
  if (status === 403) return messages.refused.forbidden;
  if (status === 503) return messages.refused.notReady;
  return status >= 500 ? messages.refused.serverError : messages.refused.invalid;
}
