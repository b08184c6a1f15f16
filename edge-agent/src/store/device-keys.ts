import { hkdfSync } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError, type KeyStore } from '@gatecast/firmware-protocol';
import { createSealedKeyStore, openSealedKeyStore } from '@gatecast/firmware-protocol/node';
import type { Log } from '../log.ts';
import type { KeyRing } from './identity.ts';

const purpose = 'gatecast-osdp-device-keys-v1';
const sealingKeyBytes = 32;

/**
 * The keys of the OSDP devices of this terminal, in a file that opens only beside the terminal's own keys; made at the first start. A file that cannot
 * be read is put aside and a new one begun: the door goes on, and {@link PairedDevices} knows which readers must not be spoken to in plain. A disk
 * that takes no file keeps nobody out, but no device can be paired. Rejects with DomainError `osdp-keys-exposed` when others may read the keys.
 */
export async function openDeviceKeys(
  dataDir: string,
  keys: Pick<KeyRing, 'atRest'>,
  log: Pick<Log, 'error'>,
): Promise<KeyStore> {
  const secret = Buffer.from(keys.atRest, 'base64url');
  const sealingKey = new Uint8Array(hkdfSync('sha256', secret, '', purpose, sealingKeyBytes));
  const options = { path: join(dataDir, 'device-keys'), sealingKey };
  try {
    return await openSealedKeyStore(options);
  } catch (error) {
    if (!isFault(error, 'osdp-keys-unreadable') && !isFault(error, 'osdp-keys-missing')) throw error;
    const fault = error.code === 'osdp-keys-unreadable' ? await putAside(options.path, log) : undefined;
    if (fault) return noKeys(fault, log);
  }
  try {
    return await createSealedKeyStore(options);
  } catch (error) {
    if (!isFault(error, 'osdp-keys-unwritable')) throw error;
    return noKeys(error, log);
  }
}

function noKeys(fault: DomainError, log: Pick<Log, 'error'>): KeyStore {
  log.error({ code: fault.code }, 'no device can be paired: its key could not be kept');
  return { get: () => undefined, put: () => Promise.reject(fault) };
}

/** Kept for whoever wants to know what became of it; an older one is replaced. Resolves with what kept the disk from it. */
async function putAside(path: string, log: Pick<Log, 'error'>): Promise<DomainError | undefined> {
  log.error({ code: 'osdp-keys-unreadable' }, 'the keys of the readers cannot be read: they have to be paired again');
  try {
    await rename(path, `${path}.unreadable`);
    return undefined;
  } catch (cause) {
    return new DomainError('osdp-keys-unwritable', 'the unreadable keys cannot be put aside', {}, { cause });
  }
}

const isFault = (error: unknown, code: string): error is DomainError =>
  error instanceof DomainError && error.code === code;
