/**
 * kiota.ts ORIGIN TOKEN CALL: a page by Microsoft's Kiota SDK. Its communications package, which would hold
 * `communications.callRecords.byCallRecordId(id).participantsV2`, is not published: the request it would build is made
 * here by hand, with its URL template, its adapter and its models.
 */
import {
  BaseBearerTokenAuthenticationProvider,
  HttpMethod,
  RequestInformation,
} from '@microsoft/kiota-abstractions';
import { GraphRequestAdapter } from '@microsoft/msgraph-sdk';
import {
  createParticipantCollectionResponseFromDiscriminatorValue,
  type ParticipantCollectionResponse,
} from '@microsoft/msgraph-sdk/models/callRecords/index.js';
import {
  createODataErrorFromDiscriminatorValue,
  type ODataError,
} from '@microsoft/msgraph-sdk/models/oDataErrors/index.js';

const [, , origin = '', token = '', callId = ''] = process.argv;
const adapter = new GraphRequestAdapter(
  new BaseBearerTokenAuthenticationProvider({
    getAuthorizationToken: () => Promise.resolve(token),
    getAllowedHostsValidator: () => {
      throw new Error('not asked for');
    },
  }),
);
adapter.baseUrl = `${origin}/v1.0`;

async function page(id: string): Promise<ParticipantCollectionResponse | undefined> {
  const request = new RequestInformation(
    HttpMethod.GET,
    '{+baseurl}/communications/callRecords/{callRecord%2Did}/participants_v2{?%24select}',
    {
      baseurl: adapter.baseUrl,
      'callRecord%2Did': id,
    },
  );
  request.queryParameters['%24select'] = ['id', 'identity'];
  request.headers.add('Accept', 'application/json');
  return adapter.send(request, createParticipantCollectionResponseFromDiscriminatorValue, {
    XXX: createODataErrorFromDiscriminatorValue,
  });
}

const read = await page(callId);
let unknown: unknown;
try {
  await page('unknown');
} catch (thrown) {
  const error = thrown as ODataError & { responseStatusCode?: number }; // what the error mapping makes
  unknown = { status: error.responseStatusCode, code: error.errorEscaped?.code };
}
console.log(
  JSON.stringify({
    ids: read?.value?.map((participant) => participant.id),
    names: read?.value?.map((participant) => participant.identity?.user?.displayName ?? null),
    nextLink: read?.odataNextLink,
    unknown,
  }),
);
