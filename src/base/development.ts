/** The tenant and the application of the development issuer, and the audiences of Graph's tokens. Every command loads it: it imports nothing. */

/** Fixed, documented, and for development only: `serve` uses neither this issuer nor this secret. */
export const development = {
  tenantId: '11111111-1111-4111-8111-111111111111',
  clientId: '22222222-2222-4222-8222-222222222222',
  clientSecret: 'rollcall-dev-secret',
} as const;

export const graphAudiences = [
  'https://graph.microsoft.com',
  '00000003-0000-0000-c000-000000000000',
] as const;
