/** Sends requests to the server's API. */
import { frameMessages } from './messages/en.ts';
import { recordStatus } from './session.ts';

/** Thrown for a response other than 2xx, with the server's message if it has one. */
export class RequestRefused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  /** The id under which the server logs the request. */
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

/** Requests a text. @throws RequestRefused, and `TypeError` when the server cannot be reached */
export async function getText(path: string, { signal, prefer }: Asked = {}): Promise<string> {
  const response = await fetch(path, {
    credentials: 'same-origin',
    headers: { accept: 'application/json', ...(prefer !== undefined && { prefer }) },
    ...(signal && { signal }),
  });
  const text = await response.text();
  recordStatus(response.status);
  if (response.ok) return text;
  const refusal = refusalIn(text) ?? { message: frameMessages.answered(response.status) };
  throw new RequestRefused(response.status, refusal, response.headers.get('request-id') ?? undefined);
}

export async function getJson<T>(path: string, asked?: Asked): Promise<T> {
  return JSON.parse(await getText(path, asked)) as T; // as the server's OpenAPI document declares
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

/** Returns the path of a next link, whose host may differ from the one that this page came from. */
export function nextPath({ '@odata.nextLink': link }: ApiPage<unknown>): string | undefined {
  if (link === undefined) return undefined;
  const { pathname, search } = new URL(link);
  return pathname + search;
}
