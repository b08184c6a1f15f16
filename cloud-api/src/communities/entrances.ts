import { newId } from '@gatecast/firmware-protocol';
import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Account } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import { pageOf, pageSizeDefault } from '../platform/cursor.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import type { Entrance, newEntrance } from './contract.ts';
import { idAfter, keyOf, type Paging } from './paging.ts';
import * as rows from './store.ts';

type RenamedHook = (q: Tx, communityId: string) => Promise<void>;

export interface Entrances {
  entrance(q: Reads, id: string): Promise<Entrance>;
  createEntrance(who: Account, communityId: string, input: z.output<typeof newEntrance>, call: Call): Promise<Entrance>;
  /** Rejects with `not-found`. */
  renameEntrance(who: Account, id: string, name: string, call: Call): Promise<Entrance>;
  entrances(communityId: string, paging: Paging): Promise<Page<Entrance>>;
  /** Runs in the transaction in which a community or one of its entrances gets another name: its terminals show it. */
  onRenamed(hook: RenamedHook): void;
}

/** The doors of communities. `tellName` says that the community itself has another name. */
export function createEntrances({ store, clock, audit }: Platform): Entrances & { readonly tellName: RenamedHook } {
  const hooks: RenamedHook[] = [];
  const tellName: RenamedHook = async (q, communityId) => {
    for (const hook of hooks) await hook(q, communityId);
  };
  const entrance = async (q: Reads, id: string): Promise<Entrance> => {
    const found = await rows.findEntrance(q, id);
    if (!found) throw notFound('entrance');
    return found;
  };

  return {
    entrance,
    tellName,
    onRenamed: (hook) => void hooks.push(hook),
    createEntrance: (who, communityId, input, call) =>
      store.tx((q) =>
        once(q, clock, call, async () => {
          const made = { id: newId('entrance'), communityId, ...input };
          await q.insert(q.t.entrances).values(made);
          await audit(q, { who, action: 'entrance.create', subject: made.id });
          return made;
        }),
      ),
    renameEntrance: (who, id, name, call) =>
      store.tx((q) =>
        once(q, clock, call, async () => {
          await q.update(q.t.entrances).set({ name }).where(eq(q.t.entrances.id, id));
          await audit(q, { who, action: 'entrance.change', subject: id, facts: { name } });
          const changed = await entrance(q, id);
          await tellName(q, changed.communityId);
          return changed;
        }),
      ),
    async entrances(communityId, { cursor, limit = pageSizeDefault }) {
      const found = await rows.listEntrances(store.read, communityId, idAfter(cursor), limit + 1);
      return pageOf(found, limit, keyOf, (row) => row);
    },
  };
}
