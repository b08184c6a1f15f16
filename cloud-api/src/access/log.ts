import { hours, instant } from '@gatecast/firmware-protocol';
import type { z } from 'zod';
import { keptBy, type As, type Keeper } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import { decodeCursor, pageOf, pageSizeDefault } from '../platform/cursor.ts';
import type { Language } from '../platform/language.ts';
import type { Platform } from '../platform/platform.ts';
import type { AccessEvent, accessEventQuery } from './contract.ts';
import { csvStream } from './log-csv.ts';
import * as rows from './log-store.ts';
import * as story from './log-story.ts';
import { shownEvent } from './log-view.ts';

type Manager = As<'operator' | 'property'>;

/** A guard works with what happens now. */
const guardSeesMs = hours(24);
/** What a spreadsheet holds; whoever needs more asks for parts of the time. */
export const exportRowsMax = 1_000_000;
/** Rows of an export read at once: a few milliseconds, and all that is held in memory. */
const exportChunk = 200;

export interface AccessLog {
  /** For the story of a door or a touch: rows without names. Which touch was whose leaves this slice nowhere else. */
  readonly story: typeof story;
  /** The rows of the caller's scope that fit, newest first. */
  list(who: Keeper, query: z.output<typeof accessEventQuery>): Promise<Page<AccessEvent>>;
  /** All of them up to `exportRowsMax` as CSV, read as fast as the caller takes it and no further. */
  export(who: Manager, filter: rows.LogFilter, language: Language): Promise<ReadableStream<Uint8Array>>;
}

/** What happened at the doors, and whom it was about while that is kept. */
export function createAccessLog(platform: Platform): AccessLog {
  const { store, clock, audit, privacy } = platform;

  const scopeOf = (who: Keeper): rows.LogScope => ({
    ...keptBy(who),
    // Nobody but the property learns who opened under threat.
    withDuress: who.role === 'property',
    since: who.role === 'guard' ? instant(clock.now() - guardSeesMs) : undefined,
  });
  const readPage = async (who: Keeper, filter: rows.LogFilter, after: rows.RowKey | undefined, limit: number) => {
    const keys = await rows.newestRows(store.read, scopeOf(who), filter, after, limit);
    return rows.readRows(store.read, keys);
  };
  /** The residents can read who looked at their records. `known` have been told of this reading. */
  const note = async (
    who: Keeper,
    shown: readonly rows.NamedRow[],
    what: 'log' | 'export',
    known = new Set<string>(),
  ) => {
    const named = shown.flatMap(({ event }) => event.residentId ?? []);
    const fresh = [...new Set(named)].filter((residentId) => !known.has(residentId));
    for (const residentId of fresh) known.add(residentId);
    if (fresh.length > 0) await privacy.noteViews(who, fresh, what);
  };

  return {
    story,
    async list(who, { cursor, limit = pageSizeDefault, ...filter }) {
      const key = cursor === undefined ? undefined : decodeCursor<[number, number]>(cursor, ['number', 'number']);
      const found = await readPage(who, filter, key && { at: instant(key[0]), no: key[1] }, limit + 1);
      await note(who, found.slice(0, limit), 'log');
      return pageOf(
        found,
        limit,
        ({ event }) => [event.at, event.no],
        (row) => shownEvent(row, who),
      );
    },
    async export(who, { search, ...filter }, language) {
      // What was searched for may be a name.
      const facts = { ...filter, searched: search !== undefined };
      await store.tx((q) =>
        audit(q, { who, action: 'access-log.export', subject: filter.communityId ?? 'all', facts }),
      );
      const known = new Set<string>();
      return csvStream(language, exportRowsMax, async (last, room) => {
        const found = await readPage(who, { search, ...filter }, last?.event, Math.min(exportChunk, room));
        await note(who, found, 'export', known);
        return found;
      });
    },
  };
}
