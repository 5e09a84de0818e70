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

export const msalNetToken = {
  headers: {
    'x-client-SKU': 'MSAL.NetCore',
    'x-client-Ver': '4.83.0.0',
    'x-client-OS': 'Ubuntu 24.04.2 LTS',
    'client-request-id': 'f9f3b0c2-7a2b-4e30-a7d4-5f8d6f4e7c11',
    'return-client-request-id': 'true',
    'x-ms-lib-capability': 'retry-after, h429',
    'x-client-current-telemetry': '5|1004,2,,,|0,1,1,,',
    'Content-Type': form,
  },
  form: `client_id={client}&client_info=2&client_secret={secret}&scope=${graphScope}&grant_type=client_credentials`,
};

/** Writes seven digits and `+00:00` in URLs, decodes the URLs of a batch, and sends a batch in chunks. */
export const dotnet: ReplayedSdk = {
  name: 'msgraph-sdk-dotnet',
  version: 'Microsoft.Graph.Core 4.0.1, Microsoft.Kiota 2.0.2',
  sources: [
    'microsoft/kiota-dotnet@f5266e2b7c9b1be8c94650910bd854945808fc8f:src/abstractions/RequestInformation.cs',
    'microsoft/kiota-dotnet@f5266e2b7c9b1be8c94650910bd854945808fc8f:src/http/httpClient/Middleware/ParametersNameDecodingHandler.cs',
    'microsoft/kiota-dotnet@f5266e2b7c9b1be8c94650910bd854945808fc8f:src/http/httpClient/Middleware/RetryHandler.cs',
    'microsoft/kiota-dotnet@f5266e2b7c9b1be8c94650910bd854945808fc8f:src/serialization/json/JsonSerializationWriter.cs',
    'microsoftgraph/msgraph-sdk-dotnet-core@7b55c34de404f7d7029cc83d25fd582a2497b2c5:src/Microsoft.Graph.Core/Requests/Middleware/GraphTelemetryHandler.cs',
    'microsoftgraph/msgraph-sdk-dotnet-core@7b55c34de404f7d7029cc83d25fd582a2497b2c5:src/Microsoft.Graph.Core/Requests/Content/BatchRequestContent.cs',
    'AzureAD/microsoft-authentication-library-for-dotnet@39d200113f6e26d06d12a7025c0dc49d66096048:src/client/Microsoft.Identity.Client/Internal/Requests/ClientCredentialRequest.cs',
  ],
  headers: {
    Accept: 'application/json',
    'User-Agent': 'kiota-dotnet/2.0.2',
    SdkVersion:
      'graph-dotnet/5.90.0, graph-dotnet-core/4.0.1 (featureUsage=00000047; hostOS=Unix 6.8.0.45; hostArch=X64; runtimeEnvironment=.NET 10.0.0;)',
    'client-request-id': '9d2a7c55-0a3e-4f6b-8a9b-6f0e2a1b3c4d',
    'Accept-Encoding': 'gzip, deflate, br',
  },
  list: `${listPath}?$filter=${since}&$select=id,startDateTime`,
  call: `${callPath}?$expand=sessions%28%24expand%3Dsegments%29`,
  log: pstnCalls('2026-02-01T00%3A00%3A00.0000000%2B00%3A00', '2026-02-20T00%3A00%3A00.0000000%2B00%3A00'),
  subscription: { post: subscriptionText, patch: '{"expirationDateTime":"{expires}"}' },
  formatTime: (time) => time.toISOString().replace(/(\.\d+)Z$/, '$14567+00:00'),
  batch:
    '{"requests":[{"id":"b7d8d6e0-0d0f-4e0c-9f39-6c9a1e0b7a11","url":"/communications/callRecords?$filter=startDateTime ge 2026-03-01T00:00:00Z","method":"GET","headers":{"Accept":"application/json","Prefer":"odata.maxpagesize=1"}}]}',
  body: { isChunked: true },
  token: msalNetToken,
};
