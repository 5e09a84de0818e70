/**
 * The requests that an SDK sends, derived from its public source because the SDK cannot run here. In texts, `{call}` is
 * the id of a call, `{webhook}` the URL of an endpoint, `{expires}` a time, and `{client}`, `{secret}` the credentials.
 * Versions of packages whose source was not read, ids and names of systems are examples.
 */
export interface ReplayedSdk {
  readonly name: string;
  /** Of the package whose source was read. */
  readonly version: string;
  /** What was read, as `owner/repository@commit:path`. */
  readonly sources: readonly `${string}/${string}@${string}:${string}`[];
  /** Of each request to Graph, besides the token. */
  readonly headers: Readonly<Record<string, string>>;
  /** How the SDK writes options and dates in a URL. */
  readonly list: string;
  readonly call: string;
  readonly log: string;
  readonly subscription: { readonly post: string; readonly patch: string };
  /** As the SDK writes the time of a subscription. */
  readonly formatTime: (time: Date) => string;
  /** Absent where the SDK has no batches of its own. */
  readonly batch?: string;
  readonly body: {
    readonly isCompressed?: true;
    readonly isChunked?: true;
    /** As the SDK writes it. */
    readonly contentType?: string;
  };
  readonly token: { readonly headers: Readonly<Record<string, string>>; readonly form: string };
}

export const form = 'application/x-www-form-urlencoded';
export const graphScope = 'https%3A%2F%2Fgraph.microsoft.com%2F.default';

/** RFC 6570 encodes everything but letters, digits and `-._~` in a value. */
export const since = 'startDateTime%20ge%202026-03-01T00%3A00%3A00Z';
const records = '/communications/callRecords';
export const callPath = `/v1.0${records}/{call}`;
export const listPath = `/v1.0${records}`;

/** Kiota's builders call the function by its qualified name. */
export function pstnCalls(from: string, to: string): string {
  return `/v1.0${records}/microsoft.graph.callRecords.getPstnCalls(fromDateTime=${from},toDateTime=${to})`;
}

/** Kiota's models write the members that are set, in this order. */
export const subscriptionText =
  '{"changeType":"updated","clientState":"mine","expirationDateTime":"{expires}","notificationUrl":"{webhook}","resource":"/communications/callRecords"}';
