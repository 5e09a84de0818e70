/** A page of a collection: the entities of one or two blocks between `"value":[` and `]`. */
import type { Representation } from '../plan/read-plan.ts';
import { Output } from '../text/edits.ts';
import type { StoredType } from '../text/stored-types.ts';
import type { Body } from './body.ts';
import { needsControlPass, withControlInformation } from './control-information.ts';
import { isServedAsStored, selectedRegions, writeEntities } from './entities.ts';
import type { LoadedBlock } from './loaded-block.ts';

/** Entities `from` to `to` of a block. */
export interface PageSlice {
  readonly block: LoadedBlock;
  readonly from: number;
  readonly to: number;
}

export interface PageLinks {
  readonly contextUrl: string;
  readonly nextLink: string | undefined;
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
  const head = Buffer.from(pageHead(representation, links));
  const [slice] = slices;
  const rewrite = needsControlPass(representation, type);
  if (
    slices.length === 1 &&
    slice !== undefined &&
    !rewrite &&
    isServedAsStored(slice.block, representation)
  ) {
    const { block, from, to } = slice;
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
  const text = assemble(slices, type, representation);
  const final = rewrite ? withControlInformation(text, type, representation, links.path) : text;
  return { head, text: () => final, deflated: undefined, tail };
}

function assemble(slices: readonly PageSlice[], type: StoredType, representation: Representation): Buffer {
  const regions = selectedRegions(representation.select, type);
  const out = new Output(4096);
  for (const [i, slice] of slices.entries()) {
    if (i > 0) out.byte(0x2c);
    writeEntities(out, slice.block, slice, regions, representation);
  }
  return out.bytes();
}

function pageHead({ metadata }: Representation, { contextUrl, nextLink }: PageLinks): string {
  const context = metadata === 'none' ? '' : `"@odata.context":${JSON.stringify(contextUrl)},`;
  const next = nextLink === undefined ? '' : `"@odata.nextLink":${JSON.stringify(nextLink)},`;
  return `{${context}${next}"value":[`;
}
