import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { rawKey } from '@gatecast/firmware-protocol/messages';
import { newKeyPair, type RawKeyPair } from '@gatecast/firmware-protocol/node';
import { z } from 'zod';

/** The two key pairs that a terminal is born with. The private halves never leave its disk. */
export interface TerminalKeys {
  /** Ed25519: signs in. */
  readonly identity: RawKeyPair;
  /** X25519: what is sealed to this terminal opens with it. */
  readonly sealing: RawKeyPair;
}

const pair = z.object({ publicKey: rawKey, privateKey: rawKey });
const keyFile = z.object({ v: z.literal(1), identity: pair, sealing: pair });

/** The terminal's keys; made at the first start, in a file that only its owner may read. Throws for a damaged file, never replaces it. */
export function loadOrCreateKeys(dataDir: string): TerminalKeys {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, 'keys.json');
  if (!existsSync(path)) {
    writeDurably(
      dataDir,
      path,
      JSON.stringify({ v: 1, identity: newKeyPair('ed25519'), sealing: newKeyPair('x25519') }),
    );
  }
  return keyFile.parse(JSON.parse(readFileSync(path, 'utf8')));
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
