/**
 * Knows whether someone is signed in, so that nothing of a session is shown after its end: `ended` lasts until the page is
 * loaded again.
 */

/** `none`: nobody was signed in since the page was loaded. `unchecked`: the page returned from the browser's cache. */
export type SessionState = 'unknown' | 'open' | 'unchecked' | 'none' | 'ended';

/** How long the page waits when the server does not respond. */
const retryMs = 2000;

export interface Me {
  readonly name: string | null;
  readonly tenantId: string;
  readonly expiresDateTime: string;
}

let state: SessionState = 'unknown';
/** The session that the shown data belongs to. */
let shown: string | undefined;
const listeners = new Set<() => void>();
const cleaners = new Set<() => void>();
/** Reaches the other tabs: they may be in sight beside this one, so that nobody returns to them. */
let otherTabs: BroadcastChannel | undefined;

export function sessionState(): SessionState {
  return state;
}

export function onSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Registers a function that forgets what a module remembers of a session. */
export function forgetAtEnd(clean: () => void): void {
  cleaners.add(clean);
}

function change(next: SessionState): void {
  if (state === next || state === 'ended') return;
  state = next;
  if (next === 'ended' || next === 'none') {
    for (const clean of cleaners) clean();
    otherTabs?.postMessage(next);
  }
  for (const listener of listeners) listener();
}

/** Records the status of a response: 401 ends the session. */
export function recordStatus(status: number): void {
  if (status === 401) change(shown === undefined ? 'none' : 'ended');
}

/** Records who is signed in. When it is another session than before, the former one has ended. */
export function recordMe({ name, tenantId, expiresDateTime }: Me): void {
  const session = JSON.stringify([name, tenantId, expiresDateTime]);
  shown ??= session;
  change(shown === session ? 'open' : 'ended');
}

/** Asks the server who is signed in now. A page of an ended session is loaded again when there is a new one. */
async function check(): Promise<void> {
  try {
    const response = await fetch('/rollcall/me', { credentials: 'same-origin' });
    recordStatus(response.status);
    if (response.ok) recordMe((await response.json()) as Me); // as the server's OpenAPI document declares
    // Someone is signed in again: what they may see is loaded again.
    if (response.ok && state === 'ended') location.reload();
  } catch {
    if (state === 'unchecked') setTimeout(() => void check(), retryMs);
  }
}

/**
 * Checks the session when another tab finds that it has ended, and when the reader returns to the page: another tab may
 * have signed in as someone else.
 */
export function watchSession(): void {
  const returned = () => {
    if (document.visibilityState === 'visible' && (state === 'open' || state === 'ended')) void check();
  };
  otherTabs = new BroadcastChannel('rollcall.session');
  otherTabs.addEventListener('message', () => {
    if (state === 'open') void check();
  });
  document.addEventListener('visibilitychange', returned);
  addEventListener('focus', returned);
  addEventListener('pageshow', ({ persisted }) => {
    // A page from the browser's cache shows nothing until it is known that its session lasts.
    if (persisted && state === 'open') change('unchecked');
    if (persisted) void check();
  });
}
