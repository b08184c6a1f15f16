import { createHmac } from 'node:crypto';
import { encodePassCode, passCodeNo, passEpoch, type PassWindow } from '@gatecast/firmware-protocol/pass';
import { codePreimage } from '@gatecast/firmware-protocol/messages';
import { isTrivialPin } from '../communities/rules.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import type { Signer } from '../platform/keys/signer.ts';
import type { PassKeyBook } from './pass-keys.ts';
import { digitsFor, indicesFor, type CodeWindow } from './pass-rules.ts';
import { freeTag } from './credential-store.ts';
import { codeNoIsTaken } from './pass-store.ts';
import { taggerOf } from './tags.ts';

export interface OfflineCode {
  readonly code: string;
  readonly codeNo: number;
  readonly generation: number;
  readonly tag: string;
}

interface CodeParts {
  readonly signer: Signer;
  readonly keys: PassKeyBook;
}

/** A typed code for the window that nobody has; undefined when all places of the window are taken. */
export async function freeOfflineCode(
  q: Tx,
  { signer, keys }: CodeParts,
  asked: {
    readonly communityId: string;
    readonly window: CodeWindow;
    readonly uses: number | null;
    readonly now: Parameters<typeof freeTag>[3];
  },
): Promise<OfflineCode | undefined> {
  const { communityId, window, uses, now } = asked;
  const generation = await keys.generation(q, communityId);
  const tagger = await taggerOf(q, signer, communityId);
  for (const index of indicesFor(uses)) {
    const place = { ...window, index };
    const codeNo = passCodeNo(place);
    if (await codeNoIsTaken(q, communityId, generation, codeNo)) continue;
    const code = await offlineCode(q, keys, communityId, place, generation);
    const tag = tagger(codePreimage(code));
    // Codes of different weeks are permuted by different keys, so that two may be equal by chance; and some are what anybody would try.
    if (isTrivialPin(code) || !(await freeTag(q, communityId, tag, now))) continue;
    return { code, codeNo, generation, tag };
  }
  return undefined;
}

/** The code of a place, made anew each time: it is stored nowhere. */
export async function offlineCode(
  q: Reads,
  keys: PassKeyBook,
  communityId: string,
  place: PassWindow,
  generation: number,
): Promise<string> {
  const key = await keys.codeKey(q, communityId, passEpoch(place.startHour), generation);
  return encodePassCode(place, digitsFor(place.durationClass), (message) =>
    createHmac('sha256', key).update(message).digest(),
  );
}
