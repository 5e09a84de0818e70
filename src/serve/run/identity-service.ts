/** Determines where to request tokens of this machine's managed identities, from the variables that Azure sets. */
import type { IdentityService } from '../../collect/sync/managed-identity.ts';
import { UsageError } from '../../base/exit.ts';

/**
 * Reads the variables that Microsoft's libraries read.
 *
 * @see https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 * @throws UsageError that names the variable
 */
export function identityServiceBy(environment: NodeJS.ProcessEnv): IdentityService {
  const { IDENTITY_ENDPOINT: endpoint = '', IDENTITY_HEADER: secret = '' } = environment;
  const { IDENTITY_SERVER_THUMBPRINT: thumbprint = '', IMDS_ENDPOINT: arc = '' } = environment;
  if (endpoint !== '' && thumbprint !== '')
    throw new UsageError(['IDENTITY_SERVER_THUMBPRINT: identities of Service Fabric are not supported.']);
  if (endpoint !== '' && secret === '')
    throw new UsageError([
      arc === ''
        ? 'IDENTITY_HEADER: is needed with IDENTITY_ENDPOINT. Azure sets both.'
        : 'IMDS_ENDPOINT: identities of Azure Arc are not supported.',
    ]);
  if (endpoint !== '') {
    const url = addressOf('IDENTITY_ENDPOINT', endpoint);
    url.searchParams.set('api-version', '2019-08-01');
    return { url, headers: { 'x-identity-header': secret } };
  }
  const host = environment['AZURE_POD_IDENTITY_AUTHORITY_HOST'] ?? '';
  const base = addressOf('AZURE_POD_IDENTITY_AUTHORITY_HOST', host === '' ? 'http://169.254.169.254' : host);
  const url = new URL('/metadata/identity/oauth2/token?api-version=2018-02-01', base);
  return { url, headers: { metadata: 'true' } };
}

function addressOf(variable: string, text: string): URL {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol) && url.username + url.password === '') return url;
  throw new UsageError([`${variable}: an http or https URL without a user name is expected.`]);
}
