import type { SignInSession } from '@gatecast/firmware-protocol/messages';
import { and, eq } from 'drizzle-orm';
import type { Tx } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { isClone, successionOf } from './clone-rules.ts';
import type { CloneSighting } from './contract.ts';
import { revokeTokens } from './revocations.ts';
import type * as rows from './store.ts';

/** A sign-in whose signature was right. */
export interface ProvenSignIn {
  readonly session: SignInSession | undefined;
  /** Of a machine in a lift shaft or at a gate, not of a person; kept with its last sign-in. */
  readonly address: string | undefined;
}

/**
 * Notes where the terminal stands in the row of its sign-ins. False: its key is on two machines. Then all its tokens are void, nobody may sign in with
 * it until somebody decides, and the property and the operator are told; the doors go on opening by themselves.
 */
export async function followSession(
  q: Tx,
  platform: Platform,
  terminal: rows.PlacedTerminal,
  { session, address }: ProvenSignIn,
): Promise<boolean> {
  const { clock, audit } = platform;
  const { id: terminalId, epoch } = terminal;
  const t = q.t.terminalSessions;
  const ofEpoch = and(eq(t.terminalId, terminalId), eq(t.epoch, epoch));
  const [known] = await q.select().from(t).where(ofEpoch);
  const succession = successionOf(known, session);
  if (isClone(succession) && known) {
    await raise(q, platform, terminal, {
      at: clock.now(),
      kind: succession,
      sameMachine: session ? session.machine === known.machine : null,
      known: { at: known.at, address: known.address, counter: known.counter },
      other: { at: clock.now(), address: address ?? null, counter: session?.counter ?? null },
    });
    return false;
  }
  if (!session) return true;
  const { counter, mark, machine } = session;
  const row = { counter, mark, machine, address: address ?? null, at: clock.now() };
  if (!known) {
    const fresh = await q
      .insert(t)
      .values({ terminalId, epoch, ...row })
      .onConflictDoNothing()
      .returning();
    if (fresh.length === 0) throw refusal('conflict', 'another sign-in of this terminal is under way');
    return true;
  }
  if (succession === 'ahead') {
    const facts = { known: known.counter, told: counter };
    await audit(q, { who: 'system', action: 'terminal.sessions-forgotten', subject: terminalId, facts });
  }
  const moved = await q
    .update(t)
    .set(row)
    .where(and(ofEpoch, eq(t.mark, known.mark)))
    .returning();
  if (moved.length === 0) throw refusal('conflict', 'another sign-in of this terminal is under way');
  return true;
}

async function raise(
  q: Tx,
  { clock, audit, events }: Platform,
  { id, companyId, communityId }: rows.PlacedTerminal,
  sighting: CloneSighting,
): Promise<void> {
  await q.update(q.t.terminals).set({ cloned: sighting }).where(eq(q.t.terminals.id, id));
  await revokeTokens(q, id, clock.now());
  const { kind, known, other, sameMachine } = sighting;
  const facts = {
    kind,
    sameMachine,
    knownAt: known.at,
    knownAddress: known.address,
    knownCounter: known.counter,
    otherAddress: other.address,
    otherCounter: other.counter,
  };
  await audit(q, { who: 'system', action: 'terminal.cloned', subject: id, facts });
  await events.emit(q, {
    type: 'alarm',
    subject: id,
    facts: { alarm: 'terminal-cloned', ...facts },
    companyId,
    communityId,
  });
}

/** It was one machine all along, as somebody says who put a backup back: the next sign-in begins the row anew. */
export async function beginSessionsAnew(q: Tx, { id, epoch }: rows.PlacedTerminal): Promise<void> {
  const t = q.t.terminalSessions;
  await q.delete(t).where(and(eq(t.terminalId, id), eq(t.epoch, epoch)));
  await q.update(q.t.terminals).set({ cloned: null }).where(eq(q.t.terminals.id, id));
}
