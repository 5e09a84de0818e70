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

/** Writes up to nine digits of a second, and asks for the scopes of OpenID Connect as well. */
export const java: ReplayedSdk = {
  name: 'msgraph-sdk-java',
  version: 'microsoft-graph-core 3.6.5, kiota-java 1.9.3, MSAL4J 1.17.2',
  sources: [
    'microsoft/kiota-java@eb28d0d11ccdf30ab3f412483d7ba4da6228787a:components/abstractions/src/main/java/com/microsoft/kiota/RequestInformation.java',
    'microsoft/kiota-java@eb28d0d11ccdf30ab3f412483d7ba4da6228787a:components/http/okHttp/src/main/java/com/microsoft/kiota/http/middleware/ParametersNameDecodingHandler.java',
    'microsoft/kiota-java@eb28d0d11ccdf30ab3f412483d7ba4da6228787a:components/http/okHttp/src/main/java/com/microsoft/kiota/http/middleware/RetryHandler.java',
    'microsoftgraph/msgraph-sdk-java-core@4a27304e182aba0cf3fcb55d269cde610d34bb5a:src/main/java/com/microsoft/graph/core/requests/middleware/GraphTelemetryHandler.java',
    'microsoftgraph/msgraph-sdk-java-core@4a27304e182aba0cf3fcb55d269cde610d34bb5a:src/main/java/com/microsoft/graph/core/content/BatchRequestContent.java',
    'AzureAD/microsoft-authentication-library-for-java@ff44d4a6cc338924f96820d772bd10144cd67094:msal4j-sdk/src/main/java/com/microsoft/aad/msal4j/OAuthAuthorizationGrant.java',
    'AzureAD/microsoft-authentication-library-for-java@ff44d4a6cc338924f96820d772bd10144cd67094:msal4j-sdk/src/main/java/com/microsoft/aad/msal4j/HttpHeaders.java',
  ],
  headers: {
    Accept: 'application/json',
    SdkVersion:
      'graph-java/6.50.0, graph-java-core/3.6.5 (featureUsage=00000040; runtimeEnvironment=JRE/21.0.5)',
    'client-request-id': '4f2c8a3b-1d6e-4e0a-b1c2-7a9d0e5f6b38',
    'User-Agent': 'kiota-java/1.9.3',
    'Accept-Encoding': 'gzip',
    Connection: 'Keep-Alive',
  },
  list: `${listPath}?$filter=${since}&$select=id,startDateTime`,
  call: `${callPath}?$expand=sessions%28%24expand%3Dsegments%29`,
  log: pstnCalls('2026-02-01T00%3A00%3A00Z', '2026-02-20T00%3A00%3A00Z'),
  subscription: { post: subscriptionText, patch: '{"expirationDateTime":"{expires}"}' },
  formatTime: (time) => time.toISOString().replace(/(\.\d+)Z$/, '$1456789Z'),
  batch:
    '{"requests":[{"id":"d2d5d7a4-6b1e-4c58-8c0e-2b4f8f3c5a77","url":"/communications/callRecords/{call}?$select=id","method":"GET","headers":{"Accept":"application/json"}}]}',
  body: { contentType: 'application/json; charset=utf-8' },
  token: {
    headers: {
      'Content-Type': `${form}; charset=utf-8`,
      Accept: 'application/json',
      'x-client-SKU': 'MSAL.Java',
      'x-client-VER': '1.17.2',
      'x-client-OS': 'Linux',
      'return-client-request-id': 'true',
      'client-request-id': '8e1b7f64-2c8d-4a8e-9b23-5d3c1f0a9e72',
      'x-ms-lib-capability': 'retry-after, h429',
      'x-client-current-telemetry': '5|1014,|0,,',
      'x-client-last-telemetry': '5|0|||',
    },
    form: `scope=offline_access+openid+profile+${graphScope}&client_info=1&grant_type=client_credentials&client_id={client}&client_secret={secret}`,
  },
};
