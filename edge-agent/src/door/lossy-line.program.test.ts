import { MemoryKeyStore, systemClock } from '@gatecast/firmware-protocol';
import { DoorStation } from '@gatecast/firmware-protocol/sim';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { doorOf, KeptDoor } from './doorkeeper.fixture.ts';
import { credentialOf } from './right.fixture.ts';
import { createHardware } from './hardware.ts';
import { doorLink } from './serial-line.ts';

/** From the last key at the reader to the lock. */
const actuateMsMax = 2_000;
const lines = 4;
const entriesPerLine = 25;
/** A quick hand. */
const keyEveryMs = 100;
const code = '481516#';
const faults = { drop: 0.05, corrupt: 0.05, duplicate: 0.05, delayMs: 5 };
const seed = Date.now() % 0x1_0000_0000;

/** Mulberry32: the same faults for the same seed. */
function randomFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** A door at the end of a line, and somebody who comes home again and again. */
class BadLine {
  readonly #station: DoorStation;
  readonly #isPaired: boolean;
  #door: KeptDoor | undefined;

  /** `isPaired`: the line is spoken on in a secure channel. */
  constructor(random: () => number, isPaired: boolean) {
    this.#isPaired = isPaired;
    this.#station = new DoorStation({
      name: 'Gate',
      card: 'D41B81',
      place: { port: 0 },
      clock: systemClock,
      autoWalk: false,
      random,
    });
  }

  async start(): Promise<void> {
    const links = { osdp: doorLink(`tcp://127.0.0.1:${await this.#station.start()}`) };
    const config = doorOf({ openMs: 500 });
    const door = new KeptDoor(config, { '481516': credentialOf() }, new Map(), (doors, listeners) =>
      createHardware({
        ...listeners,
        links,
        clock: systemClock,
        doors,
        secure: { keys: new MemoryKeyStore(), paired: new Set() },
        log: { error: () => {}, warn: () => {} },
      }),
    );
    this.#door = door;
    door.configure({});
    await vi.waitFor(() => expect([door.state, wireOf(door)]).toEqual(['closed', 'plain']), { timeout: 10_000 });
    if (this.#isPaired) {
      door.keeper.pairReaders(door.entrance);
      await vi.waitFor(() => expect(wireOf(door)).toBe('secured'), { timeout: 10_000 });
    }
    this.#station.setFaults(faults);
  }

  async stop(): Promise<void> {
    this.#door?.keeper.stop();
    await this.#station.stop();
  }

  /** Resolves with the time from the last key to the lock, in ms. */
  async comeHome(): Promise<number> {
    const { opens } = this.#station.state();
    const pressedAt = await this.#type();
    const wait = { timeout: 10_000, interval: 2 };
    await vi.waitFor(() => expect(this.#station.state().opens).toBe(opens + 1), wait);
    const actuateMs = performance.now() - pressedAt;
    await vi.waitFor(() => expect(this.#station.state().lock).toBe('secured'), wait);
    return actuateMs;
  }

  /** Resolves when the last key has been pressed, with that time. */
  #type(): Promise<number> {
    const keys = code.split('');
    return new Promise((resolve) => {
      const hand = setInterval(() => {
        const key = keys.shift() ?? '';
        this.#station.act((hardware, nowMs) => hardware.readerOn('entry')?.typeKeys(key, nowMs));
        if (keys.length > 0) return;
        clearInterval(hand);
        resolve(performance.now());
      }, keyEveryMs);
    });
  }
}

const wireOf = (door: KeptDoor) => door.keeper.standings()[0]?.readers[0]?.wire;

describe(`doors at the end of bad lines (seed ${seed})`, () => {
  const doors = Array.from({ length: lines }, (_, n) => new BadLine(randomFrom(seed + n), n % 2 === 1));

  beforeEach(() => Promise.all(doors.map((door) => door.start())));
  afterEach(() => Promise.all(doors.map((door) => door.stop())));

  it('open within two seconds of the last key, each time, in plain and in secure channels', async () => {
    const delaysMs: number[] = [];
    const comeHome = async (door: BadLine) => {
      for (let n = 0; n < entriesPerLine; n += 1) delaysMs.push(await door.comeHome());
    };
    await Promise.all(doors.map(comeHome));
    expect(delaysMs).toHaveLength(lines * entriesPerLine);
    expect(Math.max(...delaysMs)).toBeLessThanOrEqual(actuateMsMax);
  }, 120_000);
});
