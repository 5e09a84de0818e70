/** Lists the entry points of paths, options and headers. */
import { requestIds } from '../../../src/graph/error-response.ts';
import { BlockList } from 'node:net';
import { corsRules } from '../../../src/serve/http/cors.ts';
import { negotiateEncoding } from '../../../src/serve/http/encode-body.ts';
import { matchesEtag } from '../../../src/graph/etag.ts';
import { originOf, senderOf } from '../../../src/serve/http/origin.ts';
import { splitTarget } from '../../../src/serve/http/request-target.ts';
import { parseSearch, searchParameters } from '../../../src/serve/internal/search/parameters.ts';
import { cookieOf } from '../../../src/serve/sign-in/cookies.ts';
import { readRequestFacts } from '../../../src/emulator/http/read-request-facts.ts';
import { edms, structuredType } from '../../../src/contract/edm.ts';
import { resourceAt } from '../../../src/contract/resources.ts';
import { graphTemplate } from '../../../src/contract/graph-template.ts';
import { negotiateMedia, negotiateMetadataDocument } from '../../../src/query/odata/accept.ts';
import { checkOption } from '../../../src/query/odata/option-grammar.ts';
import { parsePath } from '../../../src/query/odata/path.ts';
import { parsePrefer } from '../../../src/query/odata/prefer.ts';
import { aliasValue, parseQueryOptions } from '../../../src/query/odata/query-options.ts';
import { createSkipTokens, peekSkipToken } from '../../../src/query/odata/skip-token.ts';
import { planCallsFilter } from '../../../src/query/plan/calls-filter.ts';
import { planExpand } from '../../../src/query/plan/expand.ts';
import { planSelect } from '../../../src/query/plan/selection.ts';
import { planLogSpan } from '../../../src/query/plan/log-span.ts';
import { resolveTarget } from '../../../src/query/plan/target.ts';
import { parseReturnPath } from '../../../src/serve/sign-in/return-path.ts';
import { createSeal } from '../../../src/serve/sign-in/seal.ts';
import type { Entrance } from '../growth.ts';
import { inside, plain, encoded, url, header, now } from './texts.ts';

const odata: readonly Entrance[] = [
  {
    name: 'path',
    most: url,
    around: [
      plain,
      encoded,
      inside('communications/callRecords('),
      inside('communications/callRecords(', ')'),
      inside("communications/callRecords('", "')"),
      inside('communications/callRecords(id=', ')'),
      inside('communications/callRecords/getPstnCalls(fromDateTime=', ')'),
      inside('communications/callRecords/getPstnCalls(fromDateTime=2026-01-01,toDateTime=', ')'),
    ],
    read(text) {
      graphTemplate(`/v1.0/${text}`);
      const { call } = resolveTarget(parsePath(text), edms.beta);
      if (call !== undefined) planLogSpan(call, (name) => aliasValue(text, name));
    },
  },
  { name: 'request target', most: url, around: [plain, inside('http://'), inside('/')], read: splitTarget },
  {
    name: 'requests of dev',
    most: url,
    around: [inside('/v1.0/'), inside('/')],
    read: (text) => readRequestFacts('GET', text, undefined),
  },
  {
    name: 'query',
    most: url,
    around: [plain, inside('$select='), inside('@a=')],
    read: (text) => [parseQueryOptions(text), aliasValue(text, '@a')],
  },
  {
    name: 'own parameters',
    most: url,
    around: [plain, inside('q=')],
    read: (text) => parseSearch(text),
  },
  ...searchParameters.map((name): Entrance => ({
    name: `?${name}=`,
    most: url,
    read: (text) => parseSearch(`${name}=${encodeURIComponent(text.toWellFormed())}`),
  })),
  {
    name: '$filter',
    most: url,
    around: [
      plain,
      inside('id eq '),
      inside("startDateTime ge '"),
      inside("duration'"),
      inside("binary'"),
      inside("geography'SRID=0;Point("),
      inside('['),
    ],
    read: (text) => [
      planCallsFilter(text, structuredType(edms.beta, 'microsoft.graph.callRecords.callRecord')),
    ],
  },
  {
    name: '$select',
    most: url,
    around: [plain, inside('id,'), inside('a($select=')],
    read: (text) => [planSelect(text, 'microsoft.graph.callRecords.callRecord', edms.beta)],
  },
  {
    name: '$expand',
    most: url,
    around: [
      plain,
      inside('sessions('),
      inside('sessions($expand='),
      inside('a($compute='),
      inside('a($search='),
      inside('a($levels='),
    ],
    read: (text) => [
      planExpand(
        text,
        'microsoft.graph.callRecords.callRecord',
        resourceAt('communications/callRecords/{}')!.expandable,
        edms.beta,
      ),
    ],
  },
  {
    name: '$orderby',
    most: url,
    around: [plain, inside('id ')],
    read: (text) => {
      checkOption('orderby', text);
    },
  },
  {
    name: '$search',
    most: url,
    around: [plain, inside('"'), inside('a ')],
    read: (text) => {
      checkOption('search', text);
    },
  },
  {
    name: '$top, $skip and $index',
    most: url,
    around: [plain, inside('-')],
    read: (text) => {
      checkOption('index', text);
    },
  },
  {
    name: '$count',
    most: url,
    read: (text) => {
      checkOption('count', text);
    },
  },
  {
    name: '$format',
    most: url,
    around: [plain, inside('json;'), inside('json')],
    read: (text) => negotiateMedia(undefined, text),
  },
  {
    name: '$skiptoken',
    most: url,
    read: (text) => [peekSkipToken(text), createSkipTokens(Buffer.alloc(32)).parse(text, 'binding')],
  },
];

const proxies = new BlockList();
proxies.addAddress('10.0.0.1');
const originBy = (headers: Record<string, string>, rawHeaders: string[] = []) =>
  originOf({ headers: { host: 'x', ...headers }, rawHeaders, url: '/' }, '10.0.0.1', {
    publicUrl: undefined,
    trustedProxies: proxies,
    secure: false,
  });

const headers: readonly Entrance[] = [
  {
    name: 'Accept',
    most: header,
    around: [
      plain,
      inside('application/json;'),
      inside('application/json;q="'),
      inside('application/json;a='),
    ],
    read: (text) => [negotiateMedia(text), negotiateMetadataDocument(text)],
  },
  {
    name: 'Accept of $metadata',
    most: header,
    around: [plain, inside('text/xml,')],
    read: (text) => negotiateMetadataDocument(text),
  },
  { name: 'Accept-Encoding', most: header, around: [plain, inside('gzip;q=')], read: negotiateEncoding },
  {
    name: 'Prefer',
    most: header,
    around: [plain, inside('a="'), inside('a='), inside('a;'), inside('rollcall.as-of=')],
    read: parsePrefer,
  },
  {
    name: 'If-None-Match',
    most: header,
    around: [plain, inside('W/"')],
    read: (text) => matchesEtag(text, 'W/"x"'),
  },
  {
    name: 'Origin',
    most: header,
    around: [plain, inside('http://')],
    read: (text) => corsRules(['http://x'])(text),
  },
  { name: 'client-request-id', most: header, read: (text) => requestIds({ 'client-request-id': text }) },
  {
    name: 'Host',
    most: header,
    around: [plain, inside('x.'), inside('[')],
    read: (text) => originBy({ host: text }),
  },
  {
    name: 'Forwarded',
    most: header,
    around: [plain, inside('host='), inside('for="'), inside('for=10.0.0.1,host=')],
    read: (text) => originBy({ forwarded: text }),
  },
  ...['x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-for'].map((name): Entrance => ({
    name,
    most: header,
    around: [plain, inside('10.0.0.1,')],
    read: (text) => [
      originBy({ [name]: text }),
      senderOf({ headers: { [name]: text } }, '10.0.0.1', {
        publicUrl: undefined,
        trustedProxies: proxies,
        secure: false,
      }),
    ],
  })),
  {
    name: 'Cookie',
    most: header,
    around: [plain, inside('rollcall-session=')],
    read: (text) => [cookieOf(text, 'session', 'http://x'), cookieOf(text, 'sign-in', 'https://x')],
  },
  {
    name: 'a sealed cookie',
    most: header,
    around: [plain, inside('a..')],
    read: (text) => createSeal(Buffer.alloc(32), now).open(text, 'purpose'),
  },
  { name: 'the page to go back to', most: url, around: [plain, inside('/calls?')], read: parseReturnPath },
];

export const requestEntrances: readonly Entrance[] = [...odata, ...headers];
