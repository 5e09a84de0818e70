/** Rollcall's own paths in the OpenAPI document: signing in to the page. */
import { time } from './evidence.ts';
import { refusals, success } from './paths.ts';
import { closed, parameter, reference, text, yesOrNo } from './schemas.ts';

export const signInSchemas = {
  me: closed({
    name: text,
    tenantId: text,
    expiresDateTime: time,
    development: yesOrNo,
  }),
  signedOut: closed({ signIn: text, development: yesOrNo }),
};

const words = (description: string) => ({ description, content: { 'text/html': {} } });
const location = { schema: text, description: 'Where the browser goes.' };
const cookie = { schema: text, description: 'A cookie that no script reads.' };
const onward = (description: string) => ({
  description,
  headers: { Location: location, 'Set-Cookie': cookie },
});
const open = { tags: ['Service'], security: [] };
const inQuery = (name: string, description: string) => parameter('query', name, description);
const returnTo = inQuery('return', 'Path of this server to go to in the end; the first page when absent.');
const badRequest = words('In words: why not.');
const forbidden = words('In words: who may.');
const notSetUp = words('In words: how it would be set up.');

export const signInPathItems = {
  '/rollcall/me': {
    get: {
      tags: ['Service'],
      operationId: 'me',
      summary: 'Who asks',
      description:
        'Who signed in to the page, or the application of the token; or where to sign in, and whether one click does.',
      responses: {
        200: success('application/json', reference('schemas', 'me')),
        401: {
          description: 'Nobody is signed in.',
          content: { 'application/json': { schema: reference('schemas', 'signedOut') } },
        },
        403: refusals[403],
        503: refusals[503],
      },
    },
  },
  '/rollcall/sign-in': {
    get: {
      ...open,
      operationId: 'signIn',
      summary: 'Sign in',
      description: 'For a browser: to the authority, or to a page with one button where one develops.',
      parameters: [returnTo, inQuery('account', 'choose: the authority asks which account.')],
      responses: {
        200: words('A button.'),
        303: onward('To the authority.'),
        400: badRequest,
        404: notSetUp,
        429: words('In words: too often.'),
        503: words('In words: the authority does not answer.'),
      },
    },
  },
  '/rollcall/sign-in/callback': {
    get: {
      ...open,
      operationId: 'signedIn',
      summary: 'Come back from the authority',
      description: 'For the browser that began: ends in a session.',
      parameters: [
        inQuery('code', 'Of the authority.'),
        inQuery('state', 'Of the sign-in.'),
        inQuery('error', 'Of the authority.'),
      ],
      responses: {
        303: onward('To where it began.'),
        400: badRequest,
        403: forbidden,
        404: notSetUp,
        429: words('In words: too often.'),
        502: words('In words: the authority and this server do not agree.'),
        503: words('In words: the authority does not answer.'),
      },
    },
  },
  '/rollcall/sign-in/development': {
    post: {
      ...open,
      operationId: 'signInToDevelop',
      summary: 'Sign in by one click',
      description: 'From a page of this server; `dev` alone has it.',
      parameters: [returnTo],
      responses: {
        303: onward('To where it began.'),
        400: badRequest,
        403: words('In words: not from there.'),
        404: notSetUp,
      },
    },
  },
  '/rollcall/sign-out': {
    post: {
      ...open,
      operationId: 'signOut',
      summary: 'Sign out',
      description: 'From a page of this server: the browser forgets its session.',
      responses: { 303: onward('To the first page.'), 403: words('In words: not from there.') },
    },
  },
};
