import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { TerminalFixture } from '@gatecast/edge-agent/terminal-fixture';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Program } from '../harness/program.ts';
import { waitUntil } from '../harness/wait-until.ts';

const file = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'gatecast-serial-'));
let door: Program;
let agent: Program;
let bridge: ChildProcess;

const url = () => `http://127.0.0.1:${Number(door.ready['httpPort'])}`;
const state = async () => (await (await fetch(`${url()}/state`)).json()) as { linkOnline: boolean; opens: number };
const type = (digits: string) => fetch(`${url()}/keypad`, { method: 'POST', body: JSON.stringify({ digits }) });

/** A pseudo-terminal is a native part, and not every system has a build of it. */
const isPtyHere =
  spawnSync(process.execPath, ['-e', "import('@lydell/node-pty')"], { cwd: file('tests') }).status === 0;
const withoutPty = isPtyHere ? '' : ' (skipped: @lydell/node-pty has no build for this system)';

/** Stands for the adapter's name under /dev, which stays the same when the device behind it does not. */
const adapter = join(folder, 'ttyUSB0');

/** The device's name, as the bridge prints it. */
function startBridge(port: number): Promise<string> {
  bridge = spawn(process.execPath, [file('tests/harness/pty-bridge.ts'), String(port)], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    bridge.once('exit', (status) => reject(new Error(`the bridge ended (${status})`)));
    if (bridge.stdout)
      createInterface({ input: bridge.stdout }).once('line', (line) =>
        resolve((JSON.parse(line) as { device: string }).device),
      );
  });
}

async function plugIn(): Promise<void> {
  symlinkSync(await startBridge(Number(door.ready['linkPort'])), adapter);
}

async function unplug(): Promise<void> {
  unlinkSync(adapter);
  bridge.removeAllListeners('exit');
  const gone = once(bridge, 'exit');
  bridge.kill();
  await gone;
}

beforeAll(async () => {
  if (!isPtyHere) return;
  door = new Program({
    name: 'door',
    entry: file('firmware-protocol/bin/gatecast-door-sim.js'),
    logFile: join(folder, 'door.log'),
    env: {},
  });
  await door.start();
  await plugIn();
  const fixture = new TerminalFixture();
  await fixture.furnish(folder, [fixture.unitPin('1203', '739154')]);
  agent = new Program({
    name: 'agent',
    entry: file('edge-agent/bin/gatecast-agent.js'),
    logFile: join(folder, 'agent.log'),
    env: {
      GATECAST_DATA_DIR: folder,
      GATECAST_CLOUD_URL: 'http://127.0.0.1:9',
      GATECAST_DOOR_LINK: `serial:${adapter}?baud=9600`,
    },
  });
  await agent.start();
});
afterAll(async () => {
  await agent?.stop();
  await door?.stop();
  bridge?.kill();
  rmSync(folder, { recursive: true, force: true });
});

it.skipIf(!isPtyHere)(`the agent opens a real serial device and the door behind it${withoutPty}`, async () => {
  await waitUntil('the door to be polled over the serial device', async () => (await state()).linkOnline);
  expect((await type('1203*739154#')).ok).toBe(true);
  await waitUntil('the lock to be released', async () => (await state()).opens === 1);
});

it.skipIf(!isPtyHere)(
  `an adapter that is pulled out and put back is found again without a restart${withoutPty}`,
  async () => {
    await unplug();
    await waitUntil('the door to be left alone', async () => !(await state()).linkOnline, { withinMs: 15_000 });
    await plugIn();
    await waitUntil('the door to be polled again', async () => (await state()).linkOnline, { withinMs: 20_000 });
    const { opens } = await state();
    await type('1203*739154#');
    await waitUntil('the lock to be released again', async () => (await state()).opens === opens + 1);
  },
  60_000,
);
