import { createHash, type Hash } from 'node:crypto';
import { canonicalJson, type AccessList } from '@gatecast/firmware-protocol/messages';

/** Everything of a list but its credentials. */
export type ListHead = Omit<AccessList, 'credentials'>;

/**
 * A list's canonical JSON in the parts of which it is made: the texts of its credentials in the order of their ids, and its head. `credentials` is
 * the first of its keys, which lets lists of equal credentials share all of the work but the last two kilobytes.
 */
export const listOpening = '{"credentials":[';
export const listEnding = (head: ListHead): string => `],${canonicalJson(head).slice(1)}`;

/** A credential as the lists of its community hold it: id, canonical JSON, entrances (null: all). */
export type ListedText = readonly [id: string, text: string, entranceIds: readonly string[] | null];

export interface ListPrint {
  /** SHA-256 of the whole canonical JSON, in hex. */
  readonly hash: string;
  /** Its length in UTF-8. */
  readonly bytes: number;
}

/** Texts that are joined before they are hashed: few calls, short strings. */
const textsAtOnce = 256;

/** The prints of many lists over the credentials of one community. */
export class ListPrinter {
  readonly #texts: readonly ListedText[];
  /** Credentials that do not open every entrance. */
  readonly #bound: readonly ListedText[];
  readonly #openings = new Map<string, { readonly hash: Hash; readonly bytes: number }>();

  constructor(texts: readonly ListedText[]) {
    this.#texts = [...texts].sort(([a], [b]) => (a < b ? -1 : 1));
    this.#bound = this.#texts.filter(([, , entranceIds]) => entranceIds !== null);
  }

  print(entranceId: string, head: ListHead): ListPrint {
    const opening = this.#opening(entranceId);
    const ending = listEnding(head);
    return {
      hash: opening.hash.copy().update(ending).digest('hex'),
      bytes: opening.bytes + Buffer.byteLength(ending),
    };
  }

  /** Terminals whose entrances the same credentials open share it. */
  #opening(entranceId: string) {
    const own = this.#bound.filter(([, , entranceIds]) => entranceIds?.includes(entranceId));
    const name = own.map(([id]) => id).join();
    const known = this.#openings.get(name);
    if (known) return known;
    const made = hashOpening(this.#texts.filter(([, , ids]) => ids === null || ids.includes(entranceId)));
    this.#openings.set(name, made);
    return made;
  }
}

function hashOpening(texts: readonly ListedText[]) {
  const hash = createHash('sha256').update(listOpening);
  let bytes = listOpening.length;
  for (let start = 0; start < texts.length; start += textsAtOnce) {
    const joined = texts
      .slice(start, start + textsAtOnce)
      .map(([, text]) => text)
      .join();
    const part = Buffer.from(start === 0 ? joined : `,${joined}`);
    hash.update(part);
    bytes += part.length;
  }
  return { hash, bytes };
}
