/** Generates tokens that must be rejected: forged, or genuine except for one property. The same seed gives the same tokens. */
import {
  constants,
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import fc from 'fast-check';

export interface Genuine {
  /** An RSA key, and the id under which its public key is published. */
  readonly key: KeyObject;
  readonly keyId: string;
  /** The claims of an accepted token; times in seconds around the present. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** The tolerated clock difference. */
  readonly toleranceSeconds: number;
}

interface HostileToken {
  /** The defect of the token. */
  readonly name: string;
  readonly token: string;
}

type Header = Readonly<Record<string, unknown>>;

const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });

export function genuineToken({ key, keyId, claims }: Genuine): string {
  return signed({ alg: 'RS256', typ: 'JWT', kid: keyId }, claims, key);
}

export function hostileTokens(
  genuine: Genuine,
  { seed, count }: { readonly seed: number; readonly count: number },
): HostileToken[] {
  return fc.sample(fc.oneof(forged(genuine), misstated(genuine), mutilated(genuine)), {
    seed,
    numRuns: count,
  });
}

/** Generates tokens that are signed with another key, or unsigned. */
function forged({ key, keyId, claims }: Genuine): fc.Arbitrary<HostileToken> {
  const kid = fc.oneof(
    fc.constantFrom<unknown>(keyId, '', 'evil', '../../dev/null', "a' OR '1'='1", null, 1, true, [keyId], {}),
    fc.string(),
  );
  const more = fc.constantFrom<Header>(
    {},
    { jku: 'https://evil.example/keys' },
    { x5u: 'https://evil.example/key' },
    { x5c: ['MII'] },
    { jwk: stranger.publicKey.export({ format: 'jwk' }) },
    { crit: ['exp'] },
    { b64: false, crit: ['b64'] },
    { zip: 'DEF' },
  );
  const none = fc.constantFrom('none', 'None', 'NONE', 'nOnE', '', 'RS257', null, 7);
  const secrets = publicForms(createPublicKey(key));
  return fc.oneof(
    fc.tuple(kid, more).map(([id, extra]) => ({
      name: `of a stranger: ${JSON.stringify({ kid: id, ...extra }).slice(0, 80)}`,
      token: signed({ alg: 'RS256', typ: 'JWT', kid: id, ...extra }, claims, stranger.privateKey),
    })),
    fc.tuple(none, fc.boolean()).map(([alg, isSigned]) => {
      const whole = signed({ alg, typ: 'JWT', kid: keyId }, claims, key);
      return {
        name: `algorithm ${String(alg)}`,
        token: isSigned ? whole : whole.slice(0, whole.lastIndexOf('.') + 1),
      };
    }),
    fc.tuple(fc.constantFrom(...secrets), fc.constantFrom('256', '384', '512')).map(([secret, size]) => {
      const text = inputOf({ alg: `HS${size}`, typ: 'JWT', kid: keyId }, claims);
      const mac = createHmac(`sha${size}`, secret).update(text).digest('base64url');
      return { name: `HS${size} by the public key`, token: `${text}.${mac}` };
    }),
    fc.constant({
      name: 'PS256 by a key that is published for RS256',
      token: signed({ alg: 'PS256', typ: 'JWT', kid: keyId }, claims, key, true),
    }),
    fc.constantFrom<Header>({ crit: ['exp'] }, { b64: false, crit: ['b64'] }).map((extra) => ({
      name: `genuine but for ${JSON.stringify(extra)}`,
      token: signed({ alg: 'RS256', kid: keyId, ...extra }, claims, key),
    })),
  );
}

/** Generates signed tokens with one invalid claim. */
function misstated({ key, keyId, claims, toleranceSeconds }: Genuine): fc.Arbitrary<HostileToken> {
  const now = Math.floor(Date.now() / 1000);
  const beyond = fc.integer({ min: toleranceSeconds + 60, max: 4_000_000_000 });
  const { aud, iss, tid } = claims as { aud: string; iss: string; tid: string };
  const text = (...texts: readonly unknown[]) => fc.constantFrom(...texts);
  const changes = fc.oneof(
    text(`${aud}//`, `${aud}/x`, aud.slice(1), 'api://other', undefined, [], { 0: aud }, ['x'], null).map(
      (to) => ({
        aud: to,
      }),
    ),
    text(`${iss}/`, iss.slice(1), 'https://evil.example', undefined, [iss], null, '').map((to) => ({
      iss: to,
    })),
    text(`${tid} `, `${tid}\n`, tid.slice(1), 'x', '$&', '', undefined, [tid], null, { tid }).map((to) => ({
      tid: to,
    })),
    text(undefined, null, String(now + 999), true, [now + 999]).map((to) => ({ exp: to })),
    beyond.map((by) => ({ exp: now - by })),
    beyond.map((by) => ({ nbf: now + by })),
    beyond.map((by) => ({ iat: now + by })),
    text('x', {}, [now]).map((to) => ({ nbf: to })),
    text('x', {}, [now], true).map((to) => ({ iat: to })),
  );
  return changes.map((change) => ({
    name: `with ${JSON.stringify(change)} (absent where empty)`,
    token: signed({ alg: 'RS256', typ: 'JWT', kid: keyId }, { ...claims, ...change }, key),
  }));
}

/** Generates genuine tokens whose text was changed. */
function mutilated(genuine: Genuine): fc.Arbitrary<HostileToken> {
  const whole = genuineToken(genuine);
  // The last characters of the signature contain unused bits.
  const at = fc.integer({ min: 1, max: whole.length - 4 });
  const digit = fc.constantFrom(
    ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.split(''),
  );
  return fc.oneof(
    fc
      .tuple(at, digit)
      .filter(([i, to]) => whole[i] !== to && whole[i] !== '.')
      .map(([i, to]) => ({ name: `changed at ${i}`, token: whole.slice(0, i) + to + whole.slice(i + 1) })),
    at.map((i) => ({ name: `cut at ${i}`, token: whole.slice(0, i) })),
    fc.tuple(at, fc.constantFrom('.', '..', 'A', '.A')).map(([i, more]) => ({
      name: `with ${more} at ${i}`,
      token: whole.slice(0, i) + more + whole.slice(i),
    })),
    fc.constantFrom('a', 'a.b', 'a.b.c', 'a.b.c.d.e', '...', 'e30.e30.', 'null.null.null').map((token) => ({
      name: token,
      token,
    })),
  );
}

function publicForms(key: KeyObject): string[] {
  const pems = (['spki', 'pkcs1'] as const).map((type) => key.export({ format: 'pem', type }).toString());
  const jwk = key.export({ format: 'jwk' });
  return [...pems, JSON.stringify(jwk), jwk.n!, 'secret']; // an RSA key has a modulus
}

function inputOf(header: Header, claims: object): string {
  return [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
}

function signed(header: Header, claims: object, key: KeyObject, isPss = false): string {
  const text = inputOf(header, claims);
  const padding = isPss ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  const options = { key, padding, ...(isPss && { saltLength: 32 }) };
  return `${text}.${sign('sha256', Buffer.from(text), options).toString('base64url')}`;
}
