import {
  callPath,
  form,
  graphScope,
  listPath,
  pstnCalls,
  type ReplayedSdk,
  since,
  subscriptionText,
} from './sdk.ts';

/** Writes times with `+00:00`, leaves its telemetry to Graph's own hosts, and calls the dependencies of a batch `depends_on`. */
export const python: ReplayedSdk = {
  name: 'msgraph-sdk-python',
  version: 'msgraph-core 1.4.0, MSAL Python 1.31.0',
  sources: [
    'microsoft/kiota-python@8c6d475fe95138c15ec3ade04a7205e6492184b7:packages/abstractions/kiota_abstractions/request_information.py',
    'microsoft/kiota-python@8c6d475fe95138c15ec3ade04a7205e6492184b7:packages/http/httpx/kiota_http/middleware/parameters_name_decoding_handler.py',
    'microsoft/kiota-python@8c6d475fe95138c15ec3ade04a7205e6492184b7:packages/http/httpx/kiota_http/middleware/retry_handler.py',
    'microsoft/kiota-python@8c6d475fe95138c15ec3ade04a7205e6492184b7:packages/serialization/json/kiota_serialization_json/json_serialization_writer.py',
    'microsoftgraph/msgraph-sdk-python-core@d6e481af8981ed0d886c842c427a3eb921c7e17b:src/msgraph_core/middleware/telemetry.py',
    'microsoftgraph/msgraph-sdk-python-core@d6e481af8981ed0d886c842c427a3eb921c7e17b:src/msgraph_core/requests/batch_request_item.py',
    'AzureAD/microsoft-authentication-library-for-python@7db6c2ccdd121ad730517ebd5e6195feec06ed41:msal/application.py',
    'AzureAD/microsoft-authentication-library-for-python@7db6c2ccdd121ad730517ebd5e6195feec06ed41:msal/oauth2cli/oauth2.py',
  ],
  headers: {
    'accept-encoding': 'gzip, deflate',
    connection: 'keep-alive',
    'user-agent': 'python-httpx/0.28.1 kiota-python/1.9.6',
    accept: 'application/json',
  },
  list: `${listPath}?$filter=${since}&$select=id,startDateTime`,
  call: `${callPath}?$expand=sessions%28%24expand%3Dsegments%29`,
  log: pstnCalls('2026-02-01T00%3A00%3A00%2B00%3A00', '2026-02-20T00%3A00%3A00%2B00%3A00'),
  subscription: { post: subscriptionText, patch: '{"expirationDateTime":"{expires}"}' },
  formatTime: (time) => time.toISOString().replace(/(\.\d+)Z$/, '$1456+00:00'),
  batch:
    '{"requests": [{"id": "1f0c3ad5-2f41-4e2b-9a55-9f1f6cbb1f1c", "method": "GET", "url": "/communications/callRecords/{call}?%24select=id", "depends_on": [], "headers": {"accept": "application/json"}}]}',
  body: {},
  token: {
    headers: {
      'User-Agent': 'python-requests/2.32.3',
      'Accept-Encoding': 'gzip, deflate',
      Accept: 'application/json',
      'x-client-sku': 'MSAL.Python',
      'x-client-ver': '1.31.0',
      'x-client-os': 'linux',
      'x-ms-lib-capability': 'retry-after, h429',
      'client-request-id': '2b9f1f1a-8f0b-4d8b-b5a4-3f1a2b0c4d5e',
      'x-client-current-telemetry': '4|730,0|',
      'x-client-last-telemetry': '4|0|||',
      'Content-Type': form,
    },
    form: `client_id={client}&grant_type=client_credentials&client_info=1&client_secret={secret}&scope=${graphScope}`,
  },
};
