import { existsSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { diskOf } from '../health/machine.ts';
import type { Finding } from './finding.ts';

const mebibyte = 1_048_576;
const diskFullMb = 64;
const diskLowMb = 512;
/** Bits of a file's mode that let others than its owner at it. */
const othersMode = 0o077;
/** Files of the data folder that hold keys. */
const keyFiles = /^(keys\.json|device-keys)/;

/** Whether the data folder can be used, and how full its disk is. Writes nothing. */
export async function checkDisk(dataDir: string): Promise<Finding[]> {
  if (!existsSync(dataDir)) return [{ check: 'data', state: 'bad', code: 'data-missing', about: dataDir }];
  const { freeBytes, writable } = await diskOf(dataDir);
  const data: Finding = writable
    ? { check: 'data', state: 'good', code: 'data-writable', about: dataDir }
    : { check: 'data', state: 'bad', code: 'data-read-only', about: dataDir };
  return freeBytes === null ? [data] : [data, spaceLeft(Math.floor(freeBytes / mebibyte))];
}

function spaceLeft(mb: number): Finding {
  const about = String(mb);
  if (mb < diskFullMb) return { check: 'disk', state: 'bad', code: 'disk-full', about };
  if (mb < diskLowMb) return { check: 'disk', state: 'warn', code: 'disk-low', about };
  return { check: 'disk', state: 'good', code: 'disk-good', about };
}

export function checkKeys(dataDir: string): Finding {
  const files = existsSync(dataDir) ? readdirSync(dataDir).filter((name) => keyFiles.test(name)) : [];
  if (files.length === 0) return { check: 'keys', state: 'warn', code: 'keys-none' };
  const open = files.filter((name) => (statSync(join(dataDir, name)).mode & othersMode) !== 0);
  if (open.length === 0) return { check: 'keys', state: 'good', code: 'keys-private' };
  return { check: 'keys', state: 'bad', code: 'keys-open', about: open.join(', ') };
}

/** Only where no agent runs: its own would be found taken. */
export async function checkScreenPort(port: number): Promise<Finding> {
  const about = `127.0.0.1:${port}`;
  const isFree = await new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
  return isFree
    ? { check: 'screen', state: 'good', code: 'screen-port-free', about }
    : { check: 'screen', state: 'bad', code: 'screen-port-taken', about };
}
