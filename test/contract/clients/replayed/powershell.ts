import { msalNetToken } from './dotnet.ts';
import { callPath, listPath, type ReplayedSdk, since } from './sdk.ts';

/** Names options after its parameters, in their letter case, and puts `$` before them on v1.0; tokens come by MSAL.NET. */
export const powershell: ReplayedSdk = {
  name: 'Microsoft.Graph (PowerShell)',
  version: 'msgraph-sdk-powershell 2',
  sources: [
    'microsoftgraph/msgraph-sdk-powershell@b9fdfded83475856a3ebba03f5fff26da0f5f694:src/Authentication/Authentication/Handlers/ODataQueryOptionsHandler.cs',
    'microsoftgraph/msgraph-sdk-powershell@511003eabf4297cfcd962d284741c7586670c746:src/Authentication/Authentication.Test/Helpers/ODataQueryOptionsHandlerTests.cs',
    'microsoftgraph/msgraph-sdk-powershell@0c29404044fbbc59e3135aa6ee282ad5498bdab7:src/Authentication/Authentication/Helpers/HttpHelpers.cs',
    'AzureAD/microsoft-authentication-library-for-dotnet@39d200113f6e26d06d12a7025c0dc49d66096048:src/client/Microsoft.Identity.Client/Internal/Requests/ClientCredentialRequest.cs',
  ],
  headers: {
    'User-Agent': 'Mozilla/5.0,(Windows NT 10.0; Microsoft Windows 10.0.22631; de-DE),PowerShell/7.4.6',
    SdkVersion: 'graph-powershell/2.25.0, Graph-dotnet-1.25.1',
    'client-request-id': '1a7d0f2e-8f5c-4b3a-9e6d-0c2b4a6f8e10',
    'Accept-Encoding': 'gzip, deflate',
  },
  list: `${listPath}?$Select=id%2CstartDateTime&$Filter=${since}`,
  call: `${callPath}?$Expand=sessions(%24expand%3Dsegments)`,
  log: '/beta/communications/callRecords?Select=id&Filter=startDateTime%20ge%202026-03-01T00%3A00%3A00Z',
  subscription: {
    post: '{"changeType":"updated","notificationUrl":"{webhook}","resource":"communications/callRecords","expirationDateTime":"{expires}","clientState":"mine"}',
    patch: '{"expirationDateTime":"{expires}"}',
  },
  formatTime: (time) =>
    new Date(time.getTime() + 3_600_000).toISOString().replace(/(\.\d+)Z$/, '$10000+01:00'),
  body: {},
  token: msalNetToken,
};
