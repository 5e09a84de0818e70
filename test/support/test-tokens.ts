/** Access tokens of a test's issuer: of the development application, with its role, unless a test says otherwise. */
import { development, graphAudiences, type Issuer, type TokenRequest } from '../../src/auth/issuer/issuer.ts';

export function testTokens(issuer: Issuer) {
  return (request: Partial<TokenRequest> = {}): Promise<string> =>
    issuer.token({
      tenantId: development.tenantId,
      clientId: development.clientId,
      roles: ['CallRecords.Read.All'],
      delegated: false,
      expiresInSeconds: 3600,
      audience: graphAudiences[0],
      layout: 'v1',
      ...request,
    });
}
