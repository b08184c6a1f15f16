import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { MasterEvent } from '../modbus/master-events.ts';
import { flashOn, relayBoardUnit, switchRelay } from '../modbus/relay-board.ts';
import type { LinkFactory } from '../transport/link.ts';
import { ModbusLine } from '../transport/modbus-line.ts';
import { tcpLink } from '../transport/tcp.ts';
import { systemClock } from '../units/time.ts';
import type { RelaySiteState } from './relay-board-site.ts';

const program = fileURLToPath(new URL('../../bin/gatecast-relay-sim.js', import.meta.url));
const patience = { timeout: 10_000, interval: 20 };
const unit = 7;

let child: ChildProcess;
let url: string;
let connect: LinkFactory;
let line: ModbusLine;
let events: MasterEvent[];

const spawnBoard = (env: Record<string, string>) =>
  spawn(process.execPath, [program], {
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      GATECAST_RELAY_SIM_UNIT: String(unit),
      ...env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });

async function begin(env: Record<string, string> = {}, canFlash = true): Promise<void> {
  const started = spawnBoard(env);
  child = started;
  const [ready] = await once(createInterface(started.stdout), 'line');
  const { linkPort, httpPort } = JSON.parse(String(ready));
  url = `http://127.0.0.1:${httpPort}`;
  connect = tcpLink('127.0.0.1', linkPort);
  await startMaster(canFlash);
}

async function startMaster(canFlash: boolean): Promise<void> {
  line = new ModbusLine({
    connect,
    clock: systemClock,
    baud: 115_200,
    units: [relayBoardUnit({ unit, relays: 16, inputs: 3, flashOn: canFlash })],
    onEvent: (event) => events.push(event),
  });
  line.start();
  await vi.waitFor(() => expect(line.master.unit(unit)?.isOnline).toBe(true), patience);
}

const post = (path: string, body: unknown): Promise<Response> =>
  fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body) });
const state = async (): Promise<RelaySiteState> => (await (await fetch(`${url}/state`)).json()) as RelaySiteState;
const lastInputs = () => {
  const last = events.findLast((event) => event.type === 'polled' && event.request.kind === 'readInputs');
  return last?.type === 'polled' && last.response.kind === 'readInputs' ? last.response.values.slice(0, 3) : [];
};

beforeEach(() => {
  events = [];
});
afterEach(async () => {
  line.stop();
  if (child.exitCode === null) {
    const exit = once(child, 'exit');
    child.kill();
    await exit;
  }
});

describe('the simulated relay board', () => {
  test('times a pulse by itself, also when its master is gone', async () => {
    await begin({ GATECAST_RELAY_SIM_AUTO_WALK: '0' });
    expect(await line.send(unit, flashOn(0, 2_000), { urgent: true })).toMatchObject({ ok: true });
    // Long enough to be seen on a machine that is busy with others.
    expect(await state()).toMatchObject({ lock: 'released', opens: 1 });
    line.stop();
    await vi.waitFor(async () => expect(await state()).toMatchObject({ lock: 'secured' }), patience);
    const { lastPulseMs } = await state();
    expect(lastPulseMs).toBeGreaterThanOrEqual(1_950);
    expect(lastPulseMs).toBeLessThan(4_000);
  });

  test('tells contact, exit button and fire line, which act past the relay', async () => {
    await begin();
    expect(await (await post('/fire', { active: true })).json()).toMatchObject({ lock: 'released', fire: true });
    await vi.waitFor(() => expect(lastInputs()).toEqual([true, false, true]), patience);
    await line.send(unit, switchRelay(0, false));
    expect(await state()).toMatchObject({ lock: 'released' });
    await post('/fire', { active: false });
    await post('/contact', { open: false });
    await vi.waitFor(() => expect(lastInputs()).toEqual([false, false, false]), patience);
    await post('/exit', {});
    await vi.waitFor(() => expect(lastInputs()[1]).toBe(true), patience);
    expect(await state()).toMatchObject({ lock: 'released', exitPressed: true });
  });

  test('has a lift whose buttons work only while their floors are released', async () => {
    await begin();
    const floor = 5;
    const refused = await post('/press', { floor });
    expect([refused.status, await refused.json()]).toMatchObject([409, { code: 'floor-locked' }]);
    expect((await post('/press', { floor: 99 })).status).toBe(404);
    const relay = (await state()).lift.floors.find((each) => each.floor === floor)?.relay ?? Number.NaN;
    await line.send(unit, flashOn(relay, 5_000));
    expect((await post('/press', { floor })).status).toBe(200);
    await vi.waitFor(async () => expect((await state()).lift).toMatchObject({ at: floor, to: null }), patience);
    await line.send(unit, flashOn(1, 500));
    expect((await state()).lift).toMatchObject({ to: 1, calls: 1 });
    await vi.waitFor(async () => expect((await state()).lift).toMatchObject({ at: 1, door: 'open' }), patience);
  });

  test('refuses flash-on when it cannot, and is switched off as a whole by the next master', async () => {
    await begin({ GATECAST_RELAY_SIM_FLASH_ON: '0' }, false);
    expect(await line.send(unit, flashOn(0, 700))).toMatchObject({ reason: 'exception', exception: 2 });
    expect(await line.send(unit, switchRelay(0, true))).toMatchObject({ ok: true });
    line.stop();
    expect(await state()).toMatchObject({ lock: 'released' });
    await startMaster(false);
    expect(await state()).toMatchObject({ lock: 'secured' });
  });

  test('is obeyed on a bad line, and starts with all relays off after a power cut', async () => {
    await begin();
    await post('/fault', { drop: 0.1, corrupt: 0.1, duplicate: 0.1, split: 0.2 });
    const orders = Array.from({ length: 8 }, (_, relay) => line.send(unit, flashOn(relay, 30_000)));
    expect((await Promise.all(orders)).map(({ ok }) => ok)).toEqual(Array<boolean>(8).fill(true));
    expect((await state()).relays.slice(0, 8)).toEqual(Array<boolean>(8).fill(true));
    await post('/fault', { powerCut: 200 });
    expect((await state()).relays).not.toContain(true);
  });

  test('obeys and says nothing when its obedience is to be lost, and refuses what it is told to refuse', async () => {
    await begin();
    await post('/fault', { losesObedience: true });
    const expiresAtMs = systemClock.mono() + 500;
    const outcome = await line.send(unit, flashOn(0, 500), { expiresAtMs });
    expect(outcome).toMatchObject({ ok: false, reason: 'expired', mayHaveRun: true });
    expect((await state()).opens).toBeGreaterThanOrEqual(1);
    await post('/fault', { losesObedience: false, exception: 4 });
    expect(await line.send(unit, flashOn(0, 500))).toMatchObject({ reason: 'exception', exception: 4 });
  });

  test('shows a page', async () => {
    await begin();
    const page = await (await fetch(url)).text();
    expect(page).toContain('/relay.js');
    expect((await fetch(`${url}/relay.js`)).headers.get('content-type')).toContain('javascript');
    expect((await fetch(`${url}/door.html`)).status).toBe(404);
  });
});

test('all faulty settings are told at once', async () => {
  const started = spawnBoard({ GATECAST_RELAY_SIM_UNIT: '0', GATECAST_RELAY_SIM_RELAYS: '99' });
  child = started;
  const [said, [code]] = await Promise.all([text(started.stderr), once(started, 'exit')]);
  expect(code).toBe(1);
  expect(said).toContain('GATECAST_RELAY_SIM_UNIT');
  expect(said).toContain('GATECAST_RELAY_SIM_RELAYS');
});
