import { afterEach, describe, expect, test, vi } from 'vitest';
import { security } from '../osdp/acu/secure-bus.fixture.ts';
import type { ControlPanelEvent } from '../osdp/acu/panel-events.ts';
import type { PeripheralOptions } from '../osdp/pd/peripheral.ts';
import { Peripheral } from '../osdp/pd/peripheral.ts';
import { BOARD, security as deviceSecurity } from '../osdp/pd/wire-panel.fixture.ts';
import { MemoryKeyStore } from '../osdp/secure/key-store.ts';
import { systemClock } from '../units/time.ts';
import { ControlPanelLine } from './control-panel-line.ts';
import { memoryLinkPair } from './memory.ts';

const lines: ControlPanelLine[] = [];

afterEach(() => {
  for (const line of lines.splice(0)) line.stop();
});

/** A panel and one board in this program, joined anew for each connection. */
function connect(board: Partial<PeripheralOptions> = {}) {
  const device = new Peripheral({ ...BOARD, ...board });
  const bauds: number[] = [];
  const events: ControlPanelEvent[] = [];
  const keys = new MemoryKeyStore();
  const line = new ControlPanelLine({
    connect: (baud) => {
      bauds.push(baud);
      const [ours, theirs] = memoryLinkPair();
      theirs.onData((bytes) => {
        for (const reply of device.receive(bytes, systemClock.mono())) theirs.write(reply);
      });
      return Promise.resolve(ours);
    },
    clock: systemClock,
    baud: 115_200,
    devices: [{ address: 0 }],
    secure: security(keys),
    onEvent: (event) => events.push(event),
  });
  lines.push(line);
  line.start();
  return { line, device, bauds, events, keys };
}

describe('a panel on a line', () => {
  test('pairs a board, and talks to it in its channel', async () => {
    const { line, device, events, keys } = connect({ secure: deviceSecurity() });
    await vi.waitFor(() => expect(line.panel.device(0)?.phase).toBe('online'));
    line.panel.openPairingWindow(0, systemClock.mono() + 60_000);
    await vi.waitFor(() => expect(events.at(-1)).toMatchObject({ type: 'pairing', state: 'paired' }));
    expect(keys.get(0)?.current).toHaveLength(16);
    expect(device.secureStateAt(systemClock.mono())).toBe('secured');
    expect(await line.send(0, { kind: 'ostat' })).toMatchObject({ ok: true, reply: { kind: 'ostatr' } });
  });

  test('opens the line at another speed when its devices have gone there', async () => {
    const { line, bauds, events } = connect({ onComset: (wanted) => wanted });
    await vi.waitFor(() => expect(line.panel.device(0)?.phase).toBe('online'));
    expect(await line.send(0, { kind: 'comset', address: 3, baud: 9600 })).toMatchObject({ ok: true });
    await vi.waitFor(() => expect(line.panel.device(3)?.phase).toBe('online'));
    expect(bauds).toEqual([115_200, 9600]);
    expect(events).toContainEqual({ type: 'moved', address: 3, from: 0, to: 3, baud: 9600 });
  });
});

test('a key is not given by a command', async () => {
  const { line } = connect();
  await vi.waitFor(() => expect(line.panel.device(0)?.phase).toBe('online'));
  const keyset = { kind: 'keyset', keyType: 1, key: new Uint8Array(16) } as const;
  expect(() => line.send(0, keyset)).toThrow(expect.objectContaining({ code: 'osdp-command-reserved' }));
});
