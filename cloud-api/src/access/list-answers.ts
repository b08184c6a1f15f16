import { canonicalJson } from '@gatecast/firmware-protocol/messages';
import type { Reads } from '../platform/db/store.ts';
import type { Composer, NewestComposed, VersionInForce } from '../terminals/documents-answer.ts';
import type { Terminals } from '../terminals/service.ts';
import { nextTurn } from './list-plan.ts';
import { concerns } from './list-rules.ts';
import * as rows from './list-store.ts';
import { listEnding, listOpening, type ListHead, type ListedText } from './list-text.ts';

/** With more than that changed, the whole list is read instead. */
const deltaRowsMax = 5_000;
/** Lists that are read at the same time; each takes some megabytes. */
const readersMax = 2;

/** Puts a terminal's list together from what the lists of its community say, or only what is different from the one in force. */
export function composeLists(terminals: Terminals): Composer {
  const readers = new Turnstile(readersMax);
  return async (q, newest, from) => {
    const place = await terminals.get(q, newest.terminalId);
    const delta = from && (await deltaText(q, place, newest, from));
    if (delta !== undefined && delta.length < newest.bytes) return [delta];
    return readers.pass(() => wholeText(q, place, newest));
  };
}

interface Place {
  readonly communityId: string;
  readonly entranceId: string;
}

/** Undefined when too much has changed. */
async function deltaText(
  q: Reads,
  { communityId, entranceId }: Place,
  { own, identity }: NewestComposed,
  from: VersionInForce,
): Promise<string | undefined> {
  const set: string[] = [];
  const remove: string[] = [];
  let after: { build: number; credentialId: string | null } = { build: from.basis, credentialId: null };
  for (;;) {
    const page = await rows.changedSince(q, communityId, after);
    for (const { credentialId, text, entranceIds } of page) {
      if (text !== null && concerns(entranceIds, entranceId)) set.push(text);
      else remove.push(credentialId);
    }
    const last = page.at(-1);
    if (!last || page.length < rows.pageRows) break;
    if (set.length + remove.length > deltaRowsMax) return undefined;
    after = last;
    await nextTurn();
  }
  const { version, hash } = from;
  const told = `"from":${version},"fromHash":"${hash}","head":${canonicalJson(own)},"remove":${JSON.stringify(remove)}`;
  return `${opened(identity)},"delta":{${told},"set":[${set.join()}]}}`;
}

async function wholeText(
  q: Reads,
  { communityId, entranceId }: Place,
  { own, identity }: NewestComposed,
): Promise<readonly string[]> {
  const texts: ListedText[] = [];
  for (let afterId = ''; ;) {
    const page = await rows.grantedPage(q, communityId, afterId);
    texts.push(...page.filter(([, , entranceIds]) => concerns(entranceIds, entranceId)));
    const last = page.at(-1);
    if (!last || page.length < rows.pageRows) break;
    afterId = last[0];
    await nextTurn();
  }
  texts.sort(([a], [b]) => (a < b ? -1 : 1));
  const parts = [`${opened(identity)},"body":${listOpening}`];
  for (const page of rows.pagesOf(texts)) {
    parts.push(`${parts.length === 1 ? '' : ','}${page.map(([, text]) => text).join()}`);
  }
  // What is stored as the own part of an access list is its head.
  return [...parts, `${listEnding(own as ListHead)}}`];
}

/** An envelope's text without its last brace. */
const opened = (identity: NewestComposed['identity']): string => JSON.stringify(identity).slice(0, -1);

/** Lets so many through at a time, in the order in which they came. */
class Turnstile {
  readonly #max: number;
  readonly #waiting: (() => void)[] = [];
  #inside = 0;

  constructor(max: number) {
    this.#max = max;
  }

  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inside >= this.#max) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#inside += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#inside -= 1;
    }
  }
}
