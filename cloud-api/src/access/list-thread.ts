import { parentPort } from 'node:worker_threads';
import { invariant } from '@gatecast/firmware-protocol';
import { makeLists, type CommunityPart, type MadeList, type TerminalPart } from './list-maker.ts';
import type { ListedText } from './list-text.ts';

/** Credentials come in pages, then the order to make lists of them. */
export type ListRequest =
  | { readonly job: 'page'; readonly texts: readonly ListedText[] }
  | {
      readonly job: 'make';
      /** How many credentials came before. */
      readonly count: number;
      readonly community: CommunityPart;
      readonly terminals: readonly TerminalPart[];
    }
  | { readonly job: 'forget' };
export interface ListAnswer {
  readonly lists: readonly MadeList[];
}

let texts: ListedText[] = [];

parentPort?.on('message', (request: ListRequest) => {
  if (request.job === 'page') return void texts.push(...request.texts);
  const held = texts;
  texts = [];
  if (request.job === 'forget') return;
  // A thread that was started anew between two pages has not seen the first.
  invariant(held.length === request.count, 'every page has arrived');
  const answer: ListAnswer = { lists: makeLists(held, request.community, request.terminals) };
  parentPort?.postMessage(answer);
});
