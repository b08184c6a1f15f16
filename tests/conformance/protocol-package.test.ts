import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { on, once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../harness/free-port.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const name = '@gatecast/firmware-protocol';
/** The port that the examples of the README find each other on. */
const examplePort = '4100';

const comment = /\/\*[^]*?\*\/|\/\/.*$/gm;

const project = mkdtempSync(join(tmpdir(), 'gatecast-package-'));
const started: ChildProcess[] = [];

/** The example under a heading of the README, as a newcomer would paste it. */
function example(heading: string): string {
  const readme = readFileSync(join(project, 'node_modules', name, 'README.md'), 'utf8');
  const section = readme.split(/^#+ /m).find((text) => text.startsWith(`${heading}\n`));
  return /```js\n(?<code>[^`]+)```/.exec(section ?? '')?.groups?.['code'] ?? '';
}

function start(file: string, code: string): ChildProcess {
  writeFileSync(join(project, file), code);
  const child = spawn(process.execPath, [file], { cwd: project, stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  return child;
}

beforeAll(async () => {
  const { stdout } = await run('npm', ['run', '--silent', 'pack:protocol'], { cwd: root });
  const stage = stdout.trim();
  const packed = await run('npm', ['pack', '--silent', '--pack-destination', project, stage], { cwd: project });
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'alone', private: true, type: 'module' }));
  const flags = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  await run('npm', ['install', ...flags, join(project, packed.stdout.trim())], { cwd: project });
}, 180_000);

afterAll(() => {
  for (const child of started) child.kill();
  rmSync(project, { recursive: true, force: true });
});

it('brings nothing with it but zod, and cborg for passes', async () => {
  const { stdout } = await run('npm', ['ls', '--all', '--parseable'], { cwd: project });
  const installed = stdout.trim().split('\n').slice(1);
  expect(new Set(installed.map((path) => path.split('node_modules/').at(-1)))).toEqual(new Set([name, 'zod', 'cborg']));
});

/** Lines that a program prints, until one is as wanted. */
async function firstLine(child: ChildProcess, isWanted: (line: string) => boolean): Promise<string> {
  if (!child.stdout) throw new Error('the program has no output');
  const lines = createInterface(child.stdout);
  for await (const [line] of on(lines, 'line', { signal: AbortSignal.timeout(30_000) })) {
    if (isWanted(String(line))) return String(line);
  }
  throw new Error('the program has ended');
}

it('opens a door from the two examples of its README, each in a process of its own', async () => {
  const [panel, device] = [example('A control panel'), example('A peripheral')];
  const port = String(await freePort(0));
  start('device.js', device.replaceAll(examplePort, port));
  const line = await firstLine(start('panel.js', panel.replaceAll(examplePort, port)), () => true);
  expect(line).toContain('ok: true');
}, 40_000);

it('pairs the device of its command line from the example of its README', async () => {
  const port = String(await freePort(0));
  const pd = spawn('npx', ['gatecast-osdp', 'pd', '--listen', port, '--install'], { cwd: project });
  started.push(pd);
  await firstLine(pd, (line) => line.includes('ready'));
  const panel = start('secure-panel.js', example('In a secure channel').replaceAll(examplePort, port));
  const line = await firstLine(panel, (text) => text.includes("type: 'pairing'"));
  expect(line).toContain("state: 'paired'");
  pd.stdin.end();
}, 40_000);

it('records a bus as the example of its README does, and its command reads the record', async () => {
  const port = String(await freePort(0));
  start('recorded-device.js', example('A peripheral').replaceAll(examplePort, port));
  const panel = `import { ControlPanelLine } from '${name}';
const onEvent = async ({ type }) => {
  if (type !== 'online') return;
  panel.stop();
  await recording.stop();
  console.log('recorded');
};
const panel = new ControlPanelLine({ connect, clock: systemClock, baud: 9600, devices: [{ address: 0 }], onEvent });
panel.start();
`;
  await firstLine(start('recorder.js', example('Recording a bus').replaceAll(examplePort, port) + panel), () => true);
  const { stdout } = await run('npx', ['gatecast-osdp', 'decode', '--json', 'bus.osdpcap'], { cwd: project });
  expect(stdout).toContain('"PDID"');
}, 40_000);

it('switches a relay from the example of its README', async () => {
  const board = `import { systemClock } from '${name}';
import { RelayBoardStation } from '${name}/sim';
const place = { port: 0 };
const board = new RelayBoardStation({ name: 'Board', place, clock: systemClock, unit: 1, relays: 8, flashOn: true });
console.log(await board.start());
board.watch(({ lock }) => console.log(lock));
`;
  const hardware = start('board.js', board);
  const port = await firstLine(hardware, () => true);
  start('relay.js', example('A relay board on Modbus RTU').replaceAll('4200', port));
  expect(await firstLine(hardware, (line) => line === 'released')).toBe('released');
}, 40_000);

it('has types that a strict project compiles against', async () => {
  const code = `import { ControlPanel, type ControlPanelEvent } from '${name}';
import { aes128 } from '${name}/node';
const heard: ControlPanelEvent[] = [];
const panel = new ControlPanel({ baud: 9600, devices: [{ address: 0 }], onEvent: (event) => heard.push(event) });
export const bytes: Uint8Array | undefined = panel.nextTransmission(0);
export const block: Uint8Array = aes128(new Uint8Array(16)).encrypt(new Uint8Array(16));
// @ts-expect-error a panel without a speed has no idea of time
new ControlPanel({ devices: [], onEvent: () => {} });
`;
  writeFileSync(join(project, 'strict.ts'), code);
  const tsc = join(root, 'node_modules', '.bin', 'tsc');
  const flags = ['--noEmit', '--strict', '--module', 'NodeNext', '--target', 'ES2023', '--skipLibCheck', '--types', ''];
  await run(tsc, [...flags, 'strict.ts'], { cwd: project });
});

it.each(['index.js', 'messages/index.js', 'pass/index.js'])(
  'loads %s in a browser: nothing of Node is in it',
  (entry) => {
    const seen = new Set<string>();
    const walk = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      const code = readFileSync(file, 'utf8').replaceAll(comment, '');
      expect(code, file).not.toMatch(/\bprocess\.|\bBuffer\.|\brequire\(/);
      for (const [, wanted = ''] of code.matchAll(/(?:from|import\() ?'(?<wanted>[^']+)'/g)) {
        if (wanted.startsWith('.')) walk(join(dirname(file), wanted));
        else expect(['zod', 'cborg'], file).toContain(wanted);
      }
    };
    walk(join(project, 'node_modules', name, 'dist', entry));
    expect(seen.size).toBeGreaterThan(6);
  },
);

it('brings a simulated door to try a panel with, and the names of the messages', async () => {
  const code = `import { ControlPanelLine, systemClock } from '${name}';
import { topicsOf } from '${name}/messages';
import { tcpLink } from '${name}/node';
import { DoorStation } from '${name}/sim';
const door = new DoorStation({ name: 'Gate', card: 'D41B81', place: { port: 0 }, clock: systemClock });
const connect = tcpLink('127.0.0.1', await door.start());
const pulse = { kind: 'out', outputs: [{ output: 0, action: 'pulseOn', durationMs: 3000 }] };
const onEvent = async ({ type, address }) => {
  if (type !== 'online') return;
  const { ok } = await panel.send(address, pulse);
  console.log(JSON.stringify({ ok, lock: door.state().lock, topic: topicsOf('term_1').presence }));
  panel.stop();
  await door.stop();
};
const panel = new ControlPanelLine({ connect, clock: systemClock, baud: 9600, devices: [{ address: 0 }], onEvent });
panel.start();
`;
  const line = await firstLine(start('sim.js', code), () => true);
  expect(JSON.parse(line)).toEqual({ ok: true, lock: 'released', topic: 'gc/v1/t/term_1/up/presence' });
}, 40_000);

describe('its command', () => {
  const command = (...args: string[]): ChildProcess => {
    const child = spawn('npx', ['gatecast-osdp', ...args], { cwd: project });
    started.push(child);
    return child;
  };

  it('tells what a frame says', async () => {
    const { stdout } = await run('npx', ['gatecast-osdp', 'decode', '--json', 'FF5365080004606090'], { cwd: project });
    expect(JSON.parse(stdout)).toMatchObject({ name: 'POLL', address: 101, check: 'ok' });
  });

  it('finds the device that it is itself', async () => {
    const port = String(await freePort(0));
    const device = command('pd', '--listen', port, '--address', '17');
    await firstLine(device, (line) => line.includes('ready'));
    const found = command('discover', `tcp://127.0.0.1:${port}`, '--addresses', '16-18', '--json');
    const line = await firstLine(found, () => true);
    expect(JSON.parse(line)).toMatchObject({ address: 17, answer: 'readable' });
    device.stdin?.end();
  }, 40_000);

  it('listens to a line', async () => {
    const talk = createServer((line) => line.write(Buffer.from('FF5365080004606090', 'hex')));
    talk.listen(0, '127.0.0.1');
    await once(talk, 'listening');
    const { port } = talk.address() as AddressInfo;
    const line = await firstLine(command('sniff', `tcp://127.0.0.1:${port}`, '--json'), () => true);
    expect(JSON.parse(line)).toMatchObject({ name: 'POLL', address: 101, check: 'ok' });
    talk.close();
  }, 40_000);
});
