/** Sets the TLS options of servers: version 1.2 or newer, and only ciphers with forward secrecy. */
import type { SecureContextOptions } from 'node:tls';

/** RFC 9325, section 4.2, and those of TLS 1.3. */
const ciphers = [
  ...['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'],
  ...['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
  ...['ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384'],
  ...['ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305'],
].join(':');

export function serverTlsOptions<T extends { readonly cert: string; readonly key: string }>(
  certificate: T,
): T & SecureContextOptions {
  return { ...certificate, ciphers, minVersion: 'TLSv1.2', honorCipherOrder: true };
}
