import type { Command } from '../messages/commands.ts';
import type { Reply } from '../messages/replies.ts';
import { CommandQueue } from './command-queue.ts';
import type { Work } from './command-queue.ts';
import type { KeyWrite } from './device-keys.ts';
import type { CommandFailure, CommandOutcome } from './panel-events.ts';

/** COMSET that waits until the device's key is stored for its new address. */
interface HeldMove {
  readonly work: Work;
  readonly write: KeyWrite;
}

export type OnOutcome = (commandId: number, command: Command, outcome: CommandOutcome) => void;

/** What a device was told to do: it waits, goes out, and ends with exactly one outcome. */
export class DeviceCommands {
  readonly queue = new CommandQueue();
  readonly #onOutcome: OnOutcome;
  #held: HeldMove | undefined;

  constructor(onOutcome: OnOutcome) {
    this.#onOutcome = onOutcome;
  }

  /** COMSET; `write` stores the key of the device for where it goes. False when it cannot wait. */
  addMove(work: Work, storeKey: () => KeyWrite | undefined): boolean {
    if (this.#held !== undefined) {
      return false;
    }
    const write = storeKey();
    if (write === undefined) {
      return this.queue.add(work);
    }
    this.#held = { work, write };
    return true;
  }

  /** Ends what must not be sent any more, and queues what had to wait for the key store. */
  advance(nowMs: number, isOnline: boolean): void {
    for (const work of this.queue.takeExpired(nowMs)) {
      this.fail(work, 'expired', { mayHaveRun: false });
    }
    const held = this.#held;
    if (held === undefined || held.write.state === 'pending') {
      return;
    }
    this.#held = undefined;
    if (held.write.state === 'failed') {
      this.fail(held.work, 'key-store', { mayHaveRun: false });
    } else if (!isOnline || !this.queue.add(held.work)) {
      this.fail(held.work, 'offline', { mayHaveRun: false });
    }
  }

  /** The device has refused it because it had lost its place: first of the next. One that is refused there as well was meant. */
  resend(work: Work, nakError: number): void {
    if (work.commandId === undefined) {
      return;
    }
    if (work.resent > 0) {
      this.fail(work, 'nak', { mayHaveRun: false, nakError });
    } else {
      this.queue.putBack({ ...work, resent: work.resent + 1 });
    }
  }

  succeed(work: Work, reply: Reply): void {
    this.#end(work, { ok: true, reply });
  }

  fail(work: Work, reason: CommandFailure, { mayHaveRun, nakError }: { mayHaveRun: boolean; nakError?: number }): void {
    this.#end(work, { ok: false, reason, mayHaveRun, nakError });
  }

  /** Everything that waits. */
  failAll(reason: CommandFailure): void {
    const held = this.#held === undefined ? [] : [this.#held.work];
    this.#held = undefined;
    for (const work of [...this.queue.takeAll(), ...held]) {
      this.fail(work, reason, { mayHaveRun: false });
    }
  }

  #end({ commandId, command }: Work, outcome: CommandOutcome): void {
    if (commandId !== undefined) {
      this.#onOutcome(commandId, command, outcome);
    }
  }
}
