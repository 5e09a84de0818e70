export interface RequestTarget {
  /** Still percent-encoded. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
}

/** Reads the path and the query of a request target, in origin or absolute form (RFC 9112, section 3.2). */
export function splitTarget(url: string): RequestTarget {
  const local = url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?#]*/i, '') || '/';
  const mark = local.indexOf('?');
  return mark < 0 ? { path: local, query: '' } : { path: local.slice(0, mark), query: local.slice(mark + 1) };
}

/** Methods by their own name in metrics, traces and logs; clients choose any other. */
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** A method as it is counted, traced and logged: `_OTHER` as OpenTelemetry names what is not known. */
export function methodLabel(method: string | undefined): string {
  return method !== undefined && methods.has(method) ? method : '_OTHER';
}
