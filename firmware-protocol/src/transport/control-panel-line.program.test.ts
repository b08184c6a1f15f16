import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ControlPanelEvent } from '../osdp/acu/panel-events.ts';
import type { DoorStationOptions } from '../sim/door-station.ts';
import { DoorStation } from '../sim/door-station.ts';
import { systemClock } from '../units/time.ts';
import { ControlPanelLine } from './control-panel-line.ts';
import { tcpLink } from './tcp.ts';

const patience = { timeout: 8000 };
const pulse = { kind: 'out', outputs: [{ output: 0, action: 'pulseOn', durationMs: 500 }] } as const;

function newStation(port: number, options: Partial<DoorStationOptions> = {}): DoorStation {
  return new DoorStation({ name: 'gate', card: 'D41B81', place: { port }, clock: systemClock, ...options });
}

describe('a panel on a TCP link', () => {
  let station: DoorStation;
  let port: number;
  let line: ControlPanelLine;
  let events: ControlPanelEvent[];
  let links: boolean[];

  const keys = (): string => events.map((event) => (event.type === 'keypad' ? event.keys : '')).join('');
  const count = (type: ControlPanelEvent['type']): number => events.filter((event) => event.type === type).length;

  async function begin(options: Partial<DoorStationOptions> = {}): Promise<void> {
    station = newStation(0, options);
    port = await station.start();
    line = new ControlPanelLine({
      connect: tcpLink('127.0.0.1', port),
      clock: systemClock,
      baud: options.baud ?? 115_200,
      devices: [{ address: 0 }],
      onEvent: (event) => events.push(event),
      onLink: (isUp) => links.push(isUp),
    });
    line.start();
    await vi.waitFor(() => expect(count('online')).toBe(1), patience);
  }

  beforeEach(() => {
    events = [];
    links = [];
  });
  afterEach(async () => {
    line.stop();
    await station.stop();
  });

  test('finds the hardware again after the link broke and the board was exchanged', async () => {
    await begin();
    await station.stop();
    await vi.waitFor(() => expect(links).toContain(false), patience);
    const again = newStation(port);
    await again.start();
    await vi.waitFor(() => expect(count('restarted')).toBe(1), patience);
    expect(count('offline')).toBe(0);
    again.act((door, nowMs) => door.readerOn('entry')?.typeKeys('12#', nowMs));
    await vi.waitFor(() => expect(keys()).toBe('12#'), patience);
    expect(await line.send(0, pulse)).toMatchObject({ ok: true });
    line.stop();
    await again.stop();
  });

  test('loses no key and doubles none on a bad line', async () => {
    await begin();
    station.setFaults({ drop: 0.15, corrupt: 0.1, duplicate: 0.15 });
    station.act((door, nowMs) => door.readerOn('entry')?.typeKeys('0301*123456#', nowMs));
    await vi.waitFor(() => expect(keys()).toBe('0301*123456#'), { timeout: 15_000 });
  });

  test('repeats a command to a busy board', async () => {
    await begin();
    station.act((door) => door.board.answerBusy(2));
    expect(await line.send(0, pulse)).toMatchObject({ ok: true });
    expect(line.panel.device(0)?.metrics.busy).toBe(2);
  });

  test('works at the pace of a slow wire', async () => {
    await begin({ baud: 9600 });
    const startMs = systemClock.mono();
    expect(await line.send(0, pulse)).toMatchObject({ ok: true });
    // OUT and ACK are 13 and 9 characters.
    expect(systemClock.mono() - startMs).toBeGreaterThanOrEqual(20);
  });

  test('a pulse that is sent while the board has no power expires and opens nothing later', async () => {
    await begin();
    station.disturb({ kind: 'powerCut', durationMs: 1500 });
    const outcome = await line.send(0, pulse, { expiresAtMs: systemClock.mono() + 600 });
    expect(outcome).toMatchObject({ ok: false, reason: 'expired', mayHaveRun: true });
    await vi.waitFor(() => expect(station.state().linkOnline).toBe(true), patience);
    expect(station.state()).toMatchObject({ opens: 0, lock: 'secured' });
  });

  test('stopping ends what waits', async () => {
    await begin();
    station.setFaults({ drop: 1 });
    const sent = line.send(0, pulse);
    line.stop();
    expect(await sent).toMatchObject({ ok: false, reason: 'removed' });
  });
});

test('a command before any link is refused, not kept', async () => {
  const connect = (): Promise<never> => Promise.reject(new Error('no such line'));
  const links: unknown[] = [];
  const line = new ControlPanelLine({
    connect,
    clock: systemClock,
    baud: 9600,
    devices: [{ address: 0 }],
    onEvent: () => {},
    onLink: (isUp, error) => links.push([isUp, error?.message]),
  });
  line.start();
  expect(await line.send(0, pulse)).toMatchObject({ ok: false, reason: 'offline' });
  await vi.waitFor(() => expect(links.length).toBeGreaterThanOrEqual(2), patience);
  expect(links[0]).toEqual([false, 'no such line']);
  line.stop();
});
