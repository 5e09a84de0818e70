/** Shows loading, error and empty states. */
import type { ComponentChildren } from 'preact';
import { RequestRefused } from '../api.ts';
import { SignedOut } from './signed-out.tsx';

export function Loading({ what }: { readonly what: string }) {
  return (
    <p class="state" role="status">
      <span class="spinner" aria-hidden="true" /> {what}
    </p>
  );
}

export function Empty({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: ComponentChildren;
}) {
  return (
    <div class="state state-empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function Failed({ error, retry }: { readonly error: Error; readonly retry: () => void }) {
  const isRefused = error instanceof RequestRefused;
  if (isRefused && error.status === 401) return <SignedOut />;
  return (
    <div class="state state-failed" role="alert">
      <h2>{isRefused ? titleOf(error.status) : 'The server does not respond'}</h2>
      <p>
        {isRefused
          ? error.message
          : 'There was no response. The server may be restarting, or the network is interrupted.'}
      </p>
      {isRefused && error.status >= 500 && error.requestId !== undefined && (
        <p class="quiet">
          In the server’s log: <code>{error.requestId}</code>
        </p>
      )}
      <button type="button" onClick={retry}>
        Try again
      </button>
    </div>
  );
}

function titleOf(status: number): string {
  if (status === 404) return 'Call not found';
  if (status === 403) return 'You do not have access';
  if (status === 503) return 'Not ready yet';
  return status >= 500 ? 'The server had an error' : 'The request is not valid';
}
