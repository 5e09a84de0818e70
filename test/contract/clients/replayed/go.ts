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

/** Compresses each body, decodes `%24` in the whole query, and asks for the scopes of OpenID Connect as well. */
export const go: ReplayedSdk = {
  name: 'msgraph-sdk-go',
  version: 'msgraph-sdk-go-core 1.4.1, kiota-http-go 1.5.6, MSAL.Go 1.9.0',
  sources: [
    'microsoft/kiota-http-go@3c2e39e668d0050f174b5bcf49cd8eb562796eb0:compression_handler.go',
    'microsoft/kiota-http-go@3c2e39e668d0050f174b5bcf49cd8eb562796eb0:parameters_name_decoding_handler.go',
    'microsoft/kiota-http-go@3c2e39e668d0050f174b5bcf49cd8eb562796eb0:retry_handler.go',
    'microsoftgraph/msgraph-sdk-go-core@7ab7079ad6e6fff6b2ddf5688e29caaa9004db7f:graph_telemetry_handler.go',
    'microsoftgraph/msgraph-sdk-go-core@7ab7079ad6e6fff6b2ddf5688e29caaa9004db7f:batch_requests.go',
    'microsoft/kiota-serialization-json-go@cc19fe8a81762ffc376607928b9cc8699b4a4549:json_serialization_writer.go',
    'AzureAD/microsoft-authentication-library-for-go@247817fb0a8fe54d23a57debd9f32e96d53dc9bd:apps/internal/oauth/ops/accesstokens/accesstokens.go',
    'AzureAD/microsoft-authentication-library-for-go@247817fb0a8fe54d23a57debd9f32e96d53dc9bd:apps/internal/oauth/ops/internal/comm/comm.go',
  ],
  headers: {
    Accept: 'application/json',
    'Accept-Encoding': 'gzip',
    SdkVersion:
      'graph-go/1.70.0, graph-go-core/1.4.1 (hostOS=linux; hostArch=amd64; runtimeEnvironment=go1.24.2;)',
    'client-request-id': '0e3d4c2b-9a0c-4b6e-8e42-3f1d3c9c9a51',
    'User-Agent': 'kiota-go/1.5.6',
  },
  list: `${listPath}?$filter=${since}&$select=id,startDateTime`,
  call: `${callPath}?$expand=sessions%28$expand%3Dsegments%29`,
  log: pstnCalls('2026-02-01T00%3A00%3A00Z', '2026-02-20T00%3A00%3A00Z'),
  subscription: { post: subscriptionText, patch: '{"expirationDateTime":"{expires}"}' },
  formatTime: (time) => time.toISOString().replace(/\.\d+Z$/, 'Z'),
  batch:
    '{"requests":[{"id":"6c2f1d0e-51a5-4a54-9c0b-0f6ad0c7c1b1","method":"GET","url":"/communications/callRecords/{call}?%24select=id","headers":{"accept":"application/json"},"body":null}]}',
  body: { isCompressed: true },
  token: {
    headers: {
      'Content-Type': `${form}; charset=utf-8`,
      'client-request-id': '5c1d8c60-4a5c-4a3a-9d8f-2b0e5c1c9b0e',
      'Return-Client-Request-Id': 'false',
      'x-client-sku': 'MSAL.Go',
      'x-client-os': 'linux',
      'x-client-cpu': 'amd64',
      'x-client-ver': '1.9.0',
    },
    form: `client_id={client}&client_secret={secret}&grant_type=client_credentials&scope=${graphScope}+openid+offline_access+profile`,
  },
};
