import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Block } from './block.ts';
import { BlockBuilder } from './block-builder.ts';
import { blockText, blockTexts } from './block-text.ts';
import { storedRules, walkEntity } from './entity.ts';
import { entityIds, OpenBlocks } from './open-block.ts';
import { Scanner } from './scanner.ts';
import { storedTypes } from './stored-types.ts';

/** Returns a block of participants with these ids; packed when their text is long. */
function blockOf(ids: readonly string[], length: number): Block {
  const builder = new BlockBuilder();
  for (const id of ids) {
    const text = JSON.stringify({ id, identity: { user: { displayName: 'x'.repeat(length) } } });
    builder.add(
      walkEntity(new Scanner(Buffer.from(text), 0, undefined, storedRules), storedTypes.participant),
    );
  }
  return builder.finish().block;
}

const ids = fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 5 });
const lists = fc.array(fc.tuple(ids, fc.constantFrom(1, 900, 5000)), { maxLength: 8 });

describe('blocks that are unpacked together', () => {
  it('have the same text and ids as when each is unpacked alone', () => {
    fc.assert(
      fc.property(lists, (all) => {
        const blocks = all.map(([of, length]) => blockOf(of, length));
        expect(blockTexts(blocks).map(String)).toEqual(blocks.map((block) => String(blockText(block))));
        const open = new OpenBlocks(blocks);
        for (const [i, [of]] of all.entries())
          expect(open.of(blocks[i]!).ids).toEqual(of.map((id) => (id === '' ? undefined : id)));
      }),
    );
  });

  it('fail for the damaged block only, and return the requested entity', () => {
    const [first, second] = [blockOf(['a', 'b'], 3000), blockOf(['c'], 4000)];
    expect([first.packed, second.packed]).toEqual([true, true]);
    expect(String(new OpenBlocks([first, second]).of(first).entity(1))).toContain('"id":"b"');
    const cut = { ...second, body: second.body.subarray(0, 9) };
    const inverted = { ...second, body: second.body.map((byte) => byte ^ 0xff) };
    expect(() => blockTexts([first, inverted])).toThrow(/invalid|incorrect/);
    expect(blockTexts([first, cut]).map(String)).toEqual([String(blockText(first)), String(blockText(cut))]);
    expect(entityIds(first)).toEqual(['a', 'b']);
  });
});
