/**
 * Chooses the host of a store's URL to use, and probes each host on connections outside the pools. The first host that
 * matches `target_session_attrs` stays in use until it stops answering or refuses connections.
 *
 * Of several primaries with one history, the one with the latest timeline is used; the others are former primaries.
 */
import { performance } from 'node:perf_hooks';
import { FormerPrimary, NoHost, OtherServer, SilentHost } from './host-errors.ts';
import { type HostState, type ServerIdentity, probeHost } from './host-state.ts';
import { HostWatch, type WatchLimits } from './host-watch.ts';
import { serverFailureReason } from './server.ts';
import { hostsOf, serverName, type TargetSessionAttrs } from './store-url.ts';

export interface Host {
  readonly url: string;
  /** Host and port, for messages. */
  readonly name: string;
  /** Watches its connections. */
  readonly watch: HostWatch;
}

export interface HostChange {
  readonly left: string;
  readonly used: string;
  /** Why the previous host was left, as the end of a sentence. */
  readonly reason: string;
}

interface Probe {
  readonly host: Host;
  readonly state?: HostState;
  readonly error?: unknown;
}

/** After a failed choice, the next one waits as long as the failed one took, at most this long. */
const longestFailureMs = 1000;

export class HostChoice {
  readonly hosts: readonly Host[];
  /** Called when another host is chosen. */
  onChange: (change: HostChange) => void = () => undefined;
  readonly #target: TargetSessionAttrs;
  readonly #limits: WatchLimits;
  #current: Host | undefined;
  #choosing: Promise<Host> | undefined;
  #failed: { readonly error: unknown; readonly untilMs: number } | undefined;
  /** The host that was left, and the reason. */
  #left: { readonly host: Host; readonly error: unknown } | undefined;
  /** The latest primary that was used. */
  #newest: ServerIdentity | undefined;

  /**
   * Parses the hosts of a URL.
   *
   * @throws StoreError
   */
  constructor(url: string, limits: WatchLimits) {
    const { urls, target } = hostsOf(url);
    this.#target = target;
    this.#limits = limits;
    this.hosts = urls.map((one) => this.#hostOf(one));
    // A single host with any role needs no probe before it is used.
    if (this.hosts.length === 1 && target === 'any') this.#current = this.hosts[0];
  }

  /** The host that was chosen last. */
  get used(): Host | undefined {
    return this.#current;
  }

  /** True when each connection must be checked, because it may reach any server. */
  get checksConnections(): boolean {
    return this.hosts.length > 1 || this.#target !== 'any';
  }

  /**
   * Returns the host to use.
   *
   * @throws NoHost, or the error of the only host
   */
  current(): Host | Promise<Host> {
    return this.#current ?? this.#choose(this.hosts);
  }

  /**
   * Returns the host to use after another failed to connect.
   *
   * @throws The error when there is no other; NoHost when none of the others can be used.
   */
  instead(of: Host, error: unknown): Host | Promise<Host> {
    if (this.#current !== undefined && this.#current !== of) return this.#current;
    const others = this.hosts.filter((host) => host !== of);
    if (others.length === 0) throw error;
    return this.#choose(others, { host: of, error });
  }

  /** Stops using a host. It may be chosen again, when a probe succeeds. */
  leave(host: Host, error: unknown): void {
    if (this.#current !== host) return;
    this.#current = undefined;
    this.#left = { host, error };
    const others = this.hosts.filter((other) => other !== host);
    // Callers that need a host in the meantime wait for this choice.
    if (others.length > 0) void Promise.resolve(this.#choose(others, { host, error })).catch(() => undefined);
  }

  /**
   * Throws when a server may not be used.
   *
   * @throws OtherServer, FormerPrimary
   */
  refuseOther({ isStandby, isReadOnly, identity }: HostState): void {
    const matches = {
      any: true,
      'read-write': !isStandby && !isReadOnly,
      'read-only': isStandby || isReadOnly,
      primary: !isStandby,
      standby: isStandby,
      'prefer-standby': true,
    };
    if (!matches[this.#target]) throw new OtherServer();
    const newest = this.#newest;
    if (newest === undefined || identity === undefined || isStandby || identity.system !== newest.system)
      return;
    if (identity.timeline < newest.timeline) throw new FormerPrimary(identity.timeline, newest.timeline);
  }

  #hostOf(url: string): Host {
    const { quietMs, probeMs } = this.#limits;
    const host: Host = {
      url,
      name: serverName(url).replace(/^postgres:\/\/|\/[^/]*$/g, ''),
      watch: new HostWatch(
        { quietMs, probeMs },
        () => probeHost(url, probeMs),
        () => this.leave(host, new SilentHost()),
      ),
    };
    return host;
  }

  async #choose(among: readonly Host[], failed?: Probe): Promise<Host> {
    if (this.#failed !== undefined && performance.now() < this.#failed.untilMs) throw this.#failed.error;
    this.#choosing ??= this.#probeAll(among, failed).finally(() => (this.#choosing = undefined));
    return this.#choosing;
  }

  async #probeAll(among: readonly Host[], failed: Probe | undefined): Promise<Host> {
    const begunMs = performance.now();
    const probes = await Promise.all(among.map((host) => this.#probe(host)));
    const chosen = bestOf(
      probes.filter(({ error }) => error === undefined),
      this.#target,
    );
    if (chosen !== undefined) {
      this.#use(chosen, failed);
      return chosen.host;
    }
    const all = failed === undefined ? probes : [failed, ...probes];
    const error =
      this.hosts.length === 1
        ? all[0]?.error
        : new NoHost(all.map(({ host, error: why }) => ({ name: host.name, error: why })));
    const nowMs = performance.now();
    this.#failed = { error, untilMs: nowMs + Math.min(nowMs - begunMs, longestFailureMs) };
    throw error;
  }

  async #probe(host: Host): Promise<Probe> {
    try {
      const state = await probeHost(host.url, this.#limits.probeMs);
      this.refuseOther(state);
      return { host, state };
    } catch (error) {
      return { host, error };
    }
  }

  #use({ host, state }: Probe, failed: Probe | undefined): void {
    const left = failed ?? this.#left;
    this.#left = undefined;
    this.#failed = undefined;
    this.#current = host;
    if (state?.isStandby === false && state.identity !== undefined) this.#newest = state.identity;
    if (left !== undefined && left.host !== host)
      this.onChange({ left: left.host.name, used: host.name, reason: serverFailureReason(left.error) });
  }
}

/** Returns the first suitable host, unless another is the primary of a later timeline. */
function bestOf(probes: readonly Probe[], target: TargetSessionAttrs): Probe | undefined {
  const standbys = target === 'prefer-standby' ? probes.filter(({ state }) => state?.isStandby) : [];
  const fit = standbys.length > 0 ? standbys : probes;
  return fit.find((one) => !fit.some((other) => follows(other.state, one.state)));
}

function follows(later: HostState | undefined, earlier: HostState | undefined): boolean {
  if (later?.identity === undefined || earlier?.identity === undefined) return false;
  if (later.isStandby || earlier.isStandby || later.identity.system !== earlier.identity.system) return false;
  return later.identity.timeline > earlier.identity.timeline;
}
