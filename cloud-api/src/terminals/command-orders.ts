import { after, instant, milliseconds, newId } from '@gatecast/firmware-protocol';
import {
  canonicalJson,
  commandContext,
  learningWindowMs,
  type Command,
  type SignedCommand,
} from '@gatecast/firmware-protocol/messages';
import { actorOf, type Account } from '../platform/auth.ts';
import type { Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { CommandKind, CommandOptions, NewCommand } from './command-contract.ts';
import { commandBudgets, commandEnd, commandsWaitingMax, deadlineMono } from './command-rules.ts';
import { countOfKind, countWaiting } from './command-store.ts';
import type { PresenceBook } from './presence.ts';
import { findTerminal, presencesOf } from './store.ts';

interface Asked {
  readonly who: Account;
  readonly terminalId: string;
  readonly order: NewCommand;
}

/** Makes and signs a command, QUEUED. Rejects as `Commands.send` does. */
export async function insertCommand(
  q: Tx,
  { clock, signer, audit }: Platform,
  presences: PresenceBook,
  { who, terminalId, order }: Asked,
): Promise<{ readonly id: string; readonly message: SignedCommand }> {
  const terminal = await commandable(q, terminalId);
  const now = clock.now();
  await withinBudget(q, terminalId, order.kind, now);
  const { session, monoMs, lastSeenAt } = terminal.presence;
  const reading = presences.reading(terminalId, session) ?? { monoMs, ageMs: now - lastSeenAt };
  const residentId = who.role === 'resident' ? who.residentId : null;
  const command: Command = {
    v: 1,
    id: newId('command'),
    terminal: terminalId as Command['terminal'],
    session,
    notAfterMonoMs: deadlineMono(reading),
    action: actionOf(order, terminal.entranceId, residentId === null ? 'property' : 'resident'),
  };
  const { id } = command;
  const payload = canonicalJson(command);
  const signature = await signer.sign(q, 'door-authority', terminal.companyId, commandContext, payload);
  const { kind } = order;
  const options = optionsOf(order);
  await q.insert(q.t.commands).values({
    id,
    terminalId,
    kind,
    options,
    state: 'QUEUED',
    times: { QUEUED: now },
    actor: actorOf(who),
    actorRole: who.role,
    residentId,
    queuedAt: now,
    expiresAt: kind === 'learn-card' ? after(commandEnd(now), milliseconds(learningWindowMs)) : commandEnd(now),
  });
  await audit(q, { who, action: `command.${kind}`, subject: terminalId, facts: { command: id, ...options } });
  return { id, message: { v: 1, payload, signature } };
}

/** A terminal that can carry out a command now. */
async function commandable(q: Tx, terminalId: string) {
  const terminal = await findTerminal(q, { id: terminalId });
  if (!terminal) throw notFound('terminal');
  if (terminal.status === 'unclaimed') throw refusal('terminal-unclaimed', 'this terminal has not been claimed yet');
  if (terminal.status === 'revoked') throw refusal('terminal-revoked', 'this terminal was revoked');
  const [presence] = await presencesOf(q, [terminalId]);
  if (!presence?.online) throw refusal('terminal-offline', 'this terminal is offline');
  return { ...terminal, presence };
}

async function withinBudget(q: Tx, terminalId: string, kind: CommandKind, now: number): Promise<void> {
  const { max, perMs } = commandBudgets[kind];
  if ((await countOfKind(q, terminalId, kind, instant(now - perMs))) >= max)
    throw refusal('too-many-commands', 'this terminal was asked for that too often', { kind, max, perMs });
  if ((await countWaiting(q, terminalId, instant(now))) >= commandsWaitingMax)
    throw refusal('too-many-commands', 'too many commands wait for this terminal', { max: commandsWaitingMax });
}

function actionOf(order: NewCommand, entrance: string, by: 'property' | 'resident'): Command['action'] {
  switch (order.kind) {
    case 'open':
      return { kind: order.kind, entrance, by };
    case 'pair-readers':
    case 'rotate-keys':
    case 'learn-card':
      return { kind: order.kind, entrance };
    case 'identify':
    case 'capture-screenshot':
    case 're-sync':
      return { kind: order.kind };
    case 'reboot':
    case 'pull-logs':
    case 'test-speaker':
      return order;
  }
}

/** What a kind was asked with besides; null for one without a choice. */
function optionsOf({ kind: _kind, ...options }: NewCommand): CommandOptions | null {
  return Object.keys(options).length === 0 ? null : options;
}
