/** azure-identity.ts ORIGIN SECRET CALL: a token by client secret, and a read with it. */
import { ClientSecretCredential } from '@azure/identity';
import { development } from '../../../src/base/development.ts';

const [, , origin = '', secret = '', callId = ''] = process.argv;
const credential = new ClientSecretCredential(development.tenantId, development.clientId, secret, {
  authorityHost: origin,
  disableInstanceDiscovery: true,
});
try {
  const { token } = await credential.getToken('https://graph.microsoft.com/.default');
  const response = await fetch(`${origin}/v1.0/communications/callRecords/${callId}/participants_v2`, {
    headers: { authorization: `Bearer ${token}` },
  });
  console.log(JSON.stringify({ status: response.status, body: await response.json() }));
} catch (error) {
  // The library wraps what the issuer answered in an error of its own.
  if (!(error instanceof Error)) throw error;
  console.log(JSON.stringify({ name: error.name, message: error.message }));
}
