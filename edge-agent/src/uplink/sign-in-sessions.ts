import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { signInSession, type SignInSession } from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';
import { valueKeys } from '../store/snapshot.ts';
import type { Store } from '../store/store.ts';

const markBytes = 16;

const stored = z.object({
  epoch: z.int().positive(),
  session: signInSession,
  /** The cloud has taken it: the next sign-in is another one. */
  answered: z.boolean(),
});
type Stored = z.infer<typeof stored>;

/**
 * Where this terminal stands in the row of its sign-ins, on the disk before the cloud hears of it. A sign-in that was not answered is asked again as it
 * was; on a disk that takes nothing the last one is, which the cloud takes for a lost answer.
 */
export class SignInSessions {
  readonly #store: Pick<Store, 'snapshot' | 'setValue'>;
  readonly #epoch: number;
  readonly #machine: string;
  #last: Stored | undefined;

  constructor(
    store: Pick<Store, 'snapshot' | 'setValue'>,
    { terminal, epoch }: { readonly terminal: string; readonly epoch: number },
  ) {
    this.#store = store;
    this.#epoch = epoch;
    this.#machine = machineMark(terminal);
  }

  async next(): Promise<SignInSession> {
    const last = this.#last ?? this.#kept();
    if (last && !last.answered) return last.session;
    const session: SignInSession = {
      counter: (last?.session.counter ?? 0) + 1,
      mark: randomBytes(markBytes).toString('base64url'),
      prev: last?.session.mark ?? null,
      machine: this.#machine,
    };
    const fresh = { epoch: this.#epoch, session, answered: false };
    try {
      await this.#keep(fresh);
    } catch (error) {
      if (last) return last.session;
      throw error;
    }
    return session;
  }

  /** Rejects with `cannot-commit`; then the same sign-in is asked again, which does no harm. */
  async answered(session: SignInSession): Promise<void> {
    await this.#keep({ epoch: this.#epoch, session, answered: true });
  }

  async #keep(value: Stored): Promise<void> {
    await this.#store.setValue(valueKeys.signInSession, JSON.stringify(value));
    this.#last = value;
  }

  /** What stands on the disk of this epoch; a claim begins the row anew. */
  #kept(): Stored | undefined {
    const text = this.#store.snapshot.values.get(valueKeys.signInSession);
    const kept = text === undefined ? undefined : stored.parse(JSON.parse(text));
    return kept?.epoch === this.#epoch ? kept : undefined;
  }
}

/** Tells this machine from another, and says nothing else: a digest of systemd's machine id, with the terminal's id so that no two can be compared. */
function machineMark(terminal: string): string {
  return createHash('sha256')
    .update(`gatecast-machine-v1|${terminal}|${machineId()}`)
    .digest()
    .subarray(0, markBytes)
    .toString('base64url');
}

function machineId(): string {
  try {
    return readFileSync('/etc/machine-id', 'utf8').trim();
  } catch {
    // Where there is none, the name of the machine is the next best.
    return hostname();
  }
}
