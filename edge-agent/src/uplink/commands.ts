import {
  command as commandSchema,
  commandContext,
  commandHeader,
  signedCommand,
  type ClaimResponse,
  type Command,
  type CommandReport,
} from '@gatecast/firmware-protocol/messages';
import { publicKeyOf, verifyText } from '@gatecast/firmware-protocol/node';
import type { Clock } from '@gatecast/firmware-protocol';
import type { Journal } from '../journal/journal.ts';
import type { JournalEntry } from '../journal/journal-writer.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import { codeOf } from './cloud-http.ts';
import type { CommandEnd } from './command-actions.ts';

export interface CommandParts {
  readonly claim: ClaimResponse;
  readonly clock: Clock;
  readonly store: Pick<Store, 'receiveCommand' | 'endCommand' | 'snapshot'>;
  readonly journal: Pick<Journal, 'draft' | 'appended'>;
  readonly log: Log;
  /** Tells the cloud; may be lost, the journal tells it again. */
  readonly report: (report: CommandReport) => void;
  /** See `carryOut`. */
  readonly carryOut: (command: Command) => Promise<CommandEnd>;
}

type CommandFault = 'malformed' | 'wrong-signature' | 'wrong-terminal' | 'wrong-session';
/** A command whose kind this program does not know, from a cloud that is newer: genuine, and not to be carried out. */
type Unsupported = Pick<Command, 'id' | 'terminal' | 'session' | 'notAfterMonoMs'> & { readonly action?: undefined };
type Genuine = Command | Unsupported;

/** Refused without a commit: the broker may bring them again while they are not late. */
const refusedKept = 64;

/** Carries out what the door authority has signed, once each, never late and never on a guess. */
export class Commands {
  readonly #parts: CommandParts;
  readonly #refused = new Set<string>();

  constructor(parts: CommandParts) {
    this.#parts = parts;
  }

  /** What was received but not carried out before this start: nobody knows, so it is said to be unknown, and stays undone. */
  async settleInterrupted(): Promise<void> {
    for (const id of this.#parts.store.snapshot.interrupted) {
      try {
        await this.#end(id, unlived('UNKNOWN', 'interrupted'));
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
    if (this.#refused.has(command.id)) return this.#report(command.id, 'REFUSED', 'cannot-commit');
    try {
      await this.#obey(command);
    } catch (error) {
      log.error({ code: codeOf(error), command: command.id }, 'a command could not be kept and was not carried out');
      this.#refuseForGood(command.id);
      this.#report(command.id, 'REFUSED', 'cannot-commit');
    }
  }

  /** What was said to be refused stays so, also when the disk takes writes again and the broker brings it once more. */
  #refuseForGood(id: string): void {
    this.#refused.add(id);
    for (const oldest of this.#refused) {
      if (this.#refused.size <= refusedKept) return;
      this.#refused.delete(oldest);
    }
  }

  #read(payload: Uint8Array, session: string): Genuine | CommandFault {
    const { claim } = this.#parts;
    const envelope = signedCommand.safeParse(parseJson(payload));
    if (!envelope.success) return 'malformed';
    const { payload: text, signature } = envelope.data;
    const key = publicKeyOf('ed25519', claim.doorAuthority.publicKey);
    const isGenuine =
      signature.kid === claim.doorAuthority.kid && verifyText(key, commandContext, text, signature.value);
    if (!isGenuine) return 'wrong-signature';
    const value = parseJson(Buffer.from(text));
    const header = commandHeader.safeParse(value);
    if (!header.success) return 'malformed';
    if (header.data.terminal !== claim.terminal) return 'wrong-terminal';
    if (header.data.session !== session) return 'wrong-session';
    return commandSchema.safeParse(value).data ?? header.data;
  }

  /** RECEIVED is on the disk before anything moves. Whatever goes wrong after that may have come too late to keep the door shut. */
  async #obey(command: Genuine): Promise<void> {
    const { store, journal, clock, log } = this.#parts;
    const row = journal.draft(commandEntry(command.id, 'RECEIVED', null));
    const known = await store.receiveCommand({ id: command.id, row });
    if (known !== 'new') return this.#report(command.id, known.state, known.reason);
    journal.appended();
    this.#report(command.id, 'RECEIVED', null);
    const isLate = clock.mono() > command.notAfterMonoMs;
    try {
      const end = isLate ? unlived('EXPIRED', null) : await this.#carryOut(command);
      await this.#end(command.id, end);
      end.afterwards?.();
    } catch (error) {
      log.error({ code: codeOf(error), command: command.id }, 'what became of a command could not be kept');
      this.#report(command.id, 'UNKNOWN', codeOf(error));
    }
  }

  #carryOut(command: Genuine): Promise<CommandEnd> {
    if (!command.action) return Promise.resolve(unlived('REFUSED', 'unsupported'));
    return this.#parts.carryOut(command);
  }

  async #end(id: string, { state, reason, rows }: CommandEnd): Promise<void> {
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

/** The end of a command that nobody tried to carry out. */
const unlived = (state: CommandEnd['state'], reason: string | null): CommandEnd => ({ state, reason, rows: [] });

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
