import { systemClock } from '@gatecast/firmware-protocol';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { HardwareEvent } from '../door-controller.ts';
import { benchDoor } from '../door-bench.fixture.ts';
import { doorLink } from '../serial-line.ts';
import { SimulatedDoor } from '../simulated-door.fixture.ts';
import { ModbusDoors } from './modbus-doors.ts';
import type { ModbusDoor } from './modbus-wiring.ts';

const patient = { timeout: 15_000, interval: 20 };
/** How the simulated relay board is wired. */
const relayBoardHardware: ModbusDoor['hardware'] = {
  kind: 'modbus',
  unit: 1,
  lockRelay: 0,
  flashOn: true,
  untimedRelay: false,
  contactInput: 0,
  exitInput: 1,
  fireInput: 2,
};
const plain = { ...relayBoardHardware, flashOn: false, untimedRelay: true };
const plainBoard = { GATECAST_RELAY_SIM_FLASH_ON: '0' };

let board: SimulatedDoor;
let events: HardwareEvent[];
let logged: object[];
let running: ModbusDoors[];

/** The agent's doors on the simulated board. */
function startDoors(...doors: Parameters<typeof benchDoor>[]): { doors: ModbusDoors; entrances: string[] } {
  const configs = doors.map((door) => benchDoor(...door));
  const log = { warn: (facts: object) => logged.push(facts), error: (facts: object) => logged.push(facts) };
  const onHardware = (event: HardwareEvent) => events.push(event);
  const modbus = new ModbusDoors({ ...doorLink(board.link), clock: systemClock, doors: configs, onHardware, log });
  modbus.start();
  running.push(modbus);
  return { doors: modbus, entrances: configs.map(({ entrance }) => entrance) };
}

async function startBoard(settings: Record<string, string> = {}): Promise<void> {
  [events, logged, running] = [[], [], []];
  board = new SimulatedDoor({ GATECAST_RELAY_SIM_AUTO_WALK: '0', ...settings }, 'modbus');
  await board.start();
}

async function startDoor(...door: Parameters<typeof benchDoor>): Promise<{ doors: ModbusDoors; entrance: string }> {
  const { doors, entrances } = startDoors(door);
  const entrance = entrances[0] ?? '';
  await vi.waitFor(() => expect(doors.health(entrance).online).toBe(true), patient);
  return { doors, entrance };
}

const lockIs = (lock: 'released' | 'secured') =>
  vi.waitFor(async () => expect(await board.state()).toMatchObject({ lock }), patient);

afterEach(async () => {
  for (const doors of running) doors.stop();
  await board.stop();
});

describe('a door on a plain relay board', () => {
  it('is not driven unless the installer has allowed it', async () => {
    await startBoard(plainBoard);
    const { doors, entrances } = startDoors([{ ...plain, untimedRelay: false }]);
    const entrance = entrances[0] ?? '';
    expect(events).toEqual([{ type: 'fault', entrance, active: true }]);
    expect(logged).toMatchObject([{ code: 'untimed-relay', entrance }]);
    expect(await doors.open(entrance, 1_000)).toBe('no');
    expect(await doors.hold(entrance)).toBe('no');
    expect(doors.health(entrance).online).toBe(false);
    expect(await board.state()).toMatchObject({ opens: 0 });
  });

  it('is released for as long as it was asked to, and the log says once what that means', async () => {
    await startBoard(plainBoard);
    const { doors, entrance } = await startDoor(plain);
    expect(await doors.open(entrance, 1_000)).toBe('yes');
    expect(await board.state()).toMatchObject({ lock: 'released', opens: 1 });
    await lockIs('secured');
    const { lastPulseMs } = await board.state();
    expect(lastPulseMs).toBeGreaterThanOrEqual(950);
    expect(lastPulseMs).toBeLessThan(1_700);
    expect(logged).toMatchObject([{ code: 'untimed-relay-allowed', unit: 1 }]);
  });

  it('is secured before anything else when the program starts after a crash', async () => {
    await startBoard({ ...plainBoard, GATECAST_RELAY_SIM_RELAYS: '8' });
    const { doors, entrance } = await startDoor(plain);
    await board.act('fault', { drop: 1 });
    await vi.waitFor(() => expect(doors.health(entrance).online).toBe(false), patient);
    expect(await doors.open(entrance, 500)).toBe('no');
    await board.act('fault', { drop: 0 });
    await vi.waitFor(() => expect(doors.health(entrance).online).toBe(true), patient);
    expect(await doors.hold(entrance)).toBe('yes');
    await board.act('fault', { drop: 1 });
    doors.stop();
    expect(await board.state()).toMatchObject({ lock: 'released' });
    await board.act('fault', { drop: 0 });
    await startDoor(plain);
    expect(await board.state()).toMatchObject({ lock: 'secured' });
  });

  it('is secured when the program stops in the middle of a pulse', async () => {
    await startBoard(plainBoard);
    const { doors, entrance } = await startDoor(plain);
    await doors.hold(entrance);
    doors.stop();
    doors.stop();
    await lockIs('secured');
    const { lastPulseMs } = await board.state();
    expect(lastPulseMs).toBeLessThan(1_500);
  });

  it('is secured also when the order to secure it is lost', async () => {
    await startBoard(plainBoard);
    const { doors, entrance } = await startDoor(plain);
    expect(await doors.open(entrance, 600)).toBe('yes');
    await board.act('fault', { drop: 1 });
    const openedMono = systemClock.mono();
    await vi.waitFor(() => expect(systemClock.mono() - openedMono).toBeGreaterThan(1_200), patient);
    expect(await board.state()).toMatchObject({ lock: 'released' });
    await board.act('fault', { drop: 0 });
    await lockIs('secured');
  });

  it('stays released for a hold, whoever opens it in between, until it is released', async () => {
    await startBoard(plainBoard);
    const { doors, entrance } = await startDoor(plain);
    await doors.hold(entrance);
    expect(await doors.open(entrance, 500)).toBe('yes');
    const openedMono = systemClock.mono();
    await vi.waitFor(() => expect(systemClock.mono() - openedMono).toBeGreaterThan(1_000), patient);
    expect(await board.state()).toMatchObject({ lock: 'released', opens: 1 });
    expect(await doors.release(entrance)).toBe('yes');
    expect(await board.state()).toMatchObject({ lock: 'secured' });
  });

  it('is not driven while the board refuses to be switched off', async () => {
    await startBoard(plainBoard);
    await board.act('fault', { exception: 4 });
    const { doors, entrance } = await startDoor(plain);
    expect(events.slice(0, 3)).toEqual([
      { type: 'fault', entrance, active: true },
      { type: 'fault', entrance, active: false },
      { type: 'online', entrance, online: true },
    ]);
    expect(await doors.open(entrance, 500)).toBe('yes');
  });
});

describe.each([
  ['that times its relays', relayBoardHardware, {}],
  ['that times nothing', plain, plainBoard],
] as const)('a lift on a board %s', (_name, hardware, settings) => {
  const lift = { floors: [3, 5, 9].map((floor) => ({ floor, relay: floor + 1 })), releaseMs: 1_500 };
  const car = { ...hardware, lockRelay: 1 };

  it('comes when it is called', async () => {
    await startBoard(settings);
    const { doors, entrance } = await startDoor(car, { lift, openMs: 500 });
    expect(await doors.call(entrance)).toBe('yes');
    await vi.waitFor(async () => expect((await board.state()).lift?.calls).toBe(1), patient);
  });

  it('goes to the released floors only, and for their time only', async () => {
    await startBoard(settings);
    const { doors, entrance } = await startDoor(car, { lift });
    await expect(board.act('press', { floor: 5 })).rejects.toThrow('floor-locked');
    expect(await doors.releaseFloors(entrance, [5, 9, 77])).toBe('yes');
    expect((await board.state()).relays.flatMap((isOn, relay) => (isOn ? [relay] : []))).toEqual([6, 10]);
    await expect(board.act('press', { floor: 3 })).rejects.toThrow('floor-locked');
    await expect(board.act('press', { floor: 4 })).rejects.toThrow('floor-locked');
    await board.act('press', { floor: 5 });
    expect(await doors.releaseFloors(entrance, [4])).toBe('no');
    await vi.waitFor(async () => expect((await board.state()).relays).not.toContain(true), patient);
    expect(await doors.releaseFloors(entrance, 'all')).toBe('yes');
    expect((await board.state()).relays.flatMap((isOn, relay) => (isOn ? [relay] : []))).toEqual([4, 6, 10]);
  });
});

describe('a relay board', () => {
  it('with a door and a lift keeps them apart', async () => {
    await startBoard();
    const lift = { floors: [{ floor: 2, relay: 3 }], releaseMs: 1_000 };
    const { doors, entrances } = startDoors(
      [relayBoardHardware],
      [{ ...relayBoardHardware, lockRelay: 1, contactInput: null, exitInput: null, fireInput: null }, { lift }],
    );
    const [gate = '', car = ''] = entrances;
    await vi.waitFor(() => expect(doors.health(car).online).toBe(true), patient);
    expect(await doors.releaseFloors(gate, 'all')).toBe('no');
    expect(await doors.call(car)).toBe('yes');
    await vi.waitFor(() => expect(doors.status(car).released).toBe(true), patient);
    expect(doors.status(gate)).toMatchObject({ released: false, open: false });
    expect(doors.status(car).open).toBe(null);
    expect(await board.state()).toMatchObject({ lock: 'secured' });
  });

  it('that does not have what its wiring needs is a fault, told once', async () => {
    await startBoard();
    const { doors, entrance } = await startDoor({ ...relayBoardHardware, fireInput: 40 });
    await vi.waitFor(() => expect(events).toContainEqual({ type: 'fault', entrance, active: true }), patient);
    const { answeredAt } = doors.health(entrance);
    await vi.waitFor(() => expect(doors.health(entrance).answeredAt).toBeGreaterThan((answeredAt ?? 0) + 300), patient);
    expect(logged).toEqual([{ code: 'relay-board-refuses', unit: 1, refused: 'readInputs', exception: 2 }]);
    expect(await doors.open(entrance, 500)).toBe('yes');
  });

  it('whose relay falls off in the middle of a pulse is a fault until it obeys again', async () => {
    await startBoard();
    const { doors, entrance } = await startDoor(relayBoardHardware);
    expect(await doors.open(entrance, 20_000)).toBe('yes');
    await vi.waitFor(() => expect(doors.status(entrance).released).toBe(true), patient);
    await board.act('fault', { powerCut: 50 });
    await vi.waitFor(() => expect(events).toContainEqual({ type: 'fault', entrance, active: true }), patient);
    expect(await doors.open(entrance, 500)).toBe('yes');
    await vi.waitFor(() => expect(events).toContainEqual({ type: 'fault', entrance, active: false }), patient);
  });

  it('on a bad line does what it is told, once or more but never late', async () => {
    await startBoard();
    const { doors, entrance } = await startDoor(relayBoardHardware);
    await board.act('fault', { drop: 0.1, corrupt: 0.1, duplicate: 0.1, split: 0.2 });
    const obeyed: string[] = [];
    for (let order = 0; order < 10; order += 1) obeyed.push(await doors.open(entrance, 500));
    expect(obeyed.filter((one) => one === 'yes').length).toBeGreaterThanOrEqual(8);
    await board.act('fault', { drop: 0, corrupt: 0, duplicate: 0, split: 0 });
    await lockIs('secured');
    const { opens } = await board.state();
    const endedMono = systemClock.mono();
    await vi.waitFor(() => expect(systemClock.mono() - endedMono).toBeGreaterThan(2_500), patient);
    expect((await board.state()).opens).toBe(opens);
  });
});
