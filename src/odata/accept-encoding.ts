import { Fault } from '../faults.ts';
import { parseQualityList, remembered } from './quality-list.ts';

/**
 * The encoding to send: gzip when the client takes it at least as gladly as plain text.
 *
 * @throws Fault `notAcceptable` when the client excludes both.
 * @see RFC 9110, section 12.5.3
 */
export const negotiateEncoding = remembered((header: string): 'gzip' | 'identity' => {
  const qualities = new Map(
    parseQualityList(header).map(({ name, quality }) => [name.replace(/^x-/, ''), quality]),
  );
  const any = qualities.get('*');
  const gzip = qualities.get('gzip') ?? any ?? 0;
  const stated = qualities.get('identity') ?? (any === 0 ? 0 : undefined);
  if (gzip > 0 && gzip >= (stated ?? 0)) return 'gzip';
  if (stated === 0)
    throw new Fault('notAcceptable', 'Accept-Encoding leaves neither gzip nor identity.', {
      target: 'Accept-Encoding',
    });
  return 'identity';
});
