import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { rawKey } from '@gatecast/firmware-protocol/messages';
import { newKeyPair, type RawKeyPair } from '@gatecast/firmware-protocol/node';
import { z } from 'zod';

/** The two key pairs that a terminal has. The private halves never leave its disk. */
export interface TerminalKeys {
  /** Ed25519: signs in. */
  readonly identity: RawKeyPair;
  /** X25519: what is sealed to this terminal opens with it. */
  readonly sealing: RawKeyPair;
}

const pair = z.object({ publicKey: rawKey, privateKey: rawKey });
const pairs = z.object({ identity: pair, sealing: pair });
/** An agent from before keys were replaced reads the two pairs and passes over the rest. */
const keyFile = pairs.extend({
  v: z.literal(1),
  /** Made, and perhaps known to the cloud already: a crash may come between. */
  next: pairs.optional(),
  /** Newest first: documents on the disk may still be sealed to them. */
  previous: z.array(pairs).optional(),
  /** What the keys at rest are derived from: the first sealing key, whatever the cloud knows since. */
  atRest: rawKey.optional(),
  /** UTC ms at which these keys came, by a clock that was known. */
  since: z.int().nonnegative().optional(),
});
type KeyFile = z.infer<typeof keyFile>;

/** More rotations than happen before every document was sealed anew. */
const previousMax = 4;

/**
 * The terminal's keys in a file that only its owner may read. Each change is one whole file in place of another, so that after a crash there is the
 * state before or the state after it.
 */
export class KeyRing implements TerminalKeys {
  readonly #dataDir: string;
  #file: KeyFile;

  constructor(dataDir: string, file: KeyFile) {
    this.#dataDir = dataDir;
    this.#file = file;
  }

  get identity(): RawKeyPair {
    return this.#file.identity;
  }

  get sealing(): RawKeyPair {
    return this.#file.sealing;
  }

  /** Every pair that something may be sealed to, the present one first. */
  get sealingPairs(): readonly RawKeyPair[] {
    const { sealing, previous = [] } = this.#file;
    return [sealing, ...previous.map((one) => one.sealing)];
  }

  get next(): TerminalKeys | undefined {
    return this.#file.next;
  }

  /** Private half of the pair from which the keys at rest are derived; it stays when the others change. */
  get atRest(): string {
    return this.#file.atRest ?? this.#file.sealing.privateKey;
  }

  get since(): number | undefined {
    return this.#file.since;
  }

  /** The keys that will come next, made once: asking the cloud again means asking for the same. Throws the system's error. */
  begin(): TerminalKeys {
    const next = this.#file.next ?? newPairs();
    if (!this.#file.next) this.#save({ ...this.#file, next });
    return next;
  }

  /** The cloud knows the next keys: they are the present ones. Throws the system's error. */
  promote(at: number): void {
    const { next, identity, sealing, previous = [] } = this.#file;
    if (!next) return;
    const kept = [{ identity, sealing }, ...previous].slice(0, previousMax);
    this.#save({ v: 1, ...next, previous: kept, atRest: this.atRest, since: at });
  }

  /** From here on the age of the keys counts. Throws the system's error. */
  dateFrom(at: number): void {
    this.#save({ ...this.#file, since: at });
  }

  /** Another machine from here on, for everybody but its own readers. Throws the system's error. */
  startOver(): void {
    this.#save({ v: 1, ...newPairs(), atRest: this.atRest });
  }

  #save(file: KeyFile): void {
    writeDurably(this.#dataDir, pathIn(this.#dataDir), JSON.stringify(file));
    this.#file = file;
  }
}

const pathIn = (dataDir: string): string => join(dataDir, 'keys.json');
const newPairs = (): TerminalKeys => ({ identity: newKeyPair('ed25519'), sealing: newKeyPair('x25519') });

/** The terminal's keys; made at the first start, in a file that only its owner may read. Throws for a damaged file, never replaces it. */
export function loadOrCreateKeys(dataDir: string): KeyRing {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const path = pathIn(dataDir);
  if (!existsSync(path)) writeDurably(dataDir, path, JSON.stringify({ v: 1, ...newPairs() }));
  // A backup that was put back by hand may have come without its mode.
  chmodSync(path, 0o600);
  return new KeyRing(dataDir, keyFile.parse(JSON.parse(readFileSync(path, 'utf8'))));
}

/** Bytes, then name, each synced: after a power cut there is the whole file or none. */
function writeDurably(dir: string, path: string, text: string): void {
  const draft = `${path}.new`;
  const file = openSync(draft, 'w', 0o600);
  writeSync(file, text);
  fsyncSync(file);
  closeSync(file);
  renameSync(draft, path);
  const folder = openSync(dir, 'r');
  fsyncSync(folder);
  closeSync(folder);
}
