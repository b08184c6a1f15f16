import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@gatecast/firmware-protocol';
import type { DoorConfig } from '@gatecast/firmware-protocol/messages';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DoorController, HardwareEvent } from './door-controller.ts';
import { benchDoor, benchHardware, type BenchLinks, type DoorBench } from './door-bench.fixture.ts';
import type { DoorHardware } from './hardware.ts';
import type { HoldingAgentTask } from './holding-agent.fixture.ts';

const holdingAgent = fileURLToPath(new URL('holding-agent.fixture.ts', import.meta.url));
/** Devices are given 8 s before they count as gone. */
const patient = { timeout: 15_000, interval: 20 };
const pulseMs = 1_000;
/** Earlier than asked never; later by what a busy machine takes. */
const earlyMs = 60;
const lateMs = 700;

/** A gate on the hardware of a bench, and the agent's own way to it. */
class BenchGate {
  readonly bench: DoorBench;
  readonly door: DoorConfig;
  links: BenchLinks = {};
  events: HardwareEvent[] = [];
  #hardware: DoorHardware | undefined;

  constructor(bench: DoorBench) {
    this.bench = bench;
    this.door = benchDoor(bench.hardware);
  }

  get entrance(): string {
    return this.door.entrance;
  }

  get doors(): DoorController {
    if (!this.#hardware) throw new Error('the gate was not started');
    return this.#hardware.doors;
  }

  async start(): Promise<void> {
    const events: HardwareEvent[] = [];
    this.events = events;
    this.#hardware = benchHardware(this.links, [this.door], { onHardware: (event) => events.push(event) });
    this.#hardware.start();
    await this.isOnline(true);
    await vi.waitFor(() => expect(this.doors.status(this.entrance).open).toBe(false), patient);
  }

  stop(): void {
    this.#hardware?.stop();
  }

  told(type: HardwareEvent['type']): HardwareEvent[] {
    return this.events.filter((event) => event.type === type);
  }

  async isOnline(online: boolean): Promise<void> {
    await vi.waitFor(() => expect(this.doors.health(this.entrance).online).toBe(online), patient);
  }

  async isReleased(released: boolean): Promise<void> {
    await vi.waitFor(async () => expect(await this.bench.lock()).toMatchObject({ released }), patient);
  }

  async pulseTook(wantedMs: number, laterMs = lateMs): Promise<void> {
    await this.isReleased(false);
    const { lastPulseMs } = await this.bench.lock();
    expect(lastPulseMs).toBeGreaterThanOrEqual(wantedMs - earlyMs);
    expect(lastPulseMs).toBeLessThanOrEqual(wantedMs + laterMs);
  }
}

/** What every way to door hardware has to keep, tried on hardware in its own process over the real protocol. */
export function doorControllerContract(name: string, newBench: () => DoorBench): void {
  describe(`a door on ${name}`, () => {
    const gate = new BenchGate(newBench());

    beforeAll(async () => {
      gate.links = await gate.bench.start();
    });
    afterAll(() => gate.bench.stop());
    beforeEach(() => gate.start());
    afterEach(() => gate.stop());

    hardwareTimesTheLock(gate);
    ordersEndAndNeverCutShort(gate);
    ordersAreInTimeAndInPlace(gate);
    lossIsTold(gate);
    standingIsTold(gate);
    // A networked relay has no exit button and no fire line that the terminal could see.
    if (gate.bench.wires) describe('with wires of its own', () => ownWiresComeFirst(gate));
  });
}

function hardwareTimesTheLock(gate: BenchGate): void {
  it('is released for as long as it was asked to', async () => {
    const { opens } = await gate.bench.lock();
    expect(await gate.doors.open(gate.entrance, pulseMs)).toBe('yes');
    expect(await gate.bench.lock()).toMatchObject({ released: true, opens: opens + 1 });
    await vi.waitFor(() => expect(gate.doors.status(gate.entrance).released).toBe(true), patient);
    await gate.pulseTook(pulseMs);
    await vi.waitFor(() => expect(gate.doors.status(gate.entrance).released).toBe(false), patient);
    expect(gate.told('lock')).toMatchObject([{ released: true }, { released: false }]);
  });

  it('is secured by its own hardware when the program stops in the middle of a pulse', async () => {
    expect(await gate.doors.open(gate.entrance, pulseMs)).toBe('yes');
    gate.stop();
    await gate.pulseTook(pulseMs);
  });

  it('is secured by its own hardware within 30 s when the program that holds it is killed', async () => {
    gate.stop();
    const task: HoldingAgentTask = { links: gate.links, door: gate.door, renewAfterMs: 1_500 };
    const agent = fork(holdingAgent, [JSON.stringify(task)]);
    expect((await once(agent, 'message'))[0]).toEqual(['yes', 'yes']);
    agent.kill('SIGKILL');
    await once(agent, 'exit');
    expect(await gate.bench.lock()).toMatchObject({ released: true });
    await vi.waitFor(async () => expect(await gate.bench.lock()).toMatchObject({ released: false }), {
      timeout: 33_000,
      interval: 100,
    });
    await gate.pulseTook(31_500, 2_500);
  }, 60_000);
}

function ordersEndAndNeverCutShort(gate: BenchGate): void {
  it('is secured when a hold is ended', async () => {
    expect(await gate.doors.hold(gate.entrance)).toBe('yes');
    await gate.isReleased(true);
    expect(await gate.doors.release(gate.entrance)).toBe('yes');
    await gate.isReleased(false);
  });

  it('is secured when a pulse is ended', async () => {
    await gate.doors.open(gate.entrance, 20_000);
    expect(await gate.doors.release(gate.entrance)).toBe('yes');
    await gate.isReleased(false);
  });

  it('stays released when somebody opens it for a moment in the middle of a hold', async () => {
    const { opens } = await gate.bench.lock();
    await gate.doors.hold(gate.entrance);
    expect(await gate.doors.open(gate.entrance, 500)).toBe('yes');
    const openedMono = systemClock.mono();
    await vi.waitFor(() => expect(systemClock.mono() - openedMono).toBeGreaterThan(1_500), patient);
    expect(await gate.bench.lock()).toMatchObject({ released: true, opens: opens + 1 });
    await gate.doors.release(gate.entrance);
    await gate.isReleased(false);
  });
}

function ordersAreInTimeAndInPlace(gate: BenchGate): void {
  it('obeys no order for another entrance', async () => {
    const { opens } = await gate.bench.lock();
    const other = benchDoor(gate.bench.hardware).entrance;
    expect(await gate.doors.open(other, pulseMs)).toBe('no');
    expect(await gate.doors.hold(other)).toBe('no');
    expect(await gate.doors.release(other)).toBe('no');
    expect(gate.doors.health(other).online).toBe(false);
    expect((await gate.bench.lock()).opens).toBe(opens);
  });

  it('opens nothing after the time by which the order had to leave', async () => {
    const { opens } = await gate.bench.lock();
    expect(await gate.doors.open(gate.entrance, pulseMs, systemClock.mono() - 1)).toBe('no');
    expect((await gate.bench.lock()).opens).toBe(opens);
  });
}

function lossIsTold(gate: BenchGate): void {
  it('tells that its hardware is gone, opens nothing late, and tells how it stands when it is back', async () => {
    const { opens } = await gate.bench.lock();
    await gate.bench.moveLeaf(true);
    await vi.waitFor(() => expect(gate.told('contact')).toHaveLength(2), patient);
    await gate.bench.cut();
    expect(await gate.doors.open(gate.entrance, pulseMs)).not.toBe('yes');
    await gate.isOnline(false);
    expect(gate.told('online')).toMatchObject([{ online: true }, { online: false }]);
    expect(await gate.doors.open(gate.entrance, pulseMs)).toBe('no');
    expect(gate.doors.status(gate.entrance)).toMatchObject({ released: null, open: null });
    gate.events.length = 0;
    await gate.bench.restore();
    await gate.isOnline(true);
    await vi.waitFor(() => expect(gate.told('contact')).toMatchObject([{ open: true, isFirst: true }]), patient);
    expect(gate.told('online')).toMatchObject([{ online: true }]);
    expect(await gate.bench.lock()).toMatchObject({ released: false, opens });
    await gate.bench.moveLeaf(false);
    await vi.waitFor(() => expect(gate.told('contact').at(-1)).toMatchObject({ open: false, isFirst: false }), patient);
    expect(await gate.doors.open(gate.entrance, pulseMs)).toBe('yes');
    await gate.isReleased(false);
  }, 40_000);

  it('may have opened when the order went out and its answer is lost', async () => {
    const { opens } = await gate.bench.lock();
    await gate.bench.loseAnswers(true);
    expect(await gate.doors.open(gate.entrance, pulseMs)).toBe('maybe');
    expect((await gate.bench.lock()).opens).toBe(opens + 1);
    expect(gate.doors.health(gate.entrance).timeouts).toBeGreaterThan(0);
    await gate.bench.loseAnswers(false);
    await gate.isOnline(true);
    await gate.isReleased(false);
  });
}

function standingIsTold(gate: BenchGate): void {
  it('says how it stands and how well it is reached', async () => {
    expect(gate.told('contact')).toEqual([{ type: 'contact', entrance: gate.entrance, open: false, isFirst: true }]);
    await gate.bench.moveLeaf(true);
    await vi.waitFor(() => expect(gate.doors.status(gate.entrance).open).toBe(true), patient);
    expect(gate.told('contact').at(-1)).toEqual({
      type: 'contact',
      entrance: gate.entrance,
      open: true,
      isFirst: false,
    });
    await gate.bench.moveLeaf(false);
    await vi.waitFor(() => expect(gate.doors.status(gate.entrance).open).toBe(false), patient);
    await gate.doors.open(gate.entrance, pulseMs);
    const { online, answeredAt, roundTripMs } = gate.doors.health(gate.entrance);
    expect(online).toBe(true);
    expect(systemClock.mono() - (answeredAt ?? 0)).toBeLessThan(2_000);
    expect(roundTripMs?.max).toBeGreaterThanOrEqual(roundTripMs?.last ?? Number.NaN);
    await gate.isReleased(false);
  });

  it('tells nothing after it was stopped, however often', async () => {
    gate.stop();
    gate.stop();
    gate.events.length = 0;
    await gate.bench.moveLeaf(true);
    await gate.bench.moveLeaf(false);
    expect(await gate.doors.open(gate.entrance, pulseMs)).not.toBe('yes');
    expect(gate.events).toEqual([]);
  });
}

function ownWiresComeFirst(gate: BenchGate): void {
  it('is released by its own exit button, which is told', async () => {
    await gate.bench.wires?.pressExit();
    await vi.waitFor(() => expect(gate.told('exit')).toHaveLength(1), patient);
    await gate.isReleased(true);
    await gate.doors.release(gate.entrance);
    expect(await gate.bench.lock()).toMatchObject({ released: true });
    await gate.isReleased(false);
  });

  it('is released by fire, and no order secures it while it burns', async () => {
    await gate.bench.wires?.setFire(true);
    await vi.waitFor(() => expect(gate.told('fire')).toMatchObject([{ active: true }]), patient);
    await gate.doors.release(gate.entrance);
    expect(await gate.bench.lock()).toMatchObject({ released: true });
    expect(gate.doors.status(gate.entrance).fire).toBe(true);
    await gate.bench.wires?.setFire(false);
    await gate.isReleased(false);
    await vi.waitFor(() => expect(gate.told('fire').at(-1)).toMatchObject({ active: false }), patient);
  });
}
