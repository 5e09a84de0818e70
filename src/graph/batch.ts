/**
 * Answers `POST /{version}/$batch`: one request with up to twenty requests, each answered as if it had been sent alone
 * (reference "Combine multiple HTTP requests using JSON batching").
 */
import { type IncomingHttpHeaders, METHODS } from 'node:http';
import { Fault } from '../contract/faults.ts';
import {
  asFault,
  errorHeaders,
  errorText,
  isDefect,
  type OnDefect,
  type RequestIds,
  requestIds,
  statusOf,
} from './error-response.ts';
import { type Answer, bodyOf } from './exchange.ts';
import { emptyBody, parseJson, refuseOtherContent } from './json-body.ts';
import { clientLimits, maxUrlLength } from './limits.ts';
import type { GraphRequest, GraphResponse } from './messages.ts';
import { ownHeaders } from './response.ts';
import type { ReadJson } from './write.ts';

const maxRequests = 20;
const maxIdLength = 256;
const methods: ReadonlySet<string> = new Set(METHODS);
/** Names and values that an HTTP header may have (RFC 9110, sections 5.1 and 5.5). */
const headerName = /^[!#$%&'*+.^_`|~\w-]+$/;
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/;
const maxHeaderBytes = clientLimits.headerBytes;
/** Bytes that HTTP adds to each header: `: ` and the line end. */
const aroundHeader = 4;

interface BatchRequest {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly dependsOn: readonly string[];
  /** The parsed JSON; absent when the request has no body. */
  readonly body: unknown;
}

interface BatchParts {
  readonly answer: (request: GraphRequest, readJson: ReadJson) => Promise<GraphResponse>;
  /** Called with each request before it is answered. @throws Fault to reject it */
  readonly admit?: (request: GraphRequest) => void;
  /** Returns a response to send instead of handling the request; `undefined` to handle it. */
  readonly intercept:
    ((request: GraphRequest, ids: RequestIds) => Promise<Answer | undefined> | undefined) | undefined;
  /** Returns the response that the client receives, given the one that was made. */
  readonly revise?: ((request: GraphRequest, answer: Answer) => Answer) | undefined;
  /** Returns a cached response to the same request, its body as JSON text. */
  readonly ready: (request: GraphRequest) => Answer | undefined;
  readonly keep: (request: GraphRequest, answer: Answer) => void;
  readonly challenge: string;
  readonly clock: () => Date;
  readonly onDefect: OnDefect;
}

/** Answers a batch. @throws Fault `malformedRequest` when the batch itself is invalid */
export async function answerBatch(batch: GraphRequest, body: Buffer, parts: BatchParts): Promise<Buffer> {
  const requests = inOrder(readBatch(body));
  const statuses = new Map<string, number>();
  // One string whose characters are its bytes: joining twenty answers as buffers costs three times as much.
  let text = '{"responses":[';
  for (const request of requests) {
    const ids = requestIds(request.headers);
    const found = answerItem(request, statuses, batch, parts, ids);
    const answer = found instanceof Promise ? await found : found;
    const { status } = answer;
    statuses.set(request.id, status);
    if (statuses.size > 1) text += ',';
    text += `{"id":${asciiJson(request.id)},"status":${status},"headers":{${headersText(answer.headers)}`;
    text += `"request-id":"${ids.requestId}","client-request-id":${JSON.stringify(ids.clientRequestId)}}`;
    const itemText = request.method === 'HEAD' ? '' : textOf(answer);
    text += itemText === '' ? '}' : `,"body":${itemText}}`;
  }
  return Buffer.from(`${text}]}`, 'latin1');
}

/** Formats a JSON string with ASCII characters only: others are escaped. */
function asciiJson(value: string): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Formatted headers, by their array: cached responses share the same array. */
const headerTexts = new WeakMap<readonly string[], string>();

/** Formats headers as members of a JSON object, with a comma after each. Headers are ASCII. */
function headersText(headers: readonly string[]): string {
  const known = headerTexts.get(headers);
  if (known !== undefined) return known;
  let text = '';
  for (let i = 0; i < headers.length; i += 2)
    text += `${asciiJson(headers[i]!)}:${asciiJson(headers[i + 1]!)},`;
  headerTexts.set(headers, text);
  return text;
}

function textOf({ body }: Answer): string {
  return typeof body === 'string' ? body : body.map((part) => part.toString('latin1')).join('');
}

/** Answers one request of a batch. @returns A promise only when the request has to read from the store. */
function answerItem(
  request: BatchRequest,
  statuses: ReadonlyMap<string, number>,
  batch: GraphRequest,
  parts: BatchParts,
  ids: RequestIds,
): Answer | Promise<Answer> {
  const refuse = (error: unknown): Answer => {
    const fault = asFault(error);
    if (isDefect(fault)) parts.onDefect(error, { requestId: ids.requestId });
    const body = bodyOf(Buffer.from(errorText(fault, ids, parts.clock())));
    return { status: statusOf(fault.fault), headers: errorHeaders(fault, parts.challenge), body };
  };
  try {
    const failed = request.dependsOn.find((id) => statuses.get(id)! >= 400);
    if (failed !== undefined)
      throw new Fault('dependencyFailed', 'A request that this one depends on failed.');
    const graph = graphRequest(request, batch);
    const read = async () => {
      const response = await parts.answer(graph, () => bodyOfItem(request));
      const answer = itemOf(response);
      const isKept = graph.method === 'GET' && response.isMomentary !== true;
      if (isKept) parts.keep(graph, answer);
      return answer;
    };
    const revised = (found: Answer) => parts.revise?.(graph, found) ?? found;
    const usual = () => {
      parts.admit?.(graph);
      const found = parts.ready(graph);
      return found === undefined ? read().then(revised) : revised(found);
    };
    const intercepted = parts.intercept?.(graph, ids);
    if (intercepted !== undefined) return intercepted.then((instead) => instead ?? usual()).catch(refuse);
    const answer = usual();
    return answer instanceof Promise ? answer.catch(refuse) : answer;
  } catch (error) {
    return refuse(error);
  }
}

/** Converts an item of the batch to a request of its own, at the version of the batch. */
function graphRequest({ method, url, headers }: BatchRequest, batch: GraphRequest): GraphRequest {
  refuseBeyondHttp(method, url, headers);
  if (url.length > maxUrlLength)
    throw new Fault('uriTooLong', `The URL is longer than ${maxUrlLength} characters.`);
  if (/^[a-z][a-z0-9+.-]*:/i.test(url))
    throw new Fault(
      'malformedRequest',
      'The URL of a request in the batch must be relative to the version, such as /communications/callRecords.',
    );
  const local = url.replace(/^\//, '');
  const mark = local.indexOf('?');
  const path = mark < 0 ? local : local.slice(0, mark);
  const query = mark < 0 ? '' : local.slice(mark + 1);
  return { ...batch, method, path, query, headers };
}

/** Rejects an item that HTTP or the server's limits would reject as a single request. */
function refuseBeyondHttp(method: string, url: string, headers: IncomingHttpHeaders): void {
  if (!methods.has(method))
    throw new Fault('malformedRequest', 'The method of a request in the batch is not a valid HTTP method.');
  // Batch URLs often contain unencoded blanks and other characters, which are allowed.
  if (/[\0-\x1f\x7f]/.test(url))
    throw new Fault('malformedRequest', 'The URL of a request in the batch contains a control character.');
  let bytes = 0;
  for (const [name, value] of Object.entries(headers)) {
    const text = value as string; // `readHeaders` has joined lists
    bytes += name.length + text.length + aroundHeader;
    if (bytes > maxHeaderBytes)
      throw new Fault('headersTooLarge', `The headers of a request are larger than ${maxHeaderBytes} bytes.`);
    if (!headerName.test(name) || !headerValue.test(text))
      throw new Fault('malformedRequest', 'A header of a request in the batch is not a valid HTTP header.');
  }
}

/** Reads the body of an item. In a batch it is JSON already, so a content type is optional. */
function bodyOfItem({ body, headers }: BatchRequest): Promise<unknown> {
  if (body === undefined) return Promise.reject(emptyBody());
  const contentType = headers['content-type'];
  if (contentType !== undefined) refuseOtherContent(contentType);
  return Promise.resolve(body);
}

function itemOf(response: GraphResponse): Answer {
  const { status, body, contentType } = response;
  const headers = ['OData-Version', '4.0', 'Cache-Control', 'no-cache'];
  if (body !== undefined) headers.push('Content-Type', contentType);
  headers.push(...ownHeaders(response));
  if (body === undefined) return { status, headers, body: [] };
  const bytes = [body.head, body.text(), body.tail];
  // Text that is not JSON is a string (OData JSON Format 4.01, section 19.2).
  const isJson = contentType.startsWith('application/json');
  const json = isJson ? bytes : [Buffer.from(JSON.stringify(Buffer.concat(bytes).toString()))];
  return { status, headers, body: bodyOf(...json) };
}

/** Returns true when a batch contains a request that is not a read; false when the whole batch is invalid. */
export function changesSomething(body: Buffer): boolean {
  try {
    return readBatch(body).some(({ method }) => method !== 'GET' && method !== 'HEAD');
  } catch (error) {
    if (error instanceof Fault) return false;
    throw error;
  }
}

/** Parsed batches by their body: the body is parsed once to route the request and reused to answer it. */
const batches = new WeakMap<Buffer, readonly BatchRequest[]>();

function readBatch(body: Buffer): readonly BatchRequest[] {
  let batch = batches.get(body);
  if (batch === undefined) batches.set(body, (batch = parseBatch(body)));
  return batch;
}

function parseBatch(body: Buffer): readonly BatchRequest[] {
  let parsed: unknown;
  try {
    parsed = parseJson(body);
  } catch {
    throw badBatch('The body of a batch must be JSON: {"requests":[…]}.');
  }
  const requests = isObject(parsed) ? parsed['requests'] : undefined;
  if (!Array.isArray(requests) || requests.length === 0)
    throw badBatch("The batch must have an array 'requests' with at least one request.");
  if (requests.length > maxRequests)
    throw badBatch(`A batch can contain at most ${maxRequests} requests; this one has ${requests.length}.`);
  return requests.map((request, i) => readRequest(request, i));
}

function readRequest(request: unknown, index: number): BatchRequest {
  const where = `Request ${index + 1} of the batch`;
  if (!isObject(request)) throw badBatch(`${where} is not an object.`);
  const { id, method, url, dependsOn = [], body } = request;
  if (typeof id !== 'string' || id === '') throw badBatch(`${where} has no 'id'.`);
  if (id.length > maxIdLength)
    throw badBatch(`The 'id' of ${where.toLowerCase()} is longer than ${maxIdLength} characters.`);
  if (typeof method !== 'string') throw badBatch(`${where} has no 'method'.`);
  if (typeof url !== 'string') throw badBatch(`${where} has no 'url'.`);
  const headers = readHeaders(request['headers'], where);
  if (!Array.isArray(dependsOn) || !dependsOn.every((one) => typeof one === 'string'))
    throw badBatch(`'dependsOn' of ${where.toLowerCase()} is not an array of ids.`);
  if (dependsOn.length > maxRequests)
    throw badBatch(`'dependsOn' of ${where.toLowerCase()} names more than ${maxRequests} requests.`);
  return { id, method: method.toUpperCase(), url, headers, dependsOn, body };
}

/** Reads the headers of an item. Scripts send numbers, lists and null, each read as in a single request. */
function readHeaders(given: unknown, where: string): IncomingHttpHeaders {
  const headers = given ?? {};
  if (!isObject(headers)) throw badBatch(`The 'headers' of ${where.toLowerCase()} are not an object.`);
  const read = Object.create(null) as Record<string, string>; // `__proto__` is a name like any other
  for (const [name, value] of Object.entries(headers)) {
    const text = typeof value === 'string' ? value : joined(value, where);
    // HTTP cannot transmit these characters in a header (RFC 9110, section 5.5).
    if (/[\r\n\0]/.test(text)) throw badBatch(`A header of ${where.toLowerCase()} contains a line break.`);
    if (text !== '') read[name.toLowerCase()] = text;
  }
  return read;
}

/** Joins the values of a header. @returns The empty string for null and for an empty list. */
function joined(value: unknown, where: string): string {
  const items = (Array.isArray(value) ? (value as unknown[]) : [value]).filter((item) => item !== null);
  if (items.some((item) => typeof item === 'object'))
    throw badBatch(`A header of ${where.toLowerCase()} is an object; it must be a string.`);
  return items.map(String).join(', ');
}

/** Orders requests so that each comes after those it depends on; otherwise keeps their order. */
function inOrder(requests: readonly BatchRequest[]): readonly BatchRequest[] {
  const known = new Set<string>();
  const folded = new Set<string>();
  for (const { id } of requests) {
    known.add(id);
    // Ids are compared without case, and the message is Graph's (issue #4449 of microsoftgraph/microsoft-graph-docs).
    if (folded.size === folded.add(id.toLowerCase()).size)
      throw badBatch(`Request Id ${id} has to be unique in a batch.`);
  }
  for (const { id, dependsOn } of requests) {
    const unknown = dependsOn.find((one) => !known.has(one));
    if (unknown !== undefined) throw badBatch(`'${id}' depends on '${unknown}', which is not in the batch.`);
  }
  const ordered: BatchRequest[] = [];
  const done = new Set<string>();
  while (ordered.length < requests.length) {
    const ready = requests.filter(
      ({ id, dependsOn }) => !done.has(id) && dependsOn.every((one) => done.has(one)),
    );
    if (ready.length === 0) throw badBatch('The requests of the batch depend on each other in a circle.');
    for (const request of ready) done.add(request.id);
    ordered.push(...ready);
  }
  return ordered;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function badBatch(message: string): Fault {
  return new Fault('malformedRequest', message);
}
