/** msal.ts ORIGIN CALL: a token by client credentials, and a read with it. */
import { ConfidentialClientApplication } from '@azure/msal-node';
import { development } from '../../../src/base/development.ts';

const [, , origin = '', callId = ''] = process.argv;
const application = new ConfidentialClientApplication({
  auth: {
    clientId: development.clientId,
    clientSecret: development.clientSecret,
    authority: `${origin}/${development.tenantId}`,
    knownAuthorities: [new URL(origin).host],
  },
});
const result = await application.acquireTokenByClientCredential({
  scopes: ['https://graph.microsoft.com/.default'],
});
const response = await fetch(`${origin}/v1.0/communications/callRecords/${callId}`, {
  headers: { authorization: `Bearer ${result?.accessToken ?? ''}` },
});
console.log(JSON.stringify({ tokenType: result?.tokenType, status: response.status }));
