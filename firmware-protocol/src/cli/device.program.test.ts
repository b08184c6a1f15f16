import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { aes128 } from '../node/aes.ts';
import type { ControlPanelEvent } from '../osdp/acu/panel-events.ts';
import type { OsdpFrame, Sequence } from '../osdp/frame/frame.ts';
import { encodeFrame } from '../osdp/frame/frame.ts';
import { StreamParser } from '../osdp/frame/stream-parser.ts';
import type { Command } from '../osdp/messages/commands.ts';
import { encodeCommand } from '../osdp/messages/commands.ts';
import { decodeReply } from '../osdp/messages/replies.ts';
import type { KeyStore } from '../osdp/secure/key-store.ts';
import { MemoryKeyStore } from '../osdp/secure/key-store.ts';
import { ControlPanelLine } from '../transport/control-panel-line.ts';
import type { ByteLink } from '../transport/link.ts';
import { tcpLink } from '../transport/tcp.ts';
import { systemClock } from '../units/time.ts';

const program = fileURLToPath(new URL('../../bin/gatecast-osdp.js', import.meta.url));
const description = {
  identity: { vendor: '0a1b2c', model: 9, version: 2, serial: 1_000, firmware: { major: 3, minor: 1, build: 4 } },
  inputs: 2,
  outputs: 4,
  readers: 1,
};
const key = '000102030405060708090A0B0C0D0E0F';
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatecast-pd-'));
  await writeFile(join(folder, 'board.json'), JSON.stringify(description));
  await writeFile(join(folder, 'bad.json'), JSON.stringify({ ...description, outputs: -1, colour: 'red' }));
  await writeFile(join(folder, 'keys.json'), JSON.stringify({ devices: { '0': { key } } }));
  await writeFile(join(folder, 'torn.json'), '{"devices":');
});
afterAll(() => rm(folder, { recursive: true }));

/** `pd` with these arguments; files are named as they lie in the test's folder. */
function start(args: readonly string[]): ChildProcessWithoutNullStreams {
  const placed = args.map((arg) => (arg.endsWith('.json') ? join(folder, arg) : arg));
  return spawn(process.execPath, [program, 'pd', ...placed]);
}

class RunningDevice {
  readonly child: ChildProcessWithoutNullStreams;
  readonly told: unknown[] = [];
  readonly frames: OsdpFrame[] = [];
  #link: ByteLink | undefined;

  constructor(args: readonly string[]) {
    this.child = start(args);
  }

  /** The port of its link. */
  async ready(): Promise<number> {
    const lines = createInterface(this.child.stdout);
    const [ready] = await once(lines, 'line');
    lines.on('line', (line) => this.told.push(JSON.parse(line)));
    return JSON.parse(String(ready)).linkPort;
  }

  async connect(): Promise<this> {
    this.#link = await tcpLink('127.0.0.1', await this.ready())();
    const parser = new StreamParser();
    this.#link.onData((bytes) => {
      for (const item of parser.push(bytes)) {
        if (item.kind === 'frame') {
          this.frames.push(item.frame);
        }
      }
    });
    return this;
  }

  async ask(address: number, sequence: Sequence, command: Command): Promise<unknown> {
    this.frames.length = 0;
    const content = { direction: 'command', check: 'crc', security: undefined, mac: undefined } as const;
    this.#link?.write(encodeFrame({ ...content, address, sequence, ...encodeCommand(command) }));
    await vi.waitFor(() => expect(this.frames).toHaveLength(1), { timeout: 5000 });
    const [frame] = this.frames;
    return frame && decodeReply(frame.code, frame.data);
  }

  async stop(): Promise<unknown> {
    this.#link?.close();
    this.child.stdin.end();
    const [code] = await once(this.child, 'exit');
    return code;
  }
}

test('several devices of one description are on one line, each with its own serial number', async () => {
  const running = await new RunningDevice(['--address', '0,3', '--describe', 'board.json']).connect();
  const { identity } = description;
  const vendor = '0A1B2C';
  expect(await running.ask(0, 0, { kind: 'id' })).toEqual({ kind: 'pdid', identity: { ...identity, vendor } });
  expect(await running.ask(3, 0, { kind: 'id' })).toMatchObject({ identity: { serial: 1_001 } });
  expect(await running.ask(3, 1, { kind: 'ostat' })).toMatchObject({ outputs: [false, false, false, false] });
  expect(await running.stop()).toBe(0);
});

test('what a line on standard input says happens to its device', async () => {
  const running = await new RunningDevice(['--address', '0,3']).connect();
  running.child.stdin.write('7\n3: tamper on\n3: card 1010\n3: input 1 on\n');
  const poll: Command = { kind: 'poll' };
  await running.ask(0, 0, { kind: 'id' });
  await vi.waitFor(async () => expect(await running.ask(0, 0, poll)).toMatchObject({ kind: 'keypad', keys: '7' }));
  expect(await running.ask(3, 0, poll)).toMatchObject({ kind: 'lstatr', tampered: true });
  expect(await running.ask(3, 1, poll)).toMatchObject({ kind: 'raw', bitCount: 4, bits: Uint8Array.of(0xa0) });
  expect(await running.ask(3, 2, poll)).toMatchObject({ kind: 'istatr', inputs: ['inactive', 'active', 'inactive'] });
  await vi.waitFor(
    () => expect(running.told).toContainEqual(expect.objectContaining({ address: 3, online: true, secure: 'plain' })),
    { timeout: 5000 },
  );
  expect(await running.stop()).toBe(0);
});

test('a line that says nothing is refused on standard error', async () => {
  const running = await new RunningDevice([]).connect();
  let refused = '';
  running.child.stderr.on('data', (chunk: Buffer) => (refused += chunk.toString()));
  running.child.stdin.write('sing\n9: 1\ninput 8 on\n');
  await vi.waitFor(() => expect(refused.trim().split('\n')).toHaveLength(3), { timeout: 5000 });
  expect(refused).toContain('a line is [ADDRESS:]');
  expect(refused).toContain('no device has address 9');
  expect(refused).toContain('the device has inputs 0 to 2');
  await running.stop();
});

test('a device with a key that requires a channel answers nothing else in clear', async () => {
  const running = await new RunningDevice(['--key-file', 'keys.json', '--require-secure']).connect();
  expect(await running.ask(0, 0, { kind: 'id' })).toMatchObject({ kind: 'pdid' });
  expect(await running.ask(0, 1, { kind: 'poll' })).toMatchObject({ kind: 'nak', error: 6 });
  expect(await running.stop()).toBe(0);
});

describe('a device that a panel pairs', () => {
  const store = new MemoryKeyStore();
  const pulse: Command = { kind: 'out', outputs: [{ output: 0, action: 'pulseOn', durationMs: 2_000 }] };

  function startPanel(port: number, keys: KeyStore | undefined) {
    const events: ControlPanelEvent[] = [];
    const line = new ControlPanelLine({
      connect: tcpLink('127.0.0.1', port),
      clock: systemClock,
      baud: 115_200,
      devices: [{ address: 0 }],
      onEvent: (event) => events.push(event),
      ...(keys && { secure: { newCipher: aes128, random: (bytes) => randomBytes(bytes), keys } }),
    });
    line.start();
    return { line, events };
  }

  test('gets its key, keeps it over a restart, and answers no panel without it', async () => {
    const kept = ['--key-file', 'paired.json', '--require-secure'];
    const fresh = new RunningDevice([...kept, '--install']);
    const first = startPanel(await fresh.ready(), store);
    first.line.panel.openPairingWindow(0, systemClock.mono() + 20_000);
    const paired = expect.objectContaining({ type: 'pairing', state: 'paired' });
    await vi.waitFor(() => expect(first.events).toContainEqual(paired), { timeout: 10_000 });
    first.line.stop();
    await fresh.stop();

    const again = new RunningDevice(kept);
    const port = await again.ready();
    const second = startPanel(port, store);
    again.child.stdin.write('5#\n');
    const keysOf = (): string => second.events.map((event) => (event.type === 'keypad' ? event.keys : '')).join('');
    await vi.waitFor(() => expect(keysOf()).toBe('5#'), { timeout: 10_000 });
    expect(await second.line.send(0, pulse)).toMatchObject({ ok: true });
    const secured = expect.objectContaining({ secure: 'secured', outputs: [true] });
    await vi.waitFor(() => expect(again.told).toContainEqual(secured), { timeout: 5000 });
    second.line.stop();

    const stranger = startPanel(port, undefined);
    const refused = await stranger.line.send(0, pulse, { expiresAtMs: systemClock.mono() + 3_000 });
    expect(refused.ok).toBe(false);
    stranger.line.stop();
    await again.stop();
  });
});

test.each([
  [['--describe', 'bad.json'], 'outputs'],
  [['--describe', 'bad.json'], 'colour'],
  [['--describe', 'torn.json'], 'is not JSON.'],
  [['--describe', 'nothing.json'], 'cannot be read.'],
  [['--key-file', 'torn.json'], 'is not JSON.'],
  [['--key-file', 'board.json'], 'is not what devices keep'],
  [['--require-secure'], 'Device 0 has no key to require'],
  [['--address', '1,2,1'], '--address names a device twice.'],
  [['--address', '1,x'], '--address is a number from 0 to 126.'],
  [['--baud', '300'], '--baud is a number from 1200 to 1000000.'],
])('pd %j is a usage error', async (args, message) => {
  const child = start(args);
  let told = '';
  child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
  const [code] = await once(child, 'close');
  expect(told).toContain(message);
  expect(code).toBe(2);
});
