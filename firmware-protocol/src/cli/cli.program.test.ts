import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { ControlPanelEvent } from '../osdp/acu/panel-events.ts';
import { ControlPanelLine } from '../transport/control-panel-line.ts';
import { unixLink } from '../transport/unix.ts';
import { systemClock } from '../units/time.ts';
import { objects, program, runProgram } from './program.fixture.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatecast-osdp-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('decode prints one object a frame', async () => {
  const { code, out } = await runProgram(
    'decode',
    '--json',
    'FF53001000066800036400010678000B5B',
    '538014000645000EE31010000074972306061B88',
  );
  expect(code).toBe(0);
  expect(objects(out)).toMatchObject([
    { direction: 'command', address: 0, sequence: 2, code: 0x68, name: 'OUT', check: 'ok', mac: 'none' },
    { direction: 'reply', name: 'PDID', check: 'ok', data: { identity: { vendor: '000EE3' } } },
  ]);
});

test('a frame with a wrong check is shown as such, one in a secure channel as unreadable', async () => {
  const { code, out } = await runProgram(
    'decode',
    '--json',
    '538008000540689E',
    'FF53001E000E021768F7EFA0D4764A4E29267596F216D8A9E8C5887608B908',
  );
  expect(code).toBe(0);
  expect(objects(out)).toMatchObject([
    { name: 'ACK', check: 'bad' },
    { name: 'OUT', check: 'ok', mac: 'unknown-key', data: { encrypted: 'F7EFA0D4764A4E29267596F216D8A9E8' } },
  ]);
});

test('decode reads a capture file', async () => {
  const file = join(folder, 'door.osdpcap');
  const packets = ['FF-53-00-08-00-06-60-89-CC', '53-80-08-00-05-40-68-9F'];
  const lines = packets.map((data) => JSON.stringify({ timeSec: '1', timeNano: '0', io: 'trace', data }));
  await writeFile(file, `${lines.join('\n')}\n`);
  const { out } = await runProgram('decode', '--json', file);
  expect(objects(out)).toMatchObject([{ name: 'POLL' }, { name: 'ACK' }]);
});

test('bytes that are no frame are named on standard error, and the rest is decoded', async () => {
  const { code, out, err } = await runProgram('decode', '--json', '0102', '538008000540689F');
  expect(code).toBe(1);
  expect(err).toContain('no frame (noise): 0102');
  expect(objects(out)).toMatchObject([{ name: 'ACK' }]);
});

test.each([
  [[], 'A subcommand is missing.'],
  [['sing'], 'There is no subcommand "sing".'],
  [['decode'], 'decode needs frames'],
  [['decode', '--key', 'beef', '00'], '--key is 32 hexadecimal digits, or ADDRESS= and these.'],
  [['decode', '--key-file', 'nowhere', '00'], 'The key file nowhere cannot be read.'],
  [['decode', '--loud', '00'], "Unknown option '--loud'"],
  [['discover'], 'A link to search is needed, once.'],
  [['discover', 'unix:/x', '--addresses', '5-200'], '--addresses is A-B'],
  [['discover', 'unix:/x', '--addresses', '9-5'], '--addresses is A-B'],
  [['discover', 'unix:/x', '--baud', '9600'], '--baud is for serial ports'],
  [['discover', 'serial:/dev/ttyS0', '--baud', '9600,fast'], 'A baud is a number'],
  [['sniff'], 'A link to listen to is needed, once.'],
  [['sniff', 'tcp://door'], 'A link is tcp://host:port'],
  [['sniff', 'serial:/dev/ttyS0?baud=1'], 'A baud is a number from 300'],
  [['sniff', 'unix:/x', '--write', '/nowhere/at/all'], '/nowhere/at/all cannot be written.'],
  [['decode', 'nothing.osdpcap'], 'neither hexadecimal nor a file'],
  [['pd', '--address', '200'], '--address is a number from 0 to 126.'],
])('%j is a usage error', async (args, message) => {
  const { code, err } = await runProgram(...args);
  expect(code).toBe(2);
  expect(err).toContain(message);
  expect(err).toContain('usage: gatecast-osdp');
});

test.each([
  ['decode', '--json|--key|--key-file'],
  ['sniff', 'LINK|--write|--json|--key'],
  ['discover', 'LINK|--baud|--addresses|--json'],
  [
    'pd',
    '--listen|--address|--baud|--describe|--key-file|--install|--require-secure|card BITS|input N on|tamper|power',
  ],
])('%s --help explains each option', async (subcommand, words) => {
  const { code, out } = await runProgram(subcommand, '--help');
  expect(code).toBe(0);
  const explanation = out.slice(out.indexOf('\n'));
  expect(words.split('|').filter((word) => !explanation.includes(word))).toEqual([]);
});

test('a serial port that is not there is told in one sentence', async () => {
  const { code, err } = await runProgram('sniff', 'serial:/nowhere/ttyUSB9');
  expect(code).toBe(1);
  expect(err).toMatch(/^The serial port cannot be opened: No such file or directory.*\n$/);
});

test('pd is a device on a link: what is typed into it arrives at a panel', async () => {
  const path = join(folder, 'line.sock');
  const child = spawn(process.execPath, [program, 'pd', '--listen', `unix:${path}`, '--address', '3'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(createInterface(child.stdout), 'line');
  const events: ControlPanelEvent[] = [];
  const connect = unixLink(path);
  const onEvent = (event: ControlPanelEvent): unknown => events.push(event);
  const panel = new ControlPanelLine({
    connect,
    clock: systemClock,
    baud: 115_200,
    devices: [{ address: 3 }],
    onEvent,
  });
  panel.start();
  await vi.waitFor(() => expect(events.map(({ type }) => type)).toContain('online'), { timeout: 5000 });
  child.stdin.write('42#\n');
  await vi.waitFor(() => expect(events.filter(({ type }) => type === 'keypad')).toHaveLength(3), { timeout: 5000 });
  panel.stop();
  child.stdin.end();
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
});
