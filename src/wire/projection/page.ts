/** Writes a page of a collection: the entities of one or two blocks between `"value":[` and `]`. */
import type { Representation } from '../../query/plan/read-plan.ts';
import { Output } from '../text/edits.ts';
import type { StoredType } from '../text/stored-types.ts';
import type { Body } from './body.ts';
import { needsControlPass, withControlInformation } from './control-information.ts';
import { type Additions, allRegions, isServedAsStored, selectedRegions, writeEntities } from './entities.ts';
import type { OpenBlock } from '../text/open-block.ts';
import { missingAnnotation } from './missing-list.ts';
import { writeSegments } from './segments.ts';

/** Selects entities `from` to `to` of a block. */
export interface PageSlice {
  readonly block: OpenBlock;
  readonly from: number;
  readonly to: number;
  /** For sessions, the block of their segments when these are expanded. */
  readonly segments?: OpenBlock | undefined;
  readonly additions?: Additions;
}

interface PageLinks {
  readonly contextUrl: string;
  readonly nextLink: string | undefined;
  /** `@odata.count`, where the resource has one. */
  readonly count?: number;
  /** True when the list was not received. */
  readonly isMissing?: boolean;
  /** Path of the collection below the service root, for the ids that `odata.metadata=full` adds. */
  readonly path: string;
}

const tail = Buffer.from(']}');

export function projectPage(
  slices: readonly PageSlice[],
  type: StoredType,
  representation: Representation,
  links: PageLinks,
): Body {
  const [slice] = slices;
  if (
    slices.length === 1 &&
    slice !== undefined &&
    slice.segments === undefined &&
    slice.additions === undefined &&
    !needsControlPass(representation, type) &&
    isServedAsStored(slice.block, representation)
  ) {
    const { block, from, to } = slice;
    const head = Buffer.from(pageHead(representation, links));
    const { crc, textLength, packed, body, count } = block.block;
    if (from === 0 && to === count) {
      return {
        head,
        text: () => block.text,
        deflated: packed ? { deflated: body, textLength, crc } : undefined,
        tail,
      };
    }
    const { starts, ends } = block.layout;
    return { head, text: () => block.text.subarray(starts[from], ends[to - 1]), deflated: undefined, tail };
  }
  return textPage(pageText(slices, type, representation), type, representation, links);
}

/** Returns a page of entities that are already text, joined by commas. */
export function textPage(
  text: Buffer,
  type: StoredType,
  representation: Representation,
  links: PageLinks,
): Body {
  const final = needsControlPass(representation, type)
    ? withControlInformation(text, type, representation, links.path)
    : text;
  return { head: Buffer.from(pageHead(representation, links)), text: () => final, deflated: undefined, tail };
}

/** Returns the entities of a page, joined by commas. */
export function pageText(
  slices: readonly PageSlice[],
  type: StoredType,
  representation: Representation,
): Buffer {
  const selected = selectedRegions(representation.select, type);
  const out = new Output(16_384);
  for (const [i, slice] of slices.entries()) {
    if (i > 0) out.byte(0x2c);
    const additions = additionsOf(slice, representation);
    const regions = selected ?? (additions === undefined ? undefined : allRegions(type));
    writeEntities(out, slice.block, slice, regions, representation, additions);
  }
  return out.bytes();
}

function additionsOf(
  { additions, segments }: PageSlice,
  representation: Representation,
): Additions | undefined {
  if (segments === undefined) return additions;
  return { ...additions, after: (out, entity) => writeSegments(out, segments, entity, representation) };
}

function pageHead(
  representation: Representation,
  { contextUrl, nextLink, count, isMissing = false }: PageLinks,
): string {
  const { metadata } = representation;
  const context = metadata === 'none' ? '' : `"@odata.context":${JSON.stringify(contextUrl)},`;
  const counted = count === undefined ? '' : `"@odata.count":${count},`;
  const next = nextLink === undefined ? '' : `"@odata.nextLink":${JSON.stringify(nextLink)},`;
  const annotation = missingAnnotation(representation, isMissing);
  const incomplete = annotation === '' ? '' : `${annotation},`;
  return `{${context}${counted}${incomplete}${next}"value":[`;
}
