import { DomainError } from '@gatecast/firmware-protocol';
import type { Command, CommandFileKind, CommandReport, LearnedCard } from '@gatecast/firmware-protocol/messages';
import type { Doorkeeper } from '../door/doorkeeper.ts';
import type { Host } from '../host.ts';
import type { JournalEntry } from '../journal/journal-writer.ts';
import type { ScreenProbes } from '../player/screen-probes.ts';

/** How a command ended. */
export interface CommandEnd {
  readonly state: Exclude<CommandReport['state'], 'RECEIVED'>;
  readonly reason: string | null;
  readonly rows: readonly JournalEntry[];
  /** Once the end is on the disk and told. */
  readonly afterwards?: () => void;
}

/** What commands act on. */
export interface ActionParts {
  readonly door: Pick<Doorkeeper, 'openRemotely' | 'identify' | 'pairReaders' | 'rotateKeys' | 'learnCard'>;
  readonly screen: ScreenProbes;
  /** The newest lines of the program's own log, redacted, in at most so many bytes. */
  readonly logs: (bytesMax: number) => Promise<Uint8Array>;
  readonly host: Host;
  /** Begins to ask for documents, time and journal as after a start. */
  readonly resync: () => void;
  /** Brings a card that was learned to the cloud. Rejects as `askCloud` does. */
  readonly tellCard: (card: LearnedCard) => Promise<void>;
  /** Brings what a command has to bring. Rejects as `askCloud` does. */
  readonly bringFile: (command: Command['id'], kind: CommandFileKind, bytes: Uint8Array) => Promise<void>;
}

/**
 * Does what a command says; the caller has checked whose it is and that it is not late. Resolves with how it ended; rejects only where nobody can
 * say whether it did anything.
 */
export async function carryOut(parts: ActionParts, { id, action, notAfterMonoMs }: Command): Promise<CommandEnd> {
  const { door } = parts;
  switch (action.kind) {
    case 'identify':
      door.identify();
      return executed();
    case 'open': {
      const opening = await door.openRemotely(action, id, notAfterMonoMs);
      return opening.opened ? executed([opening.row]) : refused(opening.reason);
    }
    case 'pair-readers':
      return begun(door.pairReaders(action.entrance));
    case 'rotate-keys':
      return begun(door.rotateKeys(action.entrance));
    case 'learn-card':
      return orRefused(() => learnCard(parts, id, action.entrance));
    case 'reboot':
      return orRefused(() => reboot(parts.host, action.what));
    case 'capture-screenshot':
      return orRefused(async () => bring(parts, id, action.kind, await parts.screen.capture()));
    case 'pull-logs':
      return orRefused(async () => bring(parts, id, action.kind, await parts.logs(action.maxKb * 1_024)));
    case 'test-speaker':
      return orRefused(async () => {
        await parts.screen.tone(action.volumePercent);
        return executed();
      });
    case 're-sync':
      parts.resync();
      return executed();
  }
}

/** Ends when the cloud has the card. One that was read and could not be told is forgotten: it has to be shown again. */
async function learnCard(parts: ActionParts, command: Command['id'], entrance: string): Promise<CommandEnd> {
  const learning = await parts.door.learnCard(entrance);
  if (!learning.learned) return refused(learning.reason);
  const { format, last4, epoch, tag } = learning.card;
  await parts.tellCard({ command, format, last4, epoch, tag });
  return executed();
}

/** The program ends after its EXECUTED is on the disk; the machine is asked first, as it may refuse. */
async function reboot({ restart, reboot: rebootMachine }: Host, what: 'agent' | 'machine'): Promise<CommandEnd> {
  if (what === 'agent') return restart ? { ...executed(), afterwards: restart } : refused('not-supervised');
  if (!rebootMachine) return refused('reboot-not-allowed');
  await rebootMachine();
  return executed();
}

async function bring(
  parts: ActionParts,
  command: Command['id'],
  kind: CommandFileKind,
  bytes: Uint8Array,
): Promise<CommandEnd> {
  await parts.bringFile(command, kind, bytes);
  return executed();
}

/** Where a refusal comes as an error, what was asked for has not been done. */
async function orRefused(act: () => Promise<CommandEnd>): Promise<CommandEnd> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return refused(error.code);
  }
}

const executed = (rows: readonly JournalEntry[] = []): CommandEnd => ({ state: 'EXECUTED', reason: null, rows });
const refused = (reason: string): CommandEnd => ({ state: 'REFUSED', reason, rows: [] });
/** What takes longer than the command has begun; its own rows tell how it ends. */
const begun = (refusal: string | null): CommandEnd => (refusal === null ? executed() : refused(refusal));
