/** Imitates a browser: it keeps cookies by host, not by port, and sends Fetch Metadata. */

interface Visit {
  readonly method?: 'GET' | 'POST';
  readonly form?: Readonly<Record<string, string>>;
  /** `Sec-Fetch-Site`; that of a typed address when absent. */
  readonly site?: 'none' | 'same-origin' | 'same-site' | 'cross-site';
  readonly headers?: Readonly<Record<string, string>>;
}

export class TestBrowser {
  readonly cookies = new Map<string, string>();
  /** `Set-Cookie`, as received. */
  readonly received: string[] = [];

  /** Sends one request; redirects are not followed. */
  async visit(
    url: string,
    { method = 'GET', form, site = 'none', headers = {} }: Visit = {},
  ): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      headers: { 'sec-fetch-site': site, ...(cookie !== '' && { cookie }), ...headers },
      ...(form && { body: new URLSearchParams(form) }),
    });
    for (const line of response.headers.getSetCookie()) {
      this.received.push(line);
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/; Max-Age=0(;|$)/.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }

  /** Presses the button on a page of the development issuer. @returns The redirect's URL. */
  async agree(url: string, person: string): Promise<string> {
    const page = await this.visit(url, { site: 'cross-site' });
    if (page.status !== 200) throw new Error(`The issuer answered ${page.status}: ${await page.text()}`);
    const [, action = ''] = /action="([^"]+)"/.exec(await page.text()) ?? [];
    const target = new URL(action.replaceAll('&#38;', '&'), url).href;
    return locationOf(await this.visit(target, { method: 'POST', form: { person }, site: 'same-origin' }));
  }
}

/** Returns the URL of a redirect. */
export function locationOf(response: Response): string {
  const location = response.headers.get('location');
  if (location === null) throw new Error(`${response.status} without a Location`);
  return location;
}
