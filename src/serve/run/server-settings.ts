/** Defines a server's settings, which `src/cli/` reads from options, environment and configuration file. */

/** Settings by option name; absent ones are `undefined`. */
export interface ServerSettings {
  readonly store: string;
  readonly 'store-read': readonly string[] | undefined;
  readonly tenant: string;
  readonly host: string;
  readonly port: number;
  readonly workers: number | undefined;
  readonly 'tls-cert': string | undefined;
  readonly 'tls-key': string | undefined;
  readonly 'tls-self-signed': boolean;
  readonly 'public-url': string | undefined;
  readonly 'allow-host': readonly string[] | undefined;
  readonly 'trust-proxy': readonly string[] | undefined;
  readonly 'cors-origin': readonly string[] | undefined;
  readonly 'cache-mb': number;
  readonly cloud: string;
  readonly loose: boolean;
  readonly deprecated: string | undefined;
  readonly participants: string | undefined;
  readonly authority: readonly string[] | undefined;
  readonly audience: readonly string[] | undefined;
  readonly 'allowed-tenants': readonly string[] | undefined;
  readonly 'sign-in-client-id': string | undefined;
  readonly 'sign-in-client-secret-file': string | undefined;
  readonly 'notify-allow': readonly string[] | undefined;
  readonly 'delivery-timeout': number;
  readonly 'expected-lag-minutes': number | undefined;
  readonly 'health-port': number | undefined;
  readonly 'metrics-token-file': string | undefined;
  readonly 'log-format': string;
  readonly 'log-level': string;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly throttle: string;
  readonly 'clock-start': string | undefined;
  readonly 'clock-standing': boolean;
  readonly seed: number;
  readonly calls: number;
  readonly 'no-generate': boolean;
}

/** Settings that the start line of `sync` shows. */
export interface SyncSettings {
  readonly store: string;
  readonly 'notification-url': string | undefined;
  readonly once: boolean;
  readonly 'reconcile-minutes': number;
  readonly logs: readonly string[];
}

/** The configuration of a running server, which can be reloaded. */
export interface ReadServerSettings<S extends ServerSettings = ServerSettings> {
  readonly settings: S;
  /** Reads the configuration again. @throws UsageError */
  readonly again: () => { readonly settings: S };
}
