import { randomInt } from 'node:crypto';
import { StreamParser, systemClock, type ByteLink } from '@gatecast/firmware-protocol';
import { memoryLinkPair } from '@gatecast/firmware-protocol/node';
import { DeviceLine } from '@gatecast/firmware-protocol/sim';
import { expect, it, vi } from 'vitest';
import { doorOf, KeptDoor } from './doorkeeper.fixture.ts';
import { credentialOf } from './right.fixture.ts';
import { osdpDevice } from './drivers/osdp-site.fixture.ts';
import { createHardware } from './hardware.ts';

const out = 0x68;
const rightCode = '739154';
const entries = 40;
const soon = { timeout: 20_000, interval: 5 };

/** Small seeded generator (mulberry32), so that a failing line can be run again. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A link that somebody else writes to as well: noise and damaged copies of what was really said, before and behind it. */
function disturbed(link: ByteLink, random: () => number): ByteLink {
  const disturbance = (bytes: Uint8Array): Uint8Array => {
    const copy = bytes.slice(0, 1 + Math.floor(random() * bytes.length));
    const at = Math.floor(random() * copy.length);
    copy[at] = (copy[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    return random() < 0.5 ? copy : Uint8Array.from(copy, () => Math.floor(random() * 256));
  };
  return {
    ...link,
    write: (bytes) => link.write(bytes),
    close: () => link.close(),
    onClose: (listener) => link.onClose(listener),
    onData: (listener) =>
      link.onData((bytes) => {
        if (random() < 0.1) listener(disturbance(bytes));
        listener(bytes);
        if (random() < 0.1) listener(disturbance(bytes));
      }),
  };
}

it('no code that is not on the list and no noise on the wire ever makes the agent order the lock to open', async () => {
  const seed = Number(process.env['FUZZ_SEED'] ?? randomInt(1_000_000));
  const clue = `FUZZ_SEED=${seed}`;
  console.log(`fuzzed door line: ${clue}`);
  const random = seeded(seed);
  const board = osdpDevice(0, { inputs: 3, outputs: 1 });
  const devices = new DeviceLine({ clock: systemClock, devices: [board] });
  const orders: number[] = [];
  const parser = new StreamParser();
  const connect = async (): Promise<ByteLink> => {
    const [panel, far] = memoryLinkPair();
    devices.attach(disturbed(far, random));
    const link = disturbed(panel, random);
    const write = (bytes: Uint8Array) => {
      for (const item of parser.push(bytes)) if (item.kind === 'frame') orders.push(item.frame.code);
      link.write(bytes);
    };
    return { ...link, write };
  };
  const log = { error: () => {}, warn: () => {} };
  const links = { osdp: { connect, baud: 115_200 } };
  const door = new KeptDoor(doorOf(), { [rightCode]: credentialOf() }, new Map(), (doors, listeners) =>
    createHardware({ ...listeners, links, clock: systemClock, doors, log }),
  );
  const refused = () => door.rows.filter(({ kind }) => kind === 'refused').length;
  door.configure({});
  try {
    await vi.waitFor(() => expect(door.state, clue).toBe('closed'), soon);
    for (let entry = 0; entry < entries; entry += 1) {
      const before = refused();
      const digits = String(Math.floor(random() * 1_000_000)).padStart(6, '0');
      for (const key of `${digits === rightCode ? '000000' : digits}#`) board.pressKeys({ reader: 0, keys: key });
      if (random() < 0.2) board.presentCard({ reader: 0, format: 1, bitCount: 26, bits: Uint8Array.of(1, 2, 3, 0) });
      await vi.waitFor(() => expect(refused(), clue).toBeGreaterThan(before), soon);
    }
    expect(orders, clue).not.toContain(out);
    expect(board.outputs, clue).toEqual([false]);
  } finally {
    door.keeper.stop();
    devices.stop();
  }
}, 60_000);
