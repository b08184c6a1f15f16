import { instant, MemoryKeyStore, systemClock } from '@gatecast/firmware-protocol';
import type { DoorConfig, DoorMode } from '@gatecast/firmware-protocol/messages';
import { DoorStation } from '@gatecast/firmware-protocol/sim';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { doorOf, KeptDoor } from './doorkeeper.fixture.ts';
import { credentialOf } from './right.fixture.ts';
import { createHardware } from './hardware.ts';
import { doorLink } from './serial-line.ts';

const soon = { timeout: 10_000, interval: 10 };

/** The doorkeeper with its own hardware on a byte link: what the simulated door does is what counts. */
describe('a door that is kept over its wire', () => {
  const config: DoorConfig = doorOf({
    readers: [
      { address: 0, reader: 0, side: 'entry' },
      { address: 1, reader: 0, side: 'exit' },
    ],
    openMs: 1_000,
    antiPassback: true,
  });
  let station: DoorStation;
  let door: KeptDoor;

  const lock = () => station.state().lock;
  const type = (digits: string, side: 'entry' | 'exit' = 'entry') =>
    station.act((hardware, nowMs) => hardware.readerOn(side)?.typeKeys(digits, nowMs));
  const setMode = (mode: DoorMode) => {
    const now = Date.now();
    door.configure({ override: { mode, from: instant(now), to: instant(now + 60_000) } });
  };
  const wires = () => door.keeper.standings()[0]?.readers.map(({ wire }) => wire);
  const readerRows = () => door.rows.filter(({ kind }) => kind === 'reader').map(({ body }) => body['state']);

  beforeEach(async () => {
    station = new DoorStation({
      name: 'Gate',
      card: 'D41B81',
      place: { port: 0 },
      clock: systemClock,
      autoWalk: false,
      hasExitReader: true,
    });
    const osdp = doorLink(`tcp://127.0.0.1:${await station.start()}`);
    const codes = { '111111': credentialOf(), '222222': credentialOf({ person: 'emergency' }) };
    const keys = new MemoryKeyStore();
    door = new KeptDoor(config, codes, new Map(), (doors, listeners) =>
      createHardware({
        ...listeners,
        links: { osdp },
        clock: systemClock,
        doors,
        secure: { keys, paired: new Set() },
        log: { error: () => {}, warn: () => {} },
      }),
    );
    door.configure({});
    await vi.waitFor(() => expect([door.state, wires()]).toEqual(['closed', ['plain', 'plain']]), soon);
  });
  afterEach(async () => {
    door.keeper.stop();
    await station.stop();
  });

  it('stands free for as long as it should, whoever types a code meanwhile, and is shut at once in a lockdown', async () => {
    setMode('free-passage');
    await vi.waitFor(() => expect(lock()).toBe('released'), soon);
    const { opens } = station.state();
    type('111111#');
    await vi.waitFor(() => expect(door.touches).toHaveLength(1), soon);
    // Longer than the pulse of the opening: it has not shortened the hold.
    const since = performance.now();
    await vi.waitFor(() => expect(performance.now() - since).toBeGreaterThan(1_500), soon);
    expect([lock(), station.state().opens]).toEqual(['released', opens]);
    setMode('lockdown');
    await vi.waitFor(() => expect(lock()).toBe('secured'), soon);
    type('111111#');
    await vi.waitFor(() => expect(door.refusals).toEqual(['lockdown']), soon);
    expect(lock()).toBe('secured');
    type('222222#');
    await vi.waitFor(() => expect(lock()).toBe('released'), soon);
  });

  it('lets people out in a lockdown: by the button, by a code inside, and when it burns', async () => {
    setMode('lockdown');
    await vi.waitFor(() => expect(door.mode).toBe('lockdown'), soon);
    type('111111#', 'exit');
    await vi.waitFor(() => expect(lock()).toBe('released'), soon);
    await vi.waitFor(() => expect(lock()).toBe('secured'), soon);
    station.act((hardware, nowMs) => hardware.setFire(true, nowMs));
    expect(lock()).toBe('released');
    await vi.waitFor(() => expect(door.state).toBe('fire-released'), soon);
    setMode('normal');
    setMode('lockdown');
    await vi.waitFor(() => expect(station.state().fire).toBe(true), soon);
    expect(lock()).toBe('released');
    station.act((hardware, nowMs) => hardware.setFire(false, nowMs));
    await vi.waitFor(() => expect([door.state, lock()]).toEqual(['closed', 'secured']), soon);
    station.act((hardware, nowMs) => hardware.pressExit(nowMs));
    expect(lock()).toBe('released');
    await vi.waitFor(() => expect(door.rows.some(({ kind }) => kind === 'exit')).toBe(true), soon);
  });

  it('pairs its readers in the window that the property manager opens, and opens over the secured wire', async () => {
    expect(door.keeper.pairReaders(config.entrance)).toBeNull();
    await vi.waitFor(() => expect(wires()).toEqual(['secured', 'secured']), soon);
    expect(readerRows().filter((state) => state === 'paired')).toHaveLength(2);
    type('111111#');
    await vi.waitFor(() => expect(lock()).toBe('released'), soon);
    expect(door.keeper.rotateKeys(config.entrance)).toBeNull();
    await vi.waitFor(() => expect(readerRows().filter((state) => state === 'key-changed')).toHaveLength(2), soon);
  });

  it('tells of a leaf that is forced, and of nothing when somebody walks through', async () => {
    station.act((hardware) => hardware.setContact(true));
    await vi.waitFor(() => expect(door.alarms).toEqual(['forced']), soon);
    station.act((hardware) => hardware.setContact(false));
    await vi.waitFor(() => expect(door.alarms).toEqual(['forced', 'forced over']), soon);
    type('111111#');
    await vi.waitFor(() => expect(lock()).toBe('released'), soon);
    station.act((hardware) => hardware.setContact(true));
    await vi.waitFor(() => expect(door.state).toBe('open'), soon);
    station.act((hardware) => hardware.setContact(false));
    await vi.waitFor(() => expect(door.state).toBe('closed'), soon);
    expect(door.alarms).toHaveLength(2);
  });

  it('suspects who comes in twice without having gone out', async () => {
    const pass = async (side: 'entry' | 'exit', times: number) => {
      type('111111#', side);
      await vi.waitFor(() => expect(door.rows.filter(({ kind }) => kind === 'opened')).toHaveLength(times), soon);
      await vi.waitFor(() => expect(lock()).toBe('secured'), soon);
    };
    await pass('entry', 1);
    await pass('exit', 2);
    await pass('entry', 3);
    await pass('entry', 4);
    expect(door.alarms).toEqual(['passback']);
  });
});
