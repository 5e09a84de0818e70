/** Negotiates the form of a body from `Accept` and `$format` (OData JSON Format 4.01, section 3). */
import { Fault } from '../../contract/faults.ts';
import { type Alternative, parseQualityList, remembered } from './quality-list.ts';

export interface MediaFormat {
  readonly metadata: 'none' | 'minimal' | 'full';
  /** True when 64-bit integers and decimals are written as strings. */
  readonly ieee754Compatible: boolean;
  readonly contentType: string;
}

/** The form of `/$count`: a number in plain text, whatever `Accept` says, as in Graph. */
export const plainText: MediaFormat = {
  metadata: 'minimal',
  ieee754Compatible: false,
  contentType: 'text/plain;charset=utf-8',
};

/** Returns the form of the body. @throws Fault `notAcceptable` when the client accepts no form of JSON. */
export function negotiateMedia(accept: string | undefined, format?: string): MediaFormat {
  return format === undefined ? fromAccept(accept ?? '') : fromFormat(format);
}

/** Returns the media ranges of a header; other text is ignored (RFC 9110, section 12.5.1). */
function rangesOf(accept = ''): readonly Alternative[] {
  const ranges = parseQualityList(accept).filter(({ name }) => mediaRange.test(name));
  return ranges.length > 0 ? ranges : parseQualityList('*/*');
}

const mediaRange = /^[!#$%&'*+.^_`|~\w-]+\/[!#$%&'*+.^_`|~\w-]+$/;

const fromAccept = remembered((accept: string): MediaFormat => {
  const candidates = rangesOf(accept).filter(({ quality }) => quality > 0);
  candidates.sort((a, b) => b.quality - a.quality || specificity(b) - specificity(a));
  for (const candidate of candidates) {
    const media = mediaOf(candidate);
    if (media !== undefined) return media;
  }
  throw notAcceptable();
});

const fromFormat = remembered((format: string): MediaFormat => {
  const [alternative] = parseQualityList(format.replace(/^json(?=;|$)/i, 'application/json'));
  const media = alternative && mediaOf(alternative);
  if (media === undefined) throw notAcceptable('$format');
  return media;
});

function specificity({ name, parameters }: Alternative): number {
  return (name === '*/*' ? 0 : name.endsWith('/*') ? 1 : 2) + parameters.size;
}

function mediaOf({ name, parameters }: Alternative): MediaFormat | undefined {
  if (name !== 'application/json' && name !== 'application/*' && name !== '*/*') return undefined;
  const metadata = parameters.get('odata.metadata') ?? parameters.get('metadata') ?? 'minimal';
  if (metadata !== 'none' && metadata !== 'minimal' && metadata !== 'full') return undefined;
  const ieee = (parameters.get('ieee754compatible') ?? 'false').toLowerCase();
  if (ieee !== 'true' && ieee !== 'false') return undefined;
  const charset = (parameters.get('charset') ?? 'utf-8').toLowerCase();
  if (charset !== 'utf-8' && charset !== 'utf8') return undefined;
  return {
    metadata,
    ieee754Compatible: ieee === 'true',
    contentType: `application/json;odata.metadata=${metadata};odata.streaming=true;IEEE754Compatible=${ieee};charset=utf-8`,
  };
}

/**
 * Returns the form of `$metadata`: XML unless the client prefers JSON (OData 4.01 Protocol, section 11.1.2). Equal
 * weights are no preference: client generators accept JSON, plain text and anything with one weight, and expect XML.
 */
export function negotiateMetadataDocument(accept: string | undefined, format?: string): 'xml' | 'json' {
  const alternatives =
    format === undefined
      ? rangesOf(withOneXml(accept))
      : parseQualityList(withOneXml(format.replace(/^(json|xml)(?=;|$)/i, 'application/$1')));
  const xml = qualityOf('application/xml', alternatives);
  const json = qualityOf('application/json', alternatives);
  if (xml === 0 && json === 0) throw notAcceptable(format === undefined ? 'Accept' : '$format');
  return xml >= json ? 'xml' : 'json';
}

/** Replaces the second name of XML by the first (RFC 7303, section 9.2). */
function withOneXml(types = ''): string {
  return types.replace(/\btext\/xml\b/gi, 'application/xml');
}

/** Returns the weight of a type: that of the most specific range that covers it (RFC 9110, section 12.5.1). */
function qualityOf(type: string, alternatives: readonly Alternative[]): number {
  for (const range of [type, type.replace(/\/.*/, '/*'), '*/*']) {
    const weights = alternatives.filter(({ name }) => name === range).map(({ quality }) => quality);
    if (weights.length > 0) return Math.max(...weights);
  }
  return 0;
}

function notAcceptable(target = 'Accept'): Fault {
  return new Fault(
    'notAcceptable',
    `${target} does not allow application/json, the only type of this resource.`,
    { target },
  );
}
