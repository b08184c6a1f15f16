import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
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

beforeAll(async () => {
  door = new Program({
    name: 'door',
    entry: file('firmware-protocol/bin/gatecast-door-sim.js'),
    logFile: join(folder, 'door.log'),
    env: {},
  });
  await door.start();
  const device = await startBridge(Number(door.ready['linkPort']));
  const fixture = new TerminalFixture();
  await fixture.furnish(folder, [fixture.unitPin('1203', '739154')]);
  agent = new Program({
    name: 'agent',
    entry: file('edge-agent/bin/gatecast-agent.js'),
    logFile: join(folder, 'agent.log'),
    env: {
      GATECAST_DATA_DIR: folder,
      GATECAST_CLOUD_URL: 'http://127.0.0.1:9',
      GATECAST_DOOR_LINK: `serial:${device}?baud=9600`,
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

it('the agent opens a real serial device and the door behind it', async () => {
  const url = `http://127.0.0.1:${Number(door.ready['httpPort'])}`;
  const state = async () => (await (await fetch(`${url}/state`)).json()) as { linkOnline: boolean; opens: number };
  await waitUntil('the door to be polled over the serial device', async () => (await state()).linkOnline);
  const answer = await fetch(`${url}/keypad`, { method: 'POST', body: JSON.stringify({ digits: '1203*739154#' }) });
  expect(answer.ok).toBe(true);
  await waitUntil('the lock to be released', async () => (await state()).opens === 1);
});
