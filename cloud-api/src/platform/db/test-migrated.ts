import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '../log.ts';
import { openStore, type Store } from './store.ts';
import { strictStore } from './strict-store.fixture.ts';

let migratedFile: Promise<Buffer> | undefined;

/** A store in a new SQLite file. The migrations run once in a process: they cost more than most tests. */
export async function openMigrated(file: string): Promise<Store> {
  writeFileSync(file, await (migratedFile ??= migratedOnce()));
  return strictStore(await openStore(file, silentLog()));
}

async function migratedOnce(): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'gatecast-store-'));
  const file = join(folder, 'cloud.sqlite');
  await (await openStore(file, silentLog())).close();
  const bytes = readFileSync(file);
  rmSync(folder, { recursive: true });
  return bytes;
}
