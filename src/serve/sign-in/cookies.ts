/** The two cookies of sign-in. Scripts cannot read them; over https, no other host or path can set them. */

type CookieName = 'session' | 'sign-in';

/**
 * SameSite per cookie. The session is sent only with requests of the server's own pages. The sign-in cookie must be
 * sent when the authority redirects the browser back (draft-ietf-httpbis-rfc6265bis, section 5.6.7).
 */
const sameSite = { session: 'Strict', 'sign-in': 'Lax' } as const;

/** Formats a cookie. @returns `Set-Cookie` and its value. */
export function setCookie(name: CookieName, text: string, maxAgeSeconds: number, origin: string): string[] {
  const secure = isSecure(origin) ? '; Secure' : '';
  const attributes = `Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=${sameSite[name]}${secure}`;
  return ['Set-Cookie', `${fullName(name, origin)}=${text}; ${attributes}`];
}

export function clearCookie(name: CookieName, origin: string): string[] {
  return setCookie(name, '', 0, origin);
}

/** Returns the value of a cookie. @param header The received `Cookie` header. */
export function cookieOf(header: string | undefined, name: CookieName, origin: string): string | undefined {
  if (header === undefined) return undefined;
  const start = `${fullName(name, origin)}=`;
  const pair = header.split(/; */).find((one) => one.startsWith(start));
  return pair === undefined || pair === start ? undefined : pair.slice(start.length);
}

function fullName(name: CookieName, origin: string): string {
  return `${isSecure(origin) ? '__Host-' : ''}rollcall-${name}`;
}

function isSecure(origin: string): boolean {
  return origin.startsWith('https:');
}
