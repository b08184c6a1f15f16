import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { genesisHash } from '@gatecast/firmware-protocol/messages';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Store } from '../store/store.ts';
import { TerminalFixture } from '../terminal.fixture.ts';
import { rowsOfBatch } from './batch-rows.fixture.ts';

const appender = fileURLToPath(new URL('./appender.fixture.ts', import.meta.url));

describe('a terminal whose power is cut', () => {
  const fixture = new TerminalFixture();
  let dataDir: string;

  /** Lets the program write, kills it at once after `rows` rows, and returns the last sequence that it called written. */
  async function writeAndKill(rows: number): Promise<number> {
    const child = spawn(process.execPath, [appender, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
    const exit = once(child, 'exit');
    let last = 0;
    let printed = 0;
    for await (const line of createInterface(child.stdout)) {
      last = Math.max(last, Number(line));
      printed += 1;
      if (printed === rows) child.kill('SIGKILL');
    }
    await exit;
    return last;
  }

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'gatecast-crash-'));
    await fixture.furnish(dataDir, []);
  });
  afterAll(() => rmSync(dataDir, { recursive: true }));

  it('has every row that was called written, without a gap, in one chain, after each of several cuts', async () => {
    for (const rows of [1, 40, 7, 150]) {
      const written = await writeAndKill(rows);
      const store = new Store({ dataDir });
      await store.start();
      expect(store.snapshot.unclean).toBe(true);
      const batch = await store.nextBatch({ stream: 'door', rowsMax: 100_000, bytesMax: 100_000_000 });
      const key = { terminal: fixture.terminal, epoch: 1, stream: 'door' } as const;
      expect(rowsOfBatch(key, batch).length).toBeGreaterThanOrEqual(written);
      expect(batch).toMatchObject({ from: 1, prev: genesisHash });
      await store.stop();
    }
  });
});
