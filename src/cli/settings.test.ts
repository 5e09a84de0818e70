import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { development } from '../base/development.ts';
import { audienceProblems } from '../serve/run/audiences.ts';
import { namedAuthorities } from '../serve/run/authorities.ts';
import { authorityProblems } from '../serve/run/authority-verifier.ts';
import { UsageError } from '../base/exit.ts';
import { environmentName, fileVariable, type OptionName, optionTable } from './options.ts';
import { removedOptions } from './options/removed.ts';
import { readSettings } from './settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-settings-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(content: string | Buffer): string {
  const path = join(folder, 'secret');
  writeFileSync(path, content);
  return path;
}

function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof UsageError) return error.problems;
    throw error;
  }
}

const url = 'postgres://rollcall:hush@db.example/rollcall';

describe('an option that needs no value', () => {
  const externalOf = (...argv: string[]) => readSettings('find', argv, {}).settings.external;

  it('has its usual one before another option and at the end', () => {
    expect(externalOf('--external', '--json')).toBe('yes');
    expect(externalOf('anna', '--external')).toBe('yes');
    expect(externalOf('--external', 'no')).toBe('no');
    expect(externalOf('anna')).toBeUndefined();
  });

  it('takes the next word for its value, not for a text to find', () => {
    expect(problemsOf(() => externalOf('--external', 'anna'))).toEqual([
      '--external: one of yes, no, unknown is expected.',
    ]);
  });
});

describe('a secret in a file', () => {
  it('is taken without the end of its line, and told apart from the environment', () => {
    for (const end of ['', '\n', '\r\n', '\n\n']) {
      const { settings, origins } = readSettings('serve', [], { ROLLCALL_STORE_FILE: fileOf(url + end) });
      expect([settings.store, origins.get('store')]).toEqual([url, 'secret file']);
    }
  });

  it('may be several, each on a line', () => {
    const path = fileOf(`${url}\n${url}2\n`);
    expect(readSettings('serve', [], { ROLLCALL_STORE_READ_FILE: path }).settings['store-read']).toEqual([
      url,
      `${url}2`,
    ]);
  });

  it('yields to a flag and wins over the configuration file', () => {
    const config = join(folder, 'config.json');
    writeFileSync(config, `\ufeff${JSON.stringify({ store: 'sqlite:from-file' })}`);
    const environment = { ROLLCALL_STORE_FILE: fileOf(url), ROLLCALL_CONFIG: config };
    expect(readSettings('serve', [], environment).settings.store).toBe(url);
    expect(readSettings('serve', ['--store', 'memory:'], environment).settings.store).toBe('memory:');
  });

  it('is read again when the configuration is', () => {
    const read = readSettings('serve', [], { ROLLCALL_STORE_FILE: fileOf(url) });
    fileOf('memory:');
    expect(read.again().settings.store).toBe('memory:');
  });

  it.each([
    ['there is no such file', () => join(folder, 'nowhere')],
    ['it is a folder', () => folder],
    ['is empty', () => fileOf(' \n\n')],
    ['longer than 64 KiB', () => fileOf(Buffer.alloc(65_537, 'x'))],
    ['sqlite:PATH, postgres://… or memory: is expected', () => fileOf('hush-hush')],
  ])('is refused with words when %s', (says, path) => {
    const [problem, ...more] = problemsOf(() => readSettings('serve', [], { ROLLCALL_STORE_FILE: path() }));
    expect(more).toEqual([]);
    expect(problem).toMatch(/^ROLLCALL_STORE_FILE: /);
    expect(problem).toContain(says);
    expect(problem).not.toContain('hush');
  });

  it('is refused beside the variable itself, and neither is shown', () => {
    const environment = { ROLLCALL_STORE: url, ROLLCALL_STORE_FILE: fileOf(url) };
    expect(problemsOf(() => readSettings('serve', [], environment))).toEqual([
      'ROLLCALL_STORE_FILE: ROLLCALL_STORE is given too. Leave one of them out.',
    ]);
  });

  it('whatever a file holds, it is taken or refused in words that do not tell it', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      fc.string().map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(bytes, (content) => {
        const path = fileOf(Buffer.concat([Buffer.from('hush'), content]));
        for (const problem of problemsOf(() => readSettings('dev', [], { ROLLCALL_CLIENT_FILE: path })))
          expect(problem).not.toContain('hush');
      }),
      { numRuns: 200 },
    );
  });
});

it('every option that is or holds a secret may stand in a file, and nothing else may', () => {
  const names = Object.keys(optionTable) as OptionName[]; // the table's own keys
  for (const name of names) {
    const { secret, holdsSecret } = optionTable[name];
    const own = `${name}-file` in optionTable;
    const expected = (secret ?? holdsSecret) === true && !own ? `${environmentName(name)}_FILE` : undefined;
    expect([name, fileVariable(name)]).toEqual([name, expected]);
    // No option's own variable is another's file.
    if (expected !== undefined) expect(names.map(environmentName)).not.toContain(expected);
  }
});

describe('--public-url', () => {
  it.each([
    'https://calls.example',
    'https://calls.example/',
    'http://[::1]:7655',
    'HTTPS://CALLS.EXAMPLE:8443',
  ])('takes %s', (text) => {
    expect(problemsOf(() => readSettings('serve', ['--public-url', text], {}))).toEqual([]);
  });

  it.each([
    'https://calls.example/rollcall',
    'https://calls.example//',
    'https://calls.example/?a=b',
    'https://calls.example#top',
    'https://me@calls.example',
    'calls.example',
    'ftp://calls.example',
    'https://',
  ])('refuses %s, and says that a path is none of it', (text) => {
    const [problem, ...more] = problemsOf(() => readSettings('serve', ['--public-url', text], {}));
    expect(more).toEqual([]);
    expect(problem).toMatch(/^--public-url: an http or https URL of a host alone, .* without a path/);
  });
});

describe('--authority of serve', () => {
  const problems = (...args: readonly string[]) =>
    authorityProblems(readSettings('serve', args, {}).settings);
  const path = `${development.tenantId}/v2.0`;

  it.each([
    [`https://dev.example/${path}`],
    [`https://dev.example/${development.tenantId}`],
    [`https://DEV.example/${path.toUpperCase()}`],
    [`http://127.0.0.1:7655/${path}`, '--host', '0.0.0.0'],
    [`http://127.0.0.1.example/${path}`],
  ])('refuses a development server: %s %s %s', (url, ...more) => {
    const own = 'https://login.example/x/v2.0=33333333-3333-4333-8333-333333333333';
    expect(problems('--authority', own, '--authority', `${url}=${development.tenantId}`, ...more)).toEqual([
      `--authority: ${url} is a development server, whose signing secret is public. Name your own authority.`,
    ]);
  });

  const [a, b, c] = ['3', '4', '5'].map((digit) => `${digit.repeat(8)}-1111-4111-8111-111111111111`);

  it('names the tenants of each, in any way that a list is written', () => {
    const named = [
      { url: 'https://a.example/v2.0', tenants: [a, b] },
      { url: 'https://b.example', tenants: [c] },
    ];
    const read = (...values: readonly string[]) =>
      readSettings(
        'serve',
        values.flatMap((value) => ['--authority', value]),
        {},
      ).settings;
    const settings = read(`https://a.example/v2.0=${a},${b!.toUpperCase()},https://b.example=${c}`);
    expect(namedAuthorities(settings.authority)).toEqual(named);
    const apart = read(`https://a.example/v2.0=${a}`, b!, `https://b.example=${c}`);
    expect(namedAuthorities(apart.authority)).toEqual(named);
    expect(authorityProblems(settings)).toEqual([]);
  });

  it('rejects several that could sign for each other’s tenants, and tenants without an authority', () => {
    const entra = 'https://login.microsoftonline.com/common/v2.0';
    const stray = `--authority: the tenant ${a} belongs to no authority. Write URL=TENANT,TENANT.`;
    expect(problems('--authority', 'https://a.example', '--authority', `https://b.example=${c}`)).toEqual([
      '--authority: https://a.example is one of several, and could sign for the tenants of the others. Name its own: --authority https://a.example=TENANT.',
    ]);
    expect(problems('--authority', `${entra},https://b.example=${c}`)).toEqual([]);
    expect(problems('--authority', `${a},https://b.example`)).toEqual([stray]);
    expect(problems('--authority', `https://b.example,${a}`)).toEqual([stray]);
    expect(problems('--authority', 'https://b.example')).toEqual([]);
  });

  it('asks Microsoft Entra over https alone', () => {
    expect(problems('--authority', 'http://login.microsoftonline.com/common')).toEqual([
      '--authority: http://login.microsoftonline.com/common is Microsoft Entra, which is asked over https alone.',
    ]);
  });

  it.each([
    ...['https://a.example=x', 'https://a.example=', `https://a.example=${'a'.repeat(36)}`],
    ...['a.example', 'https://u@a.example'],
  ])('refuses %s', (text) => {
    expect(problemsOf(() => readSettings('serve', ['--authority', text], {}))).toEqual([
      '--authority: an http or https URL without a user name is expected.',
    ]);
  });

  it.each([
    ['https://login.microsoftonline.com/33333333-3333-4333-8333-333333333333/v2.0', '--host', '0.0.0.0'],
    [`http://127.0.0.1:7655/${path}`],
    [`http://localhost:7655/${path}`, '--host', '::1'],
  ])('takes one of one’s own, and one to try it on this machine: %s %s %s', (url, ...more) => {
    expect(problems('--authority', url, ...more)).toEqual([]);
  });
});

describe('--audience of serve', () => {
  const problems = (authority: string, ...audiences: readonly string[]) =>
    audienceProblems(
      readSettings(
        'serve',
        ['--authority', authority, ...audiences.flatMap((one) => ['--audience', one])],
        {},
      ).settings,
    );
  const entra = 'https://login.microsoftonline.com/common/v2.0';
  const client = '77777777-7777-4777-8777-777777777777';

  it.each([
    ...['login.microsoftonline.com', 'login.microsoftonline.us', 'login.partner.microsoftonline.cn'],
    ...['login.chinacloudapi.cn', 'login.windows.net', 'sts.windows.net', 'LOGIN.MicrosoftOnline.com'],
    ...['login.microsoftonline.com.', 'login.microsoftonline.com:443'],
  ])('is asked for with Microsoft Entra at %s', (host) => {
    const sso = 'https://sso.example=33333333-3333-4333-8333-333333333333';
    for (const authority of [`https://${host}/common`, `${sso},https://${host}/${client}/v2.0/`]) {
      expect(problems(authority)).toEqual([
        expect.stringMatching(/^--audience: https:\/\/\S+ is Microsoft Entra, .* Register an API/),
      ]);
      expect(problems(authority, `api://${client},${client}`)).toEqual([]);
    }
  });

  it.each([
    ...['https://graph.microsoft.com', 'HTTPS://Graph.Microsoft.com/', 'https://graph.microsoft.us'],
    ...['https://dod-graph.microsoft.us', 'https://microsoftgraph.chinacloudapi.cn'],
    ...['00000003-0000-0000-c000-000000000000', '00000003-0000-0000-C000-000000000000'],
    '00000003-0000-0000-c000-000000000000/',
    'https://graph.microsoft.com/.default',
  ])('of Graph, %s, is refused there, and is good elsewhere', (audience) => {
    expect(problems(entra, `api://${client}`, audience)).toEqual([
      expect.stringContaining(`'${audience}' is Microsoft Graph, and only Graph can validate a token`),
    ]);
    expect(problems('https://sso.example/v2.0', audience)).toEqual([]);
  });

  it('that no token of Entra can have is refused', () => {
    expect(problems(entra, `api://${client}/.default`, 'rollcall', 'api:', `api://rollcall`)).toEqual([
      `--audience: 'api://${client}/.default' is the scope that a client asks for. The audience of its token has no /.default: --audience api://${client}.`,
      "--audience: 'rollcall' is neither an application ID URI such as api://CLIENT_ID nor a client ID.",
      "--audience: 'api:' is neither an application ID URI such as api://CLIENT_ID nor a client ID.",
    ]);
  });

  it('may be absent with any other authority', () => {
    for (const url of ['https://sso.example', 'https://login.microsoftonline.com.example/common'])
      expect(problems(url)).toEqual([]);
  });
});

describe('an option of an earlier release', () => {
  const gone = "is gone. Name the file in Node's own variable, NODE_EXTRA_CA_CERTS.";

  it('is refused as a flag, a variable and in a file, with what to do in its place', () => {
    const file = fileOf('{"notify-ca":"ca.pem"}');
    const environment = { ROLLCALL_NOTIFY_CA: 'ca.pem', ROLLCALL_SIGN_IN_ROLE: '' };
    expect(
      problemsOf(() => readSettings('serve', ['--notify-ca', 'ca.pem', '--config', file], environment)),
    ).toEqual([
      `--notify-ca: ${gone}`,
      `notify-ca in the configuration file: ${gone}`,
      `ROLLCALL_NOTIFY_CA: ${gone}`,
    ]);
  });

  it('is nothing to a command that never had it, and none is an option', () => {
    expect(() => readSettings('verify', [], { ROLLCALL_NOTIFY_CA: 'ca.pem' })).not.toThrow();
    expect(problemsOf(() => readSettings('verify', ['--notify-ca', 'ca.pem'], {}))).toEqual([
      '--notify-ca: verify has no such option.',
    ]);
    expect(Object.keys(removedOptions).filter((name) => name in optionTable)).toEqual([]);
  });
});

describe('a configuration file', () => {
  it('has no misspelt name: the nearest is named', () => {
    const file = fileOf('{"audence":["api://x"],"tint-scheme":"red"}');
    expect(problemsOf(() => readSettings('serve', ['--config', file], {}))).toEqual([
      'audence in the configuration file: there is no such option. Did you mean audience?',
      'tint-scheme in the configuration file: there is no such option.',
    ]);
  });

  it.each([
    ["there is no file '", () => join(folder, 'nowhere.json')],
    ['cannot be read as a JSON object', () => folder],
    ['cannot be read as a JSON object', () => fileOf('[1]')],
  ])('is refused with words: %s', (says, path) => {
    const [problem, ...more] = problemsOf(() => readSettings('serve', ['--config', path()], {}));
    expect(more).toEqual([]);
    expect(problem).toMatch(/^--config: /);
    expect(problem).toContain(says);
  });
});
