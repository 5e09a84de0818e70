import { expect, it } from 'vitest';
import { rollcall } from '../../test/support/rollcall.ts';
import { environmentName, fileVariable, type OptionName, optionTable } from './options.ts';
import { removedOptions } from './options/removed.ts';
import { readSettings } from './settings.ts';
import { variableProblems } from './variables.ts';

const remedyOf = (variable: string, value = 'hush') => {
  const [problem, ...more] = variableProblems({ [variable]: value });
  expect([more, JSON.stringify(problem ?? '').includes(value)]).toEqual([[], false]);
  return problem?.remedy;
};

it.each([
  ['ROLLCALL_AUDENCE', 'ROLLCALL_AUDIENCE'],
  ['ROLLCALL_AUTHORTIY', 'ROLLCALL_AUTHORITY'],
  ['ROLLCALL_TENANT_ID', 'ROLLCALL_TENANT'],
  ['ROLLCALL_SIGNIN_CLIENT_ID', 'ROLLCALL_SIGN_IN_CLIENT_ID'],
  ['ROLLCALL_STORE_FIEL', 'ROLLCALL_STORE_FILE'],
  ['ROLLCALL_client_secret_fil', 'ROLLCALL_CLIENT_SECRET_FILE'],
  ['Rollcall_Port', 'ROLLCALL_PORT'],
  ['ROLCALL_STORE', 'ROLLCALL_STORE'],
])('a misspelt variable, %s, is named with the one that was meant', (variable, meant) => {
  expect(remedyOf(variable)).toBe(`Did you mean ${meant}?`);
});

it('a variable that resembles no option is named too, and one of another program is not', () => {
  expect(remedyOf('ROLLCALL_COLOUR_SCHEME')).toBe('rollcall config lists the variables.');
  for (const name of ['ROLLING_COLOUR', 'PATH', 'ROLLUP_STORES', 'STORE', 'CALL_STORE'])
    expect([name, remedyOf(name)]).toEqual([name, undefined]);
});

it('nothing is wrong with the variables of options, of earlier releases and of tests, or with an empty one', () => {
  const names = Object.keys(optionTable) as OptionName[];
  const known = [...names, ...Object.keys(removedOptions)].map(environmentName);
  const files = names.map(fileVariable).filter((name) => name !== undefined);
  const others = ['ROLLCALL_IMAGE', 'ROLLCALL_TEST_POSTGRES_URL', 'ROLLCALL_BENCH_POSTGRES_URL'];
  const environment = Object.fromEntries([...known, ...files, ...others].map((name) => [name, 'x']));
  expect(variableProblems({ ...environment, ROLLCALL_AUDENCE: '' })).toEqual([]);
});

/** As in a pod beside the services `rollcall`, `rollcall-sync` and `rollcall-health`. */
const serviceLinks = {
  ROLLCALL_SERVICE_HOST: '10.0.0.1',
  ROLLCALL_SERVICE_PORT: '7655',
  ROLLCALL_SERVICE_PORT_HTTP: '7655',
  ROLLCALL_PORT_7655_TCP: 'tcp://10.0.0.1:7655',
  ROLLCALL_PORT_7655_TCP_PROTO: 'tcp',
  ROLLCALL_PORT_7655_TCP_PORT: '7655',
  ROLLCALL_PORT_7655_TCP_ADDR: '10.0.0.1',
  ROLLCALL_SYNC_SERVICE_HOST: 'fd00::1',
  ROLLCALL_SYNC_PORT: 'tcp://[fd00::1]:7656',
};

it('service links of Kubernetes are no misspelt names, and do not set an option', () => {
  expect(variableProblems(serviceLinks)).toEqual([]);
  const links = { ROLLCALL_PORT: 'tcp://10.0.0.1:7655', ROLLCALL_HEALTH_PORT: 'tcp://10.0.0.3:7656' };
  const { settings, origins } = readSettings('sync', [], { ...serviceLinks, ...links });
  expect([settings.port, origins.get('port'), settings['health-port']]).toEqual([7655, 'default', undefined]);
  for (const [variable, value] of Object.entries(links))
    expect(variableProblems({ [variable]: value })).toEqual([
      {
        variable,
        says: `${variable} is ignored: its value is a service link, which Kubernetes sets for a service of this name.`,
        remedy: expect.stringContaining('enableServiceLinks: false') as string,
      },
    ]);
  expect(remedyOf('ROLLCALL_PORT', 'tcp://10.0.0.1:7655')).toContain('enableServiceLinks');
});

it('each command warns at its start, with a line for each variable that it ignores', async () => {
  const environment = { ROLLCALL_AUDENCE: 'hush', ROLLCALL_PORT: 'tcp://10.0.0.1:7655', ...serviceLinks };
  const { stderr, code } = await rollcall(['config'], { environment });
  expect([code, stderr.split('\n').map((line) => line.split(':')[0])]).toEqual([
    0,
    ['ROLLCALL_AUDENCE is ignored', 'ROLLCALL_PORT is ignored', ''],
  ]);
  expect(stderr).not.toContain('hush');
  const logged = await rollcall(
    ['sync', '--log-format', 'json', '--notification-url', 'http://calls.example'],
    {
      environment: { ROLLCALL_AUDENCE: 'hush' },
    },
  );
  const [line = ''] = logged.stderr.split('\n');
  expect(JSON.parse(line)).toMatchObject({
    level: 'warn',
    message: 'ROLLCALL_AUDENCE is ignored: no option has this variable. Did you mean ROLLCALL_AUDIENCE?',
  });
});

it('the warning comes before what is wrong with the options', async () => {
  const { stderr, code } = await rollcall(['serve', '--prot', '1'], {
    environment: { ROLLCALL_AUDENCE: 'hush' },
  });
  expect([code, stderr.split('\n')]).toEqual([
    2,
    [
      'ROLLCALL_AUDENCE is ignored: no option has this variable. Did you mean ROLLCALL_AUDIENCE?',
      '--prot: serve has no such option. Did you mean --port?',
      '',
    ],
  ]);
});
