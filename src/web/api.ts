/** Asks the server, as any client of its API does. */

/** An answer that is no success, in the words of the server where it gave some. */
export class RequestRefused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  /** Under which the server's log has it. */
  readonly requestId: string | undefined;
  /** The server's message for each wrong parameter, by its name. */
  readonly problems: Readonly<Record<string, string>>;

  constructor(status: number, { message, problems = {} }: Refusal, requestId?: string) {
    super(message);
    this.status = status;
    this.requestId = requestId;
    this.problems = problems;
  }
}

interface Refusal {
  readonly message: string;
  readonly problems?: Readonly<Record<string, string>>;
}

interface Asked {
  readonly signal?: AbortSignal | undefined;
  readonly prefer?: string | undefined;
}

interface ErrorEnvelope {
  readonly error?: {
    readonly message?: string;
    readonly details?: readonly { readonly target: string; readonly message: string }[];
  };
}

/** @throws Refused, and `TypeError` when the server cannot be reached */
export async function getText(path: string, { signal, prefer }: Asked = {}): Promise<string> {
  const response = await fetch(path, {
    credentials: 'same-origin',
    headers: { accept: 'application/json', ...(prefer !== undefined && { prefer }) },
    ...(signal && { signal }),
  });
  const text = await response.text();
  if (response.ok) return text;
  const refusal = refusalIn(text) ?? { message: `The server answered ${response.status}.` };
  throw new RequestRefused(response.status, refusal, response.headers.get('request-id') ?? undefined);
}

export async function getJson<T>(path: string, asked?: Asked): Promise<T> {
  return JSON.parse(await getText(path, asked)) as T; // as the OpenAPI document of the server says
}

function refusalIn(text: string): Refusal | undefined {
  try {
    const { error } = JSON.parse(text) as ErrorEnvelope;
    if (error?.message === undefined) return undefined;
    const problems = (error.details ?? []).map(({ target, message }) => [target, message] as const);
    return { message: error.message, problems: Object.fromEntries(problems) };
  } catch {
    return undefined;
  }
}

export interface ApiPage<T> {
  readonly value: readonly T[];
  readonly '@odata.nextLink'?: string;
}

/** Every page of a list, one after the other. */
export async function* pagesOf<T>(path: string, asked?: Asked): AsyncGenerator<readonly T[]> {
  for (let next: string | undefined = path; next !== undefined;) {
    const page: ApiPage<T> = await getJson(next, asked);
    yield page.value;
    next = nextPath(page);
  }
}

/** A next link names the host that the server is known by, which need not be the one that this page came from. */
export function nextPath({ '@odata.nextLink': link }: ApiPage<unknown>): string | undefined {
  if (link === undefined) return undefined;
  const { pathname, search } = new URL(link);
  return pathname + search;
}
