import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TerminalFixture } from '@gatecast/edge-agent/terminal-fixture';
import { Program } from '../harness/program.ts';
import type { Bench } from './bench.ts';
import { DoorBoard } from './door-board.ts';
import { quantile, rounded } from './median.ts';

const openings = 1_000;
const openingsWithDead = 300;
const deadDevices = 3;
const unit = '1203';
const pin = '739154';
const baud = 115_200;

/**
 * From the last key byte on the link to the last byte of the OUT command on it, for the agent as a program of its own, at a board that speaks
 * OSDP over TCP. `wireMs` is what these bytes alone take at 115200 baud (8N1, ten bits a byte): no controller can be faster.
 */
export const run: Bench = async (say) => {
  const idle = await measure(openings, 0, say);
  const withDead = await measure(openingsWithDead, deadDevices, say);
  return {
    p50Ms: rounded(quantile(idle.delaysMs, 0.5)),
    p99Ms: rounded(quantile(idle.delaysMs, 0.99)),
    p50Ms3Dead: rounded(quantile(withDead.delaysMs, 0.5)),
    p99Ms3Dead: rounded(quantile(withDead.delaysMs, 0.99)),
    wireMs: rounded((idle.outBytes * 10 * 1_000) / baud),
    openings,
  };
};

async function measure(count: number, dead: number, say: (line: string) => void) {
  const dataDir = mkdtempSync(join(tmpdir(), 'gatecast-bench-'));
  const fixture = new TerminalFixture();
  await fixture.furnish(dataDir, [fixture.unitPin(unit, pin)], { more: dead });
  const board = new DoorBoard();
  const agent = new Program({
    name: 'agent',
    entry: fileURLToPath(new URL('../../edge-agent/bin/gatecast-agent.js', import.meta.url)),
    logFile: join(dataDir, 'log'),
    env: {
      GATECAST_DATA_DIR: dataDir,
      // Nobody listens there: the uplink is dead.
      GATECAST_CLOUD_URL: 'http://127.0.0.1:9',
      GATECAST_DOOR_LINK: `tcp://127.0.0.1:${await board.start()}`,
      GATECAST_SCREEN_PORT: '0',
      GATECAST_LOG_LEVEL: 'warn',
    },
  });
  try {
    await agent.start();
    await board.online();
    const delaysMs: number[] = [];
    for (let i = 0; i < count; i += 1) delaysMs.push(await board.openBy(`${unit}*${pin}#`));
    say(`${count} openings with ${dead} dead devices: p50 ${rounded(quantile(delaysMs, 0.5))} ms`);
    return { delaysMs, outBytes: board.outBytes };
  } finally {
    await agent.stop();
    await board.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
