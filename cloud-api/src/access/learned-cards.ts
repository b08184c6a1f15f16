import { after, hours, minutes, type InstantMs } from '@gatecast/firmware-protocol';
import type { LearnedCard } from '@gatecast/firmware-protocol/messages';
import { eq, lt } from 'drizzle-orm';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { TerminalsService } from '../terminals/service.ts';

/** How long the terminal may take to tell of a card after the window has closed: its uplink may be slow. */
const lateMs = minutes(1);
/** A card that nobody has claimed for somebody by then is forgotten. */
const keptMs = hours(24);

export type LearnedRow = Reads['t']['learnedCards']['$inferSelect'];

export interface LearnedCards {
  /** Takes a terminal's word. Rejects with `not-found` for a command of another, `conflict` for one that is over or has had another card. */
  take(terminalId: string, learned: LearnedCard): Promise<void>;
  find(q: Reads, commandId: string): Promise<LearnedRow | undefined>;
}

/** Cards that were held at a reader to be learned. */
export function createLearnedCards(
  { store, clock, events, jobs }: Platform,
  terminals: Pick<TerminalsService, 'get' | 'commands'>,
): LearnedCards {
  terminals.commands.cardsFrom(async (q, commandId) => {
    const row = await findLearned(q, commandId);
    return row ? { format: row.format, last4: row.last4 } : null;
  });
  jobs.handle('access.forget-learned-cards', {
    everyMs: hours(1),
    run: () => store.tx((q) => forget(q, (clock.now() - keptMs) as InstantMs)),
  });

  return {
    find: findLearned,
    async take(terminalId, { command, ...card }) {
      const asked = await terminals.commands.find(command);
      if (asked.terminalId !== terminalId || asked.kind !== 'learn-card') throw notFound('command');
      const isOver = (['EXPIRED', 'REFUSED', 'UNKNOWN'] as const).some((state) => state === asked.state);
      if (isOver || clock.now() >= after(asked.expiresAt, lateMs))
        throw refusal('conflict', 'nobody waits for a card any more');
      const { companyId } = await terminals.get(store.read, terminalId);
      await store.tx(async (q) => {
        const known = await findLearned(q, command);
        if (known && known.tag !== card.tag) throw refusal('conflict', 'this command has had its card');
        if (known) return;
        await q.insert(q.t.learnedCards).values({ command, terminalId, ...card, at: clock.now() });
        const facts = { terminalId, kind: asked.kind, state: asked.state, learned: true };
        await events.emit(q, { type: 'command', subject: command, companyId, facts });
      });
    },
  };
}

async function findLearned(q: Reads, commandId: string): Promise<LearnedRow | undefined> {
  const [row] = await q.select().from(q.t.learnedCards).where(eq(q.t.learnedCards.command, commandId));
  return row;
}

async function forget(q: Tx, before: InstantMs): Promise<void> {
  await q.delete(q.t.learnedCards).where(lt(q.t.learnedCards.at, before));
}
