/**
 * kiota.ts ORIGIN TOKEN: Microsoft's Kiota SDK sends the requests of each line of standard input, which are JSON; their
 * answers are printed as one line. Its communications package, which would hold
 * `communications.callRecords.byCallRecordId(id).participantsV2`, is not published: the requests it would build are
 * made here, with its URL templates, its adapters and its models.
 */
import { createInterface } from 'node:readline';
import {
  BaseBearerTokenAuthenticationProvider,
  HttpMethod,
  type Parsable,
  RequestInformation,
} from '@microsoft/kiota-abstractions';
import { GraphBetaRequestAdapter } from '@microsoft/msgraph-beta-sdk';
import { GraphRequestAdapter } from '@microsoft/msgraph-sdk';
import { BatchRequestContent, type PageCollection, PageIterator } from '@microsoft/msgraph-sdk-core';
import {
  createODataErrorFromDiscriminatorValue,
  type ODataError,
} from '@microsoft/msgraph-sdk/models/oDataErrors/index.js';
import { formatModels, type Model, type ModelName, models } from './kiota-models.ts';

export interface KiotaRequest {
  /** What stands after `{+baseurl}` in the SDK's URL template. */
  readonly template: string;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly prefer?: string;
  readonly model: ModelName | '$count';
  /** One entity, a page, or every entity by the SDK's PageIterator. */
  readonly gives: 'one' | 'page' | 'all';
}

const [, , origin = '', token = ''] = process.argv;

const authentication = new BaseBearerTokenAuthenticationProvider({
  getAuthorizationToken: () => Promise.resolve(token),
  getAllowedHostsValidator: () => {
    throw new Error('not asked for');
  },
});
const graph = new GraphRequestAdapter(authentication);
graph.baseUrl = `${origin}/v1.0`;
const graphBeta = new GraphBetaRequestAdapter(authentication);
graphBeta.baseUrl = `${origin}/beta`;

const errors = { XXX: createODataErrorFromDiscriminatorValue };
const adapterOf = ({ model }: KiotaRequest) => (model.startsWith('beta') ? graphBeta : graph);

function information(request: KiotaRequest): RequestInformation {
  const baseurl = adapterOf(request).baseUrl;
  const result = new RequestInformation(HttpMethod.GET, `{+baseurl}${request.template}`, {
    baseurl,
    ...request.path,
  });
  for (const [name, value] of Object.entries(request.query ?? {}))
    result.queryParameters[name] = typeof value === 'string' ? value : [...value];
  result.headers.add('Accept', request.model === '$count' ? 'text/plain;q=0.9' : 'application/json');
  if (request.prefer) result.headers.add('Prefer', request.prefer);
  return result;
}

async function answer(request: KiotaRequest): Promise<unknown> {
  if (request.model === '$count') return graph.sendPrimitive<number>(information(request), 'number', errors);
  return read(request, models[request.model]); // each reads and writes its own kind
}

async function read(request: KiotaRequest, { one, many }: Model<Parsable>): Promise<unknown> {
  const adapter = adapterOf(request);
  if (request.gives === 'one') return adapter.send(information(request), one, errors);
  const page = await adapter.send(information(request), many, errors);
  if (request.gives === 'page') return page?.value;
  const values: unknown[] = [];
  const each = (value: Parsable) => values.push(value) > 0;
  // The iterator wants the value there; a page of ours always has it.
  await new PageIterator(adapter, page as PageCollection<Parsable>, each, many, errors).iterate();
  return values;
}

/** The statuses of v1.0's requests as one batch: of bodies that are JSON the SDK's batch makes nothing. */
async function batch(batched: readonly KiotaRequest[]): Promise<unknown> {
  const content = new BatchRequestContent(graph, errors);
  batched.forEach((request, i) => content.addBatchRequest(information(request), String(i)));
  const answered = await content.postAsync();
  const statuses = await answered?.getResponsesStatusCodes();
  return batched.map((_, i) => statuses?.get(String(i)));
}

async function answerOrError(request: KiotaRequest): Promise<unknown> {
  try {
    return await answer(request);
  } catch (thrown) {
    const { responseStatusCode, errorEscaped } = thrown as ODataError & { responseStatusCode?: number }; // by the error mapping
    if (errorEscaped === undefined) throw thrown;
    const { code, message, innerError } = errorEscaped ?? {};
    const { date, requestId, clientRequestId } = innerError ?? {};
    return {
      status: responseStatusCode,
      code,
      message,
      date: date?.toISOString(),
      requestId,
      clientRequestId,
    };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line) as KiotaRequest[];
  const answers: unknown[] = [];
  for (const request of asked) answers.push(await answerOrError(request));
  console.log(
    formatModels({ answers, batch: await batch(asked.filter((each) => adapterOf(each) === graph)) }),
  );
}
