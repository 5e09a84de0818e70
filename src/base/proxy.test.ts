import { describe, expect, it } from 'vitest';
import { ProxyError, proxyFor } from './proxy.ts';

const [web, secure] = ['http://web.example:3128', 'https://secure.example:3129'];
const of = (url: string, environment: NodeJS.ProcessEnv) => proxyFor(new URL(url), environment)?.origin;

describe('the proxy for a URL', () => {
  it('is that of its protocol, in lower case first, and that of http where https has none', () => {
    const both = { HTTP_PROXY: web, HTTPS_PROXY: secure };
    expect([of('http://a.example', both), of('https://a.example', both)]).toEqual([web, secure]);
    expect(of('https://a.example', { HTTP_PROXY: web })).toBe(web);
    expect(of('http://a.example', { HTTPS_PROXY: secure })).toBeUndefined();
    expect(of('https://a.example', { HTTPS_PROXY: secure, https_proxy: web })).toBe(web);
    expect(of('https://a.example', { HTTPS_PROXY: '' })).toBeUndefined();
  });

  it.each([
    ['*', ['https://a.example']],
    ['a.example', ['https://a.example', 'https://A.example:8443', 'https://b.a.example']],
    ['.a.example, *.c.example', ['https://b.a.example', 'https://a.example', 'https://b.c.example']],
    ['a.example:8443 d.example', ['https://a.example:8443', 'https://d.example']],
    ['a.example:443', ['https://a.example']],
    ['127.0.0.1,[::1],fd00::1', ['http://127.0.0.1:1', 'http://[::1]:2', 'http://[fd00::1]']],
    ['10.0.0.0-10.0.0.255', ['http://10.0.0.7:8080', 'https://10.0.0.255']],
  ])('is none for hosts that NO_PROXY=%s names', (list, urls) => {
    for (const url of urls) {
      expect([url, of(url, { HTTP_PROXY: web, NO_PROXY: list })]).toEqual([url, undefined]);
      expect([url, of(url, { HTTP_PROXY: web, no_proxy: list, NO_PROXY: 'x' })]).toEqual([url, undefined]);
    }
  });

  it.each([
    ['a.example', 'https://aa.example'],
    ['a.example:8443', 'https://a.example'],
    ['.example', 'https://example.org'],
    ['10.0.0.0-10.0.0.255', 'http://10.0.1.0'],
    [' , ,', 'https://a.example'],
    ['a.example.org', 'https://a.example'],
  ])('stands where NO_PROXY=%s names another host than that of %s', (list, url) => {
    expect(of(url, { HTTP_PROXY: web, NO_PROXY: list })).toBe(web);
  });

  it.each(['socks5://hush:hush@a.example', 'a.example:3128', 'http://'])('is refused as %s', (text) => {
    const refused = () => proxyFor(new URL('https://a.example'), { HTTPS_PROXY: text });
    expect(refused).toThrow(ProxyError);
    expect(refused).not.toThrow('hush');
  });
});
