/** Defines the routes to sign in to the page and sign out of it. */
import { refusals, success } from '../openapi/paths.ts';
import { closed, queryParameter, reference, type Schema, text, yesOrNo } from '../openapi/schemas.ts';
import { time } from '../internal/evidence-schemas.ts';
import type { InternalRoute } from '../internal/route.ts';
import { type SignInHandlers, signInPath } from './sign-in-handlers.ts';

export interface SignInParts {
  readonly signingIn: SignInHandlers;
}

const page = (description: string): Schema => ({ description, content: { 'text/html': {} } });
const redirect = (description: string): Schema => ({
  description,
  headers: {
    Location: { schema: text, description: 'Where the browser goes.' },
    'Set-Cookie': { schema: text, description: 'A cookie that scripts cannot read.' },
  },
});
const returnPath = queryParameter(
  'return',
  'Path of this server to go to afterwards; the first page when absent.',
);
const badRequest = page('A page: why the request is invalid.');
const notSetUp = page('A page: how to set up sign-in.');
const tooMany = page('A page: too many sign-ins.');
const authorityDown = page('A page: the authority does not answer.');
const otherSite = page('A page: the request came from another site.');

export const signInRoutes: readonly InternalRoute<SignInParts>[] = [
  {
    method: 'GET',
    path: '/rollcall/me',
    permission: 'optional',
    handler: ({ signingIn }, request) => signingIn.me(request),
    openapi: {
      operationId: 'me',
      summary: 'Get the caller',
      description:
        'The person who is signed in to the page, or the application of the token; otherwise where to sign in, and whether one click does.',
      responses: {
        200: success('application/json', reference('schemas', 'me')),
        401: {
          description: 'No user is signed in.',
          content: { 'application/json': { schema: reference('schemas', 'signedOut') } },
        },
        403: refusals[403],
        503: refusals[503],
      },
      schemas: {
        me: closed({ name: text, tenantId: text, expiresDateTime: time, development: yesOrNo }),
        signedOut: closed({ signIn: text, development: yesOrNo }),
      },
    },
  },
  {
    method: 'GET',
    path: signInPath.begin,
    permission: 'none',
    isForSupervisor: true, // which counts sign-ins for the whole server
    handler: ({ signingIn }, request) => signingIn.begin(request),
    openapi: {
      operationId: 'signIn',
      summary: 'Sign in',
      description: 'For a browser: redirects to the authority; in dev, shows a page with one button.',
      parameters: [returnPath, queryParameter('account', 'choose: the authority asks which account to use.')],
      responses: {
        200: page('A page with a button.'),
        303: redirect('To the authority.'),
        400: badRequest,
        404: notSetUp,
        429: tooMany,
        503: authorityDown,
      },
    },
  },
  {
    method: 'GET',
    path: signInPath.callback,
    permission: 'none',
    isForSupervisor: true,
    handler: ({ signingIn }, request) => signingIn.complete(request),
    openapi: {
      operationId: 'signedIn',
      summary: 'Complete a sign-in',
      description: 'The redirect URI: for the browser that began the sign-in. Starts a session.',
      parameters: [
        queryParameter('code', 'From the authority.'),
        queryParameter('state', 'Of the sign-in.'),
        queryParameter('error', 'From the authority.'),
      ],
      responses: {
        303: redirect('To the page on which the sign-in began.'),
        400: badRequest,
        403: page('A page: who may sign in.'),
        404: notSetUp,
        429: tooMany,
        502: page('A page: the authority rejected this server, or its answer is invalid.'),
        503: authorityDown,
      },
    },
  },
  {
    method: 'POST',
    path: signInPath.development,
    permission: 'none',
    isForSupervisor: true,
    handler: ({ signingIn }, request) => signingIn.develop(request),
    openapi: {
      operationId: 'signInToDevelop',
      summary: 'Sign in with one click',
      description: 'From a page of this server, in dev only.',
      parameters: [returnPath],
      responses: {
        303: redirect('To the page on which the sign-in began.'),
        400: badRequest,
        403: otherSite,
        404: notSetUp,
      },
    },
  },
  {
    method: 'POST',
    path: '/rollcall/sign-out',
    permission: 'none',
    isForSupervisor: true,
    handler: ({ signingIn }, request) => signingIn.signOut(request),
    openapi: {
      operationId: 'signOut',
      summary: 'Sign out',
      description: 'From a page of this server: the browser drops its session.',
      responses: { 303: redirect('To the first page.'), 403: otherSite },
    },
  },
];
