/**
 * Exits with 0 when /healthz of this container answers 200, on --health-port where there is one. The port of serve speaks
 * https where it has a certificate, whose name is not 127.0.0.1: it is not checked.
 */
import { get } from 'node:http';
import { get as getOverTls } from 'node:https';

const { ROLLCALL_HEALTH_PORT, ROLLCALL_PORT, ROLLCALL_TLS_CERT } = process.env;
const port = Number(ROLLCALL_HEALTH_PORT || ROLLCALL_PORT || 7655);
const isTls = !ROLLCALL_HEALTH_PORT && ROLLCALL_TLS_CERT;
const options = { host: '127.0.0.1', port, path: '/healthz', timeout: 4000, rejectUnauthorized: false };
const request = (isTls ? getOverTls : get)(options, ({ statusCode }) =>
  process.exit(statusCode === 200 ? 0 : 1),
);
request.on('timeout', () => request.destroy());
request.on('error', () => process.exit(1));
