/** Checks the settings of `serve` and `sync`, and the authorities, proxies and files that they name. */
import { readFileSync } from 'node:fs';
import type { Clock } from '../base/clock.ts';
import { checkAuthority } from '../maintain/doctor/check-authority.ts';
import { checkCredentials } from '../maintain/doctor/check-credentials.ts';
import { checkSecretMode } from '../maintain/doctor/check-modes.ts';
import { checkProxy } from '../maintain/doctor/check-proxy.ts';
import { checkTls } from '../maintain/doctor/check-tls.ts';
import { checkUpstream } from '../maintain/doctor/check-upstream.ts';
import { attention, type Finding, well, wrong } from '../maintain/doctor/finding.ts';
import { createUpstreamHttp } from '../collect/sync/upstream-http.ts';
import { UpstreamFailure } from '../collect/sync/failure.ts';
import { findTokenPlace } from '../collect/sync/authority.ts';
import type { SyncTenant } from '../collect/sync/sync.ts';
import { trimEnd } from '../base/trim-end.ts';
import { tlsFiles } from '../serve/run/answering.ts';
import { audienceProblems, audiencesBy } from '../serve/run/audiences.ts';
import { namedAuthorities } from '../serve/run/authorities.ts';
import { authorityProblems, isTrial } from '../serve/run/authority-verifier.ts';
import { UsageError } from '../base/exit.ts';
import { fileVariable, type OptionName, optionTable } from './options.ts';
import type { ReadSettings, Settings } from './settings.ts';
import { signInProblems } from '../serve/run/sign-in.ts';
import { syncTenants } from './sync-tenants.ts';
import { variableProblems } from './variables.ts';
import { watchingProblems } from '../serve/run/health-settings.ts';

/** A finding, with its tenant when there are several. */
export type TenantFinding = Finding & { readonly tenant?: string };

export async function settingsFindings(read: ReadSettings, clock: Clock): Promise<readonly Finding[]> {
  const { settings, environment } = read;
  return [
    ...variableProblems(environment).map(({ says, remedy }) => attention('configuration', says, remedy)),
    ...(await checkProxy(environment)),
    ...tlsFindings(settings, clock.now()),
    ...modeFindings(read),
    ...watchingProblems(settings, isServeNamed(read)).map((problem) =>
      wrong('metrics', problem, 'docs/metrics.md says who may read them.'),
    ),
    ...(isServeNamed(read) ? await serveFindings(settings, clock) : []),
  ];
}

/** Checks upstream if it is configured. */
export async function upstreamFindings(read: ReadSettings, clock: Clock): Promise<readonly TenantFinding[]> {
  if (!isUpstreamNamed(read)) return [];
  try {
    const tenants = syncTenants(read);
    const findings: TenantFinding[] = [];
    for (const tenant of tenants)
      for (const finding of await tenantFindings(tenant, clock))
        findings.push(tenants.length > 1 ? { ...finding, tenant: tenant.tenantId } : finding);
    return findings;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return error.problems.map((problem) =>
      wrong('configuration', problem, 'rollcall sync --help says what each takes.'),
    );
  }
}

async function tenantFindings(tenant: SyncTenant, clock: Clock): Promise<readonly Finding[]> {
  return [
    ...(await checkCredentials(tenant, clock.now())),
    ...(await tokenAuthorityFindings(tenant, clock)),
    ...(await checkUpstream(tenant, clock)),
  ];
}

/** Checks the token authority. A managed identity has none. */
async function tokenAuthorityFindings(tenant: SyncTenant, clock: Clock): Promise<readonly Finding[]> {
  const { upstream, authority, tenantId, credentials } = tenant;
  if (credentials.kind === 'managedIdentity') return [];
  const connection = createUpstreamHttp(clock, 1);
  try {
    const { signal } = new AbortController();
    const { issuer, tokenEndpoint } = await findTokenPlace(upstream, authority, tenantId, connection, signal);
    return await checkAuthority({ url: issuer, tenants: [tenantId], tokenEndpoint }, clock);
  } catch (error) {
    if (error instanceof UpstreamFailure) return []; // upstream does not respond, which its own check reports
    throw error;
  } finally {
    connection.close();
  }
}

const namedBySync: readonly OptionName[] = [
  'upstream',
  'client-id',
  'client-secret',
  'client-secret-file',
  'client-certificate',
  'client-assertion-file',
  'managed-identity',
  'tenants',
];
const namedByServe: readonly OptionName[] = [
  'audience',
  'allowed-tenants',
  'sign-in-client-id',
  'sign-in-client-secret-file',
  'public-url',
];

export function isUpstreamNamed({ origins }: ReadSettings): boolean {
  return namedBySync.some((name) => origins.get(name) !== 'default');
}

/**
 * Returns true when the authority is that of `serve`. Next to an upstream it is that of `sync`, unless `serve` has
 * options of its own.
 */
function isServeNamed(read: ReadSettings): boolean {
  const isNamed = (name: OptionName) => read.origins.get(name) !== 'default';
  return namedByServe.some(isNamed) || (isNamed('authority') && !isUpstreamNamed(read));
}

async function serveFindings(settings: Settings, clock: Clock): Promise<readonly Finding[]> {
  const { authority, 'allowed-tenants': allowed } = settings;
  if (authority === undefined)
    return [
      wrong(
        'authority',
        'serve needs the authority whose tokens it accepts.',
        'Name it with --authority, such as https://login.microsoftonline.com/TENANT/v2.0.',
      ),
    ];
  const findings: Finding[] = authorityProblems(settings).map((problem) =>
    wrong('authority', problem, 'rollcall serve --help says what --authority takes.'),
  );
  for (const { url, tenants = allowed } of namedAuthorities(authority)) {
    const mayBeDevelopment = isTrial(url, settings);
    findings.push(...(await checkAuthority({ url, tenants, mayBeDevelopment }, clock)));
  }
  return [...findings, ...audienceFindings(settings), ...signInFindings(settings)];
}

function audienceFindings(settings: Settings): readonly Finding[] {
  const problems = audienceProblems(settings);
  if (problems.length === 0)
    return [well('audience', `Tokens for ${audiencesBy(settings).join(', ')} are accepted.`)];
  return problems.map((problem) => wrong('audience', problem, 'docs/clients.md has each step.'));
}

function signInFindings(settings: Settings): readonly Finding[] {
  const { 'sign-in-client-id': id, 'sign-in-client-secret-file': secret, 'public-url': publicUrl } = settings;
  const problems = signInProblems(settings).map((problem) =>
    wrong('sign-in', problem, 'docs/signing-in.md has each step.'),
  );
  if (id === undefined || problems.length > 0) return problems;
  return [...(secret === undefined ? [publicClient] : []), ...redirectFindings(settings, publicUrl)];
}

const publicClient = attention(
  'sign-in',
  'There is no --sign-in-client-secret-file: an authority lets people sign in to a public client alone then.',
  'Name a file with a secret of the application, or register it as a public client.',
);

/**
 * Checks the redirect URI. It is derived from the public URL; the authority accepts only registered ones, with https or
 * on this machine.
 */
function redirectFindings(settings: Settings, publicUrl: string | undefined): readonly Finding[] {
  if (publicUrl === undefined)
    return [
      attention(
        'sign-in',
        'There is no --public-url: the redirect URI has the host that each browser asks for, and one alone is registered.',
        'Set --public-url to the URL that people open, and register it with /rollcall/sign-in/callback.',
      ),
    ];
  const redirect = `${trimEnd(publicUrl, '/')}/rollcall/sign-in/callback`;
  const { protocol, hostname } = new URL(publicUrl);
  if (protocol === 'http:' && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname))
    return [
      wrong(
        'sign-in',
        `The redirect URI ${redirect} is http, which authorities refuse but for this machine.`,
        'Set --public-url to the https URL that people open.',
      ),
    ];
  if (protocol === 'http:' && settings['tls-cert'] !== undefined)
    return [
      wrong(
        'sign-in',
        `The redirect URI ${redirect} is http, and --tls-cert has the server answer by https.`,
        'Set --public-url to the https URL that people open.',
      ),
    ];
  return [well('sign-in', `The redirect URI to register is ${redirect}.`)];
}

function tlsFindings(settings: Settings, now: Date): readonly Finding[] {
  const problems: string[] = [];
  const tls = tlsFiles(settings, problems, readFileSync);
  if (problems.length > 0)
    return problems.map((problem) =>
      wrong('tls', problem, 'Name a certificate and its key, in files that this user may read.'),
    );
  return tls === undefined ? [] : checkTls(tls, now);
}

const secretFiles: readonly (readonly [about: string, what: string, option: OptionName])[] = [
  ['tls', 'the private key', 'tls-key'],
  ['credentials', 'the secret', 'client-secret-file'],
  ['credentials', 'the private key', 'client-certificate'],
  ['sign-in', 'the secret', 'sign-in-client-secret-file'],
  ['metrics', 'the token', 'metrics-token-file'],
];

/**
 * Checks the modes of files with secrets, including those that variables name, and a configuration file with a secret.
 */
function modeFindings({ settings, origins, environment }: ReadSettings): readonly Finding[] {
  const named = secretFiles.flatMap(([about, what, option]) =>
    checkSecretMode(about, what, settings[option] as string | undefined),
  );
  const ofVariables = [...origins]
    .filter(([, origin]) => origin === 'secret file')
    .flatMap(([name]) =>
      checkSecretMode('configuration', 'the secret', environment[fileVariable(name) ?? '']),
    );
  const holdsSecret = [...origins].some(
    ([name, origin]) => origin === 'file' && optionTable[name].secret === true,
  );
  const config = settings.config ?? environment['ROLLCALL_CONFIG'];
  return [
    ...named,
    ...ofVariables,
    ...(holdsSecret ? checkSecretMode('configuration', 'the secret', config) : []),
  ];
}
