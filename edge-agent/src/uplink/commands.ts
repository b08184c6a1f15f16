import {
  command as commandSchema,
  commandContext,
  signedCommand,
  type ClaimResponse,
  type Command,
  type CommandReport,
  type LearnedCard,
} from '@gatecast/firmware-protocol/messages';
import { publicKeyOf, verifyText } from '@gatecast/firmware-protocol/node';
import { DomainError, type Clock } from '@gatecast/firmware-protocol';
import type { Doorkeeper } from '../door/doorkeeper.ts';
import type { Journal } from '../journal/journal.ts';
import type { JournalEntry } from '../journal/journal-writer.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import { codeOf } from './cloud-http.ts';

export interface CommandParts {
  readonly claim: ClaimResponse;
  readonly clock: Clock;
  readonly store: Pick<Store, 'receiveCommand' | 'endCommand' | 'snapshot'>;
  readonly journal: Pick<Journal, 'draft' | 'appended'>;
  readonly door: Pick<Doorkeeper, 'openRemotely' | 'identify' | 'pairReaders' | 'rotateKeys' | 'learnCard'>;
  readonly log: Log;
  /** Tells the cloud; may be lost, the journal tells it again. */
  readonly report: (report: CommandReport) => void;
  /** Brings a card that was learned to the cloud. Rejects as `askCloud` does. */
  readonly tellCard: (card: LearnedCard) => Promise<void>;
}

type CommandFault = 'malformed' | 'wrong-signature' | 'wrong-terminal' | 'wrong-session';
type End = Pick<CommandReport, 'state'> & { readonly reason: string | null; readonly rows: readonly JournalEntry[] };

/** Carries out what the door authority has signed, once each, never late and never on a guess. */
export class Commands {
  readonly #parts: CommandParts;

  constructor(parts: CommandParts) {
    this.#parts = parts;
  }

  /** What was received but not carried out before this start: nobody knows, so it is said to be unknown, and stays undone. */
  async settleInterrupted(): Promise<void> {
    for (const id of this.#parts.store.snapshot.interrupted) {
      try {
        await this.#end(id, { state: 'UNKNOWN', reason: 'interrupted', rows: [] });
      } catch (error) {
        this.#parts.log.error({ code: codeOf(error), command: id }, 'an interrupted command waits for the next start');
      }
    }
  }

  /** One message from the command topic. Never rejects: what is wrong with it is logged, and nothing stops. */
  async receive(payload: Uint8Array, session: string): Promise<void> {
    const { log } = this.#parts;
    const command = this.#read(payload, session);
    if (typeof command === 'string') {
      log.warn({ code: `command-${command}` }, 'a command was refused');
      return;
    }
    try {
      await this.#obey(command);
    } catch (error) {
      log.error({ code: codeOf(error), command: command.id }, 'a command could not be kept and was not carried out');
      this.#report(command.id, 'REFUSED', 'cannot-commit');
    }
  }

  #read(payload: Uint8Array, session: string): Command | CommandFault {
    const { claim } = this.#parts;
    const envelope = signedCommand.safeParse(parseJson(payload));
    if (!envelope.success) return 'malformed';
    const { payload: text, signature } = envelope.data;
    const key = publicKeyOf('ed25519', claim.doorAuthority.publicKey);
    const isGenuine =
      signature.kid === claim.doorAuthority.kid && verifyText(key, commandContext, text, signature.value);
    if (!isGenuine) return 'wrong-signature';
    const parsed = commandSchema.safeParse(parseJson(Buffer.from(text)));
    if (!parsed.success) return 'malformed';
    if (parsed.data.terminal !== claim.terminal) return 'wrong-terminal';
    return parsed.data.session === session ? parsed.data : 'wrong-session';
  }

  /** RECEIVED is on the disk before anything moves. Whatever goes wrong after that may have come too late to keep the door shut. */
  async #obey(command: Command): Promise<void> {
    const { store, journal, clock, log } = this.#parts;
    const row = journal.draft(commandEntry(command.id, 'RECEIVED', null));
    const known = await store.receiveCommand({ id: command.id, row });
    if (known !== 'new') return this.#report(command.id, known.state, known.reason);
    journal.appended();
    this.#report(command.id, 'RECEIVED', null);
    const isLate = clock.mono() > command.notAfterMonoMs;
    try {
      const end: End = isLate ? { state: 'EXPIRED', reason: null, rows: [] } : await this.#carryOut(command);
      await this.#end(command.id, end);
    } catch (error) {
      log.error({ code: codeOf(error), command: command.id }, 'what became of a command could not be kept');
      this.#report(command.id, 'UNKNOWN', codeOf(error));
    }
  }

  async #carryOut({ id, action, notAfterMonoMs }: Command): Promise<End> {
    const { door } = this.#parts;
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
        return this.#learnCard(id, action.entrance);
    }
  }

  /** Ends when the cloud has the card. One that was read and could not be told is forgotten: it has to be shown again. */
  async #learnCard(command: Command['id'], entrance: string): Promise<End> {
    const learning = await this.#parts.door.learnCard(entrance);
    if (!learning.learned) return refused(learning.reason);
    const { format, last4, epoch, tag } = learning.card;
    try {
      await this.#parts.tellCard({ command, format, last4, epoch, tag });
      return executed();
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return refused(error.code);
    }
  }

  async #end(id: string, { state, reason, rows }: End): Promise<void> {
    const { store, journal } = this.#parts;
    const drafts = [...rows, commandEntry(id, state, reason)].map((entry) => journal.draft(entry));
    await store.endCommand({ id, state, reason, rows: drafts });
    journal.appended();
    this.#report(id, state, reason);
  }

  #report(id: string, state: CommandReport['state'], reason: string | null): void {
    const { claim, clock, report } = this.#parts;
    const commandId = commandSchema.shape.id.parse(id);
    report({
      v: 1,
      id: commandId,
      terminal: claim.terminal,
      state,
      at: clock.now(),
      ...(reason !== null && { reason }),
    });
  }
}

const executed = (rows: readonly JournalEntry[] = []): End => ({ state: 'EXECUTED', reason: null, rows });
const refused = (reason: string): End => ({ state: 'REFUSED', reason, rows: [] });
/** What takes longer than the command has begun; its own rows tell how it ends. */
const begun = (refusal: string | null): End => (refusal === null ? executed() : refused(refusal));

const commandEntry = (command: string, state: CommandReport['state'], reason: string | null): JournalEntry => ({
  stream: 'door',
  kind: 'command',
  body: { command, state, reason },
});

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
