export interface RequestTarget {
  /** The percent-encoded path. */
  readonly path: string;
  /** The query without its question mark. */
  readonly query: string;
}

/** Reads the path and the query of a request target, in origin or absolute form (RFC 9112, section 3.2). */
export function splitTarget(url: string): RequestTarget {
  const local = url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?#]*/i, '') || '/';
  const mark = local.indexOf('?');
  return mark < 0 ? { path: local, query: '' } : { path: local.slice(0, mark), query: local.slice(mark + 1) };
}

/** Methods that metrics, traces and logs show by name; clients can send any other. */
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Returns the method for metrics, traces and logs: `_OTHER`, as in OpenTelemetry, for unknown methods. */
export function methodLabel(method: string | undefined): string {
  return method !== undefined && methods.has(method) ? method : '_OTHER';
}
