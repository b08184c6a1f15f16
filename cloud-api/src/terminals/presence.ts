import { milliseconds, type DurationMs, type InstantMs } from '@gatecast/firmware-protocol';
import { presence as presenceMessage, type Presence } from '@gatecast/firmware-protocol/messages';
import { and, eq } from 'drizzle-orm';
import type { Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import { takeApplied, type Documents } from './documents.ts';
import { changedDoors } from './door-rules.ts';
import type { MonoReading } from './command-rules.ts';
import { silentAfterMs } from './rules.ts';
import { remindAfterCommit } from './stop-orders.ts';
import * as rows from './store.ts';

/** Presences of many terminals are written together, so that a fleet costs one commit a moment instead of one a message. */
const gatherMs = milliseconds(20);
const sweepEveryMs = milliseconds(10_000);
/** More terminals than any one process serves. */
const readingsMax = 100_000;

interface Arrival {
  readonly presence: Presence;
  readonly at: InstantMs;
}

export interface PresenceBook {
  /** The terminal's clock as this process last heard it in that session; undefined if another process did. */
  reading(terminalId: string, session: string): MonoReading | undefined;
  /** Writes what is gathered; for the end of the program. */
  flush(): Promise<void>;
}

/** Takes presences from MQTT, and marks terminals that fell silent. */
export function createPresenceBook(platform: Platform, documents: Documents): PresenceBook {
  const { clock, store, log, link, jobs } = platform;
  const heard = new Map<string, { readonly session: string; readonly monoMs: number; readonly at: DurationMs }>();
  const gathered = new Map<string, Arrival>();
  let timer: NodeJS.Timeout | undefined;

  const flush = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const arrivals = [...gathered.values()];
    gathered.clear();
    if (arrivals.length === 0) return;
    await store.tx(async (q) => {
      for (const arrival of arrivals) await take(q, platform, documents, arrival);
    });
  };

  link.on('presence', async (terminalId, payload) => {
    const presence = presenceMessage.parse(payload);
    if (presence.terminal !== terminalId) throw new TypeError('the message names another terminal than its topic');
    const last = heard.get(terminalId);
    // The will of a connection that the terminal has replaced says nothing about the new one.
    if (!presence.online && last && last.session !== presence.session) return;
    if (heard.size >= readingsMax) heard.clear();
    heard.set(terminalId, { session: presence.session, monoMs: presence.monoMs, at: clock.mono() });
    gathered.set(terminalId, { presence, at: clock.now() });
    timer ??= setTimeout(
      () => void flush().catch((err: unknown) => log.error({ err }, 'cannot store presences')),
      gatherMs,
    );
  });

  jobs.handle('terminals.silence', {
    everyMs: sweepEveryMs,
    async run() {
      const before = (clock.now() - silentAfterMs) as InstantMs;
      const silent = (await rows.silentTerminals(store.read, before)).filter((id) => !heardLately(id));
      if (silent.length > 0) await store.tx(async (q) => markSilent(q, platform, silent));
    },
  });
  const heardLately = (id: string): boolean => {
    const last = heard.get(id);
    return last !== undefined && clock.mono() - last.at < silentAfterMs;
  };

  return {
    flush,
    reading(terminalId, session) {
      const last = heard.get(terminalId);
      return last?.session === session ? { monoMs: last.monoMs, ageMs: clock.mono() - last.at } : undefined;
    },
  };
}

async function take(q: Tx, platform: Platform, documents: Documents, { presence, at }: Arrival): Promise<void> {
  const { events } = platform;
  const terminal = await rows.findTerminal(q, { id: presence.terminal });
  if (!terminal) return;
  const [before] = await rows.presencesOf(q, [terminal.id]);
  if (!presence.online && before && before.session !== presence.session) return;
  const { online, doorOnline, session, monoMs, agentVersion, applied } = presence;
  // A will knows nothing of the doors: they stay as they were last told.
  const doors = online ? presence.doors : (before?.doors ?? []);
  const screen = (online ? presence.screen : before?.screen) ?? null;
  const seen = { online, doorOnline, session, monoMs, agentVersion, lastSeenAt: at, doors, screen };
  await q
    .insert(q.t.terminalPresence)
    .values({ terminalId: terminal.id, ...seen })
    .onConflictDoUpdate({ target: q.t.terminalPresence.terminalId, set: seen });
  if (online) await takeApplied(q, documents, terminal, applied);
  const isNew = online && (!before?.online || before.session !== session);
  if (isNew) await remindAfterCommit(platform, q, terminal, applied.media);
  for (const { entrance, state, mode, online: doorAnswers } of changedDoors(before?.doors ?? [], doors)) {
    const { companyId, communityId } = terminal;
    const facts = { entranceId: entrance, state, mode, online: doorAnswers };
    await events.emit(q, { type: 'door', subject: terminal.id, companyId, communityId, facts });
  }
  if ((before?.online ?? false) === online) return;
  await events.emit(q, onlineEvent(terminal, online));
}

/**
 * The machine that was just claimed has been heard of, and is away until it is on the broker: one that never comes there is missed as any other. Of the
 * machine that was there before nothing holds any more.
 */
export async function expectTerminal(
  q: Tx,
  { clock, events }: Platform,
  terminal: rows.PlacedTerminal,
  agentVersion: string,
): Promise<void> {
  const [before] = await rows.presencesOf(q, [terminal.id]);
  const away = { online: false, doorOnline: false, session: '', monoMs: 0, doors: [] };
  const seen = { ...away, agentVersion, lastSeenAt: clock.now(), screen: null };
  await q
    .insert(q.t.terminalPresence)
    .values({ terminalId: terminal.id, ...seen })
    .onConflictDoUpdate({ target: q.t.terminalPresence.terminalId, set: seen });
  if (before?.online) await events.emit(q, onlineEvent(terminal, false));
}

async function markSilent(q: Tx, { events }: Platform, terminalIds: readonly string[]): Promise<void> {
  for (const id of terminalIds) {
    const terminal = await rows.findTerminal(q, { id });
    const t = q.t.terminalPresence;
    const changed = await q
      .update(t)
      .set({ online: false })
      .where(and(eq(t.terminalId, id), eq(t.online, true)))
      .returning({ id: t.terminalId });
    if (terminal && changed.length > 0) await events.emit(q, onlineEvent(terminal, false));
  }
}

const onlineEvent = ({ id, companyId, communityId }: rows.PlacedTerminal, online: boolean) =>
  ({ type: online ? 'terminal-online' : 'terminal-offline', subject: id, companyId, communityId }) as const;
