import { seal } from '@gatecast/firmware-protocol/node';
import { instant, type InstantMs } from '@gatecast/firmware-protocol';
import { and, eq, gt, inArray, ne } from 'drizzle-orm';
import type { Reads, Tx } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import { revokeTokens } from './revocations.ts';
import { handInMs, keyOverlapMs } from './rules.ts';
import type { TerminalRow } from './store.ts';

/** The public halves of what a machine was born with. */
export interface MachineKeys {
  readonly identityKey: string;
  readonly sealingKey: string;
}

type Ended = Reads['t']['formerTerminalKeys']['$inferSelect']['why'];

/** Some 32 bytes are no usable X25519 key; better said now than by the first list that cannot be sealed. */
export function requireSealingKey(key: string): void {
  try {
    seal(key, 'probe', new Uint8Array());
  } catch {
    throw refusal('invalid-request', 'the sealing key is not a usable X25519 key', { path: 'sealingKey' });
  }
}

/** Remembers the key that a terminal has now, which is about to be another one. */
export async function endKey(q: Tx, terminal: TerminalRow, endedAt: InstantMs, why: Ended): Promise<void> {
  const { id: terminalId, epoch, identityKey } = terminal;
  if (identityKey === null) return;
  const t = q.t.formerTerminalKeys;
  await q
    .insert(t)
    .values({ terminalId, epoch, identityKey, endedAt, why })
    .onConflictDoUpdate({ target: [t.terminalId, t.epoch, t.identityKey], set: { endedAt, why } });
}

/** One machine is one terminal: where it was before, nothing is any more. Returns those terminals. */
export async function leaveOtherPlaces(
  q: Tx,
  terminalId: string,
  identityKey: string,
  now: InstantMs,
): Promise<string[]> {
  const t = q.t.terminals;
  const left = await q
    .select()
    .from(t)
    .where(and(eq(t.identityKey, identityKey), ne(t.id, terminalId)));
  for (const before of left) await endKey(q, before, now, 'replaced');
  const ids = left.map(({ id }) => id);
  if (ids.length === 0) return ids;
  await q.update(t).set({ identityKey: null, sealingKey: null, status: 'unclaimed' }).where(inArray(t.id, ids));
  for (const id of ids) await revokeTokens(q, id, now);
  return ids;
}

/** The keys that the terminal had before changes which are so young that it may not have heard of them. */
async function keysInOverlap(q: Reads, terminal: TerminalRow, now: InstantMs): Promise<readonly string[]> {
  const t = q.t.formerTerminalKeys;
  const found = await q
    .select({ identityKey: t.identityKey })
    .from(t)
    .where(
      and(
        eq(t.terminalId, terminal.id),
        eq(t.epoch, terminal.epoch),
        eq(t.why, 'rotated'),
        gt(t.endedAt, instant(now - keyOverlapMs)),
      ),
    );
  return found.map(({ identityKey }) => identityKey);
}

/** Whose signature is one of the terminal's in that epoch. */
export async function keysOfEpoch(
  q: Reads,
  terminal: TerminalRow,
  epoch: number,
  now: InstantMs,
): Promise<readonly string[]> {
  if (epoch !== terminal.epoch) return replacedKeys(q, terminal.id, epoch, instant(now - handInMs));
  const own = terminal.identityKey === null ? [] : [terminal.identityKey];
  return [...own, ...(await keysInOverlap(q, terminal, now))];
}

/** The keys of an epoch that is over because another machine took the terminal's place, as long as its rows are still taken. */
async function replacedKeys(
  q: Reads,
  terminalId: string,
  epoch: number,
  endedAfter: InstantMs,
): Promise<readonly string[]> {
  const t = q.t.formerTerminalKeys;
  const found = await q
    .select({ identityKey: t.identityKey })
    .from(t)
    .where(and(eq(t.terminalId, terminalId), eq(t.epoch, epoch), eq(t.why, 'replaced'), gt(t.endedAt, endedAfter)));
  return found.map(({ identityKey }) => identityKey);
}
