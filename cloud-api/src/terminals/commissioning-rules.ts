import { doorRows, playRows, type JournalRow } from '@gatecast/firmware-protocol/messages';
import type { InstantMs } from '@gatecast/firmware-protocol';
import {
  commissioningItem,
  type CommissioningItem,
  type CommissioningRun,
  type commissioningTask,
} from './commissioning-contract.ts';
import type { z } from 'zod';

type ShownItem = CommissioningRun['items'][number];

/** What to do so that an item is seen. */
export const taskOf: Readonly<Record<CommissioningItem, z.infer<typeof commissioningTask>>> = {
  reader: 'type-or-show-anything',
  relay: 'open-the-door',
  contact: 'open-and-close-the-leaf',
  exit: 'press-exit',
  fire: 'trigger-the-fire-line',
  screen: 'look-at-the-screen',
  sound: 'listen-to-the-screen',
  uplink: 'wait-for-the-terminal',
};

/** What is proven at the door's own wires: void when those change. */
export const wiredItems: readonly CommissioningItem[] = ['reader', 'relay', 'contact', 'exit', 'fire'];

const atReader: ReadonlySet<string> = new Set(['pin', 'code', 'card', 'qr']);

/** What a row of the door's journal proves; nothing if no schema of ours reads it. */
export function provenAtDoor(row: Pick<JournalRow, 'kind' | 'body'>): readonly CommissioningItem[] {
  switch (row.kind) {
    case 'opened': {
      const body = doorRows.opened.safeParse(row.body).data;
      if (!body) return [];
      return atReader.has(body.via) ? ['reader', 'relay'] : ['relay'];
    }
    case 'refused': {
      const body = doorRows.refused.safeParse(row.body).data;
      return body && atReader.has(body.via) ? ['reader'] : [];
    }
    case 'contact':
      // A leaf that closes has been open.
      return doorRows.contact.safeParse(row.body).data?.open === false ? ['contact'] : [];
    case 'exit':
      return ['exit'];
    case 'fire':
      return doorRows.fire.safeParse(row.body).data?.active ? ['fire'] : [];
    default:
      return [];
  }
}

/** What a row of the play journal proves: a frame on the screen, and that it was not silent. */
export function provenOnScreen(row: Pick<JournalRow, 'kind' | 'body'>): readonly CommissioningItem[] {
  const play = row.kind === 'play' ? playRows.play.safeParse(row.body).data : undefined;
  if (!play?.rendered) return [];
  return play.muted ? ['screen'] : ['screen', 'sound'];
}

/** What is kept of an item. */
export interface KeptItem {
  readonly item: CommissioningItem;
  readonly seenAt: InstantMs | null;
  readonly said: 'confirmed' | 'failed' | 'absent' | null;
  readonly saidAt: InstantMs | null;
  readonly saidBy: string | null;
  readonly note: string | null;
}

/** All items of a run in the order of the work, each with what was said, else what was seen. */
export function itemsOf(kept: readonly KeptItem[], nameOf: (accountId: string) => string | null): ShownItem[] {
  return commissioningItem.options.map((item) => {
    const known = kept.find((one) => one.item === item);
    const seenAt = known?.seenAt ?? null;
    return {
      item,
      task: taskOf[item],
      state: known?.said ?? (seenAt === null ? 'waiting' : 'seen'),
      at: known?.saidAt ?? seenAt,
      seenAt,
      by: known?.saidBy ? nameOf(known.saidBy) : null,
      note: known?.note ?? null,
    };
  });
}

/** What keeps a run from being signed. */
export const openItems = (items: readonly ShownItem[]): CommissioningItem[] =>
  items.filter(({ state }) => state === 'waiting' || state === 'failed').map(({ item }) => item);
