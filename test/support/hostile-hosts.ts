/** Lists host names that resolve to this machine but are not its own, and headers with which clients claim other hosts. */
import fc from 'fast-check';

const label = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}[a-z0-9]$/);
const port = fc.constantFrom('', ':7655', ':80');

/** Generates valid `Host` values that are neither a name nor an address of this machine. */
export const foreignHosts: fc.Arbitrary<string> = fc
  .tuple(
    fc.oneof(
      fc.constantFrom(
        ...['evil.example', 'EVIL.example', 'evil.example.', '127.0.0.1.evil.example', '127.0.0.1.nip.io'],
        ...['localhost.evil.example', 'notlocalhost', 'localhost-', 'localhos', 'my-localhost', 'rollcall'],
        ...['127.1', '2130706433', '0x7f000001', '0177.0.0.1', '127.0.0.256', '128.0.0.1'],
        ...[
          '10.0.0.1',
          '169.254.169.254',
          '[::2]',
          '[fe80::1]',
          '[::ffff:10.0.0.1]',
          'metadata.google.internal',
        ],
      ),
      fc.tuple(label, label).map(([name, domain]) => `${name}.${domain}.example`),
      fc.tuple(label, label).map(([name, domain]) => `localhost.${name}.${domain}`),
    ),
    port,
  )
  .map((parts) => parts.join(''));

/** Generates hosts by which this machine can always be reached. */
export const ownHosts: fc.Arbitrary<string> = fc
  .tuple(
    fc.oneof(
      fc.constantFrom('localhost', 'LOCALHOST', 'localhost.', 'rollcall.localhost', '127.0.0.1', '[::1]'),
      fc.constantFrom('127.1.2.3', '127.255.255.254', '[0:0:0:0:0:0:0:1]', 'a.b.localhost'),
    ),
    port,
  )
  .map((parts) => parts.join(''));

type Header = readonly [name: string, value: string];

const claim = fc.oneof(
  foreignHosts,
  fc.constantFrom('', '"', '",', 'a"b', ';', ',', 'evil.example, other.example'),
);
const address = fc.oneof(
  fc.ipV4(),
  fc.ipV6().map((text) => `[${text}]`),
  fc.constantFrom('unknown', '_hidden', '"', '10.0.0.1', '10.0.0.2', '127.0.0.1', '203.0.113.7', ''),
);
const pair = fc.oneof(
  claim.map((host) => `host=${host}`),
  claim.map((host) => `host="${host}"`),
  claim.map((host) => `HOST = "${host}`),
  address.map((of) => `for=${of}`),
  address.map((of) => `for="${of}"`),
  fc.constantFrom('proto=https', 'proto=http', 'proto=ftp', 'by=_x', 'host', '=', '"', '\\"'),
);
const listOf = (item: fc.Arbitrary<string>) =>
  fc.array(item, { minLength: 1, maxLength: 4 }).map((items) => items.join(', '));

/** Headers a client may forge, of the kind that its proxy writes, or of another. */
export const claimedHeaders = {
  'x-forwarded': fc.array(
    fc.oneof<fc.Arbitrary<Header>[]>(
      listOf(claim).map((value) => ['X-Forwarded-Host', value]),
      listOf(address).map((value) => ['X-Forwarded-For', value]),
      listOf(fc.constantFrom('http', 'https', 'ftp', '')).map((value) => ['X-Forwarded-Proto', value]),
    ),
    { maxLength: 6 },
  ),
  forwarded: fc.array(
    listOf(fc.array(pair, { maxLength: 4 }).map((pairs) => pairs.join(';'))).map((value): Header => [
      'Forwarded',
      value,
    ]),
    { maxLength: 3 },
  ),
  other: fc.array(
    fc.oneof<fc.Arbitrary<Header>[]>(
      claim.map((value) => ['X-Original-Host', value]),
      claim.map((value) => ['X-Host', value]),
      claim.map((value) => ['X-Forwarded-Server', value]),
      fc.constantFrom('443', '80', 'x').map((value) => ['X-Forwarded-Port', value]),
      address.map((value) => ['X-Real-IP', value]),
      claim.map((value) => ['Rollcall-Client-Address', value]),
    ),
    { maxLength: 3 },
  ),
} as const satisfies Record<string, fc.Arbitrary<readonly Header[]>>;
