import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { ControlPanelEvent } from '../osdp/acu/panel-events.ts';
import { encodeFrame } from '../osdp/frame/frame.ts';
import { StreamParser } from '../osdp/frame/stream-parser.ts';
import type { StreamItem } from '../osdp/frame/stream-parser.ts';
import { ControlPanelLine } from '../transport/control-panel-line.ts';
import { tcpLink } from '../transport/tcp.ts';
import { systemClock } from '../units/time.ts';

const program = fileURLToPath(new URL('../../bin/gatecast-door-sim.js', import.meta.url));

interface RunningDoor {
  readonly child: ChildProcess;
  readonly linkPort: number;
  readonly url: string;
}

async function startDoor(env: Record<string, string> = {}): Promise<RunningDoor> {
  const child = spawn(process.execPath, [program], {
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      GATECAST_DOOR_NAME: 'North gate',
      ...env,
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface(child.stdout), 'line');
  const { linkPort, httpPort } = JSON.parse(String(line));
  return { child, linkPort, url: `http://127.0.0.1:${httpPort}` };
}

let door: RunningDoor;
let panel: ControlPanelLine;
const events: ControlPanelEvent[] = [];

async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(`${door.url}${path}`, { method: 'POST', body: text, headers });
}

async function state(): Promise<Record<string, unknown>> {
  const response = await fetch(`${door.url}/state`);
  return (await response.json()) as Record<string, unknown>;
}

function keys(): string {
  return events.map((event) => (event.type === 'keypad' ? event.keys : '')).join('');
}

beforeAll(async () => {
  door = await startDoor();
  panel = new ControlPanelLine({
    connect: tcpLink('127.0.0.1', door.linkPort),
    clock: systemClock,
    baud: 115_200,
    devices: [{ address: 0 }],
    onEvent: (event) => events.push(event),
  });
});

afterAll(async () => {
  panel.stop();
  if (door.child.exitCode === null) {
    door.child.kill('SIGTERM');
    await once(door.child, 'exit');
  }
});

test('without a controller the door says so and takes no keys', async () => {
  expect(await state()).toMatchObject({ name: 'North gate', lock: 'secured', contact: 'closed', linkOnline: false });
  const response = await post('/keypad', { digits: '1#' });
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ code: 'no-controller', status: 503 });
});

test('without a controller the exit button still opens, and falls back by itself', async () => {
  expect(await (await post('/exit', '')).json()).toMatchObject({ lock: 'released', opens: 1, exitPressed: true });
  await vi.waitFor(async () => expect(await state()).toMatchObject({ contact: 'open' }), { timeout: 3000 });
  await vi.waitFor(async () => expect(await state()).toMatchObject({ lock: 'secured', contact: 'closed' }), {
    timeout: 8000,
  });
  expect(await state()).toMatchObject({ opens: 1 });
});

test('a key arrives at the panel as KEYPAD, once and in order', async () => {
  panel.start();
  await vi.waitFor(() => expect(events.map(({ type }) => type)).toContain('online'), { timeout: 5000 });
  const typed = await post('/keypad', { digits: '0301*246813#' });
  expect(typed.status).toBe(200);
  await vi.waitFor(() => expect(keys()).toBe('0301*246813#'), { timeout: 5000 });
});

test('a pulse opens the door for its time and no longer, also when the panel is gone', async () => {
  const pulse = { kind: 'out', outputs: [{ output: 0, action: 'pulseOn', durationMs: 1000 }] } as const;
  expect(await panel.send(0, pulse)).toMatchObject({ ok: true, reply: { kind: 'ack' } });
  expect(await state()).toMatchObject({ lock: 'released', opens: 2 });
  panel.stop();
  await vi.waitFor(async () => expect(await state()).toMatchObject({ lock: 'secured', contact: 'closed' }), {
    timeout: 8000,
  });
  expect((await state())['lastPulseMs']).toBeGreaterThanOrEqual(990);
  expect((await state())['lastPulseMs']).toBeLessThan(1300);
  panel.start();
});

test('a card and a code arrive as RAW', async () => {
  events.length = 0;
  await vi.waitFor(async () => expect((await post('/card', { hex: 'D41B81', format: 'wiegand26' })).status).toBe(200));
  expect((await post('/qr', { text: 'gc1.你好' })).status).toBe(200);
  await vi.waitFor(() => expect(events.filter(({ type }) => type === 'raw')).toHaveLength(2), { timeout: 5000 });
  const [card, code] = events.flatMap((event) => (event.type === 'raw' ? [event] : []));
  expect(card).toMatchObject({ format: 1, bitCount: 26, bits: Uint8Array.of(0xea, 0x0d, 0xc0, 0x80) });
  expect(new TextDecoder().decode(code?.bits)).toBe('gc1.你好');
});

test.each([
  ['/keypad', { digits: '12a#' }, 400, 'body-invalid'],
  ['/keypad', '{', 400, 'json-invalid'],
  ['/keypad', '', 400, 'body-invalid'],
  ['/keypad', { digits: '1'.repeat(5000) }, 413, 'body-too-large'],
  ['/card', { hex: 'D41B', format: 'wiegand26' }, 400, 'body-invalid'],
  ['/qr', { text: 'x'.repeat(1025) }, 413, 'code-too-long'],
  ['/fault', { drop: 2 }, 400, 'body-invalid'],
  ['/state', {}, 405, 'method-not-allowed'],
  ['/nothing', {}, 404, 'not-found'],
])('POST %s with %j is refused', async (path, body, status, code) => {
  const response = await post(path, body);
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  expect(await response.json()).toMatchObject({ code, status });
});

test('a page of another origin cannot work the door', async () => {
  const response = await post('/exit', '', { origin: 'http://evil.example' });
  expect(await response.json()).toMatchObject({ code: 'origin-forbidden', status: 403 });
});

test('fire keeps the door open as long as it burns', async () => {
  expect(await (await post('/fire', { active: true })).json()).toMatchObject({ lock: 'released', fire: true });
  expect(await (await post('/fire', { active: false })).json()).toMatchObject({ lock: 'secured', fire: false });
});

test('an opened housing and failing mains arrive at the panel and are in the state', async () => {
  events.length = 0;
  expect(await (await post('/tamper', { active: true })).json()).toMatchObject({ tamper: true, powerFailed: false });
  expect(await (await post('/power', { failed: true })).json()).toMatchObject({ tamper: true, powerFailed: true });
  await vi.waitFor(() => expect(events.findLast(({ type }) => type === 'tamper')).toMatchObject({ tampered: true }), {
    timeout: 5000,
  });
  await post('/tamper', { active: false });
  await post('/power', { failed: false });
});

test('a contact that bounces is told flip by flip and ends as it was', async () => {
  events.length = 0;
  expect((await post('/bounce', { times: 3 })).status).toBe(200);
  const contacts = (): unknown[] => events.flatMap((event) => (event.type === 'input' ? [event.inputs[0]] : []));
  await vi.waitFor(() => expect(contacts()).toHaveLength(6), { timeout: 5000 });
  expect(contacts().at(-1)).toBe('inactive');
  expect(await state()).toMatchObject({ contact: 'closed', secure: 'plain', exitReader: null });
});

test('a scripted fault meets the frame that it is for, and the panel gets over it', async () => {
  const script = [
    { direction: 'reply', at: 1, fault: { kind: 'drop' } },
    { direction: 'reply', at: 3, fault: { kind: 'corrupt' } },
    { direction: 'command', at: 5, fault: { kind: 'split', gapMs: 20 } },
  ];
  events.length = 0;
  expect((await post('/fault', { script, wrongSequence: 0, side: 'entry', direction: 'reply' })).status).toBe(200);
  expect((await post('/keypad', { digits: '42#', side: 'entry' })).status).toBe(200);
  await vi.waitFor(() => expect(keys()).toBe('42#'), { timeout: 5000 });
});

test.each([
  ['/keypad', { digits: '1', side: 'exit' }, 409, 'no-exit-reader'],
  ['/fault', { drop: 0, side: 'exit' }, 409, 'no-exit-reader'],
  ['/bounce', { times: 0 }, 400, 'body-invalid'],
  ['/fault', { script: [{ direction: 'reply', fault: { kind: 'drop' } }] }, 400, 'body-invalid'],
])('POST %s with %j is refused by this door', async (path, body, status, code) => {
  const response = await post(path, body);
  expect(await response.json()).toMatchObject({ code, status });
  expect(response.status).toBe(status);
});

test('SIGTERM ends the program', async () => {
  door.child.kill('SIGTERM');
  const [code] = await once(door.child, 'exit');
  expect(code).toBe(0);
});

test('the program ends when the one that started it goes', async () => {
  const orphan = await startDoor({ GATECAST_PARENT_WATCH: '1' });
  orphan.child.stdin?.end();
  const [code] = await once(orphan.child, 'exit');
  expect(code).toBe(0);
});

test('a door with a reader inside is two devices on one line', async () => {
  const twin = await startDoor({ GATECAST_DOOR_EXIT_READER: '1' });
  const heard: ControlPanelEvent[] = [];
  const line = new ControlPanelLine({
    connect: tcpLink('127.0.0.1', twin.linkPort),
    clock: systemClock,
    baud: 115_200,
    devices: [{ address: 0 }, { address: 1 }],
    onEvent: (event) => heard.push(event),
  });
  line.start();
  const type = (side: string): Promise<Response> =>
    fetch(`${twin.url}/keypad`, { method: 'POST', body: JSON.stringify({ digits: '7', side }) });
  await vi.waitFor(async () => expect((await type('exit')).status).toBe(200), { timeout: 5000 });
  await vi.waitFor(async () => expect((await type('entry')).status).toBe(200), { timeout: 5000 });
  const typedAt = (address: number): boolean =>
    heard.some((event) => event.type === 'keypad' && event.address === address);
  await vi.waitFor(() => expect([typedAt(0), typedAt(1)]).toEqual([true, true]), { timeout: 5000 });
  line.stop();
  twin.child.kill('SIGTERM');
  await once(twin.child, 'exit');
});

test('a door with a key answers nobody in clear; one from the box waits for its first panel', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatecast-door-'));
  const keyFile = join(folder, 'keys.json');
  const key = '000102030405060708090A0B0C0D0E0F';
  await writeFile(keyFile, JSON.stringify({ devices: { entry: { key } } }));
  const keyed = await startDoor({ GATECAST_DOOR_KEY_FILE: keyFile });
  const link = await tcpLink('127.0.0.1', keyed.linkPort)();
  const codes: number[] = [];
  link.onData((bytes) => codes.push(...new StreamParser().push(bytes).flatMap(replyCode)));
  const plain = { direction: 'command', address: 0, check: 'crc', security: undefined, mac: undefined } as const;
  link.write(encodeFrame({ ...plain, sequence: 0, code: 0x61, data: Uint8Array.of(0) }));
  await vi.waitFor(() => expect(codes).toEqual([0x45]));
  link.write(encodeFrame({ ...plain, sequence: 1, code: 0x60, data: new Uint8Array() }));
  await vi.waitFor(() => expect(codes).toEqual([0x45, 0x41]));
  link.close();
  keyed.child.kill('SIGTERM');
  await once(keyed.child, 'exit');
  await rm(folder, { recursive: true });
});

function replyCode(item: StreamItem): number[] {
  return item.kind === 'frame' ? [item.frame.code] : [];
}

test('all faulty settings are told at once', async () => {
  const env = {
    PATH: process.env['PATH'],
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
    GATECAST_DOOR_LINK_PORT: 'x',
    GATECAST_FRAME_ANCESTORS: 'ftp://a *',
  };
  const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let told = '';
  child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
  const [code] = await once(child, 'exit');
  expect(code).toBe(1);
  expect(told).toContain('GATECAST_DOOR_LINK_PORT');
  expect(told).toContain('GATECAST_FRAME_ANCESTORS');
});
