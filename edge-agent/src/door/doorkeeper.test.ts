import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manualClock, seconds } from '@gatecast/firmware-protocol';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createJournal } from '../journal/journal.ts';
import type { JournalEntry } from '../journal/journal-writer.ts';
import { Documents } from '../store/documents.ts';
import type { KeyRing } from '../store/identity.ts';
import { Store } from '../store/store.ts';
import { TerminalFixture } from '../terminal.fixture.ts';
import type { Opening } from './door-listener.ts';
import type { HardwareEvent } from './door-controller.ts';
import { Doorkeeper } from './doorkeeper.ts';
import { NotingHardware } from './noting-hardware.fixture.ts';

/** What happened, in the order in which it did. */
type Event = 'order' | 'touch' | `row ${string}` | `refused ${string}` | `dots ${number}`;

describe('the door', () => {
  const fixture = new TerminalFixture();
  const resident = fixture.unitPin('1203', '739154');
  const child = fixture.unitPin('1203', '624875', { person: 'child', openMs: 9_000 });
  const guest = fixture.code('48151623', { uses: 1 });
  const clock = manualClock();
  const furnished = mkdtempSync(join(tmpdir(), 'gatecast-furnished-'));
  let dataDir: string;
  let keys: KeyRing;
  let store: Store;
  let door: Doorkeeper;
  let hardware: NotingHardware;
  let events: Event[];
  let openings: Opening[];

  const { entrance } = fixture;
  const type = (keys: string) => hardware.tell.onReader({ type: 'keys', entrance, side: 'entry', keys });
  const tell = (event: HardwareEvent) => hardware.tell.onHardware(event);
  const opens = () => hardware.orders.filter((order) => order.order === 'open');
  const pulses = () => opens().map(({ pulseMs }) => pulseMs);
  const rows = () => events.filter((event) => event.startsWith('row '));

  beforeAll(async () => {
    keys = await fixture.furnish(furnished, [resident, child, guest]);
  });
  afterAll(() => rmSync(furnished, { recursive: true }));
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'gatecast-door-'));
    cpSync(furnished, dataDir, { recursive: true });
    store = new Store({ dataDir });
    await store.start();
    const documents = new Documents(store, keys);
    documents.start();
    [events, openings] = [[], []];
    hardware = new NotingHardware(({ order }) => {
      if (order === 'open') events.push('order');
    });
    const journal = createJournal({ store, clock, clockQuality: () => 'synced', boot: 'boot' });
    const append = (entry: JournalEntry) => {
      const { alarm } = entry.body;
      events.push(typeof alarm === 'string' ? `row ${entry.kind} ${alarm}` : `row ${entry.kind}`);
      return journal.append(entry);
    };
    door = new Doorkeeper({
      clock,
      clockQuality: () => 'synced',
      journal: { ...journal, append },
      store,
      listener: {
        opened(opening) {
          events.push('touch');
          openings.push(opening);
        },
        refused: (_entrance, reason) => events.push(`refused ${reason}`),
        help: () => {},
        contact: () => {},
        typing: (_entrance, characters) => events.push(`dots ${characters}`),
        optedIn: () => {},
      },
      access: () => documents.access(),
      onChange: () => {},
      provenNow: () => undefined,
      newHardware: (_doors, listeners) => hardware.attach(listeners),
      log: pino({ level: 'silent' }),
    });
    door.configure(fixture.config(keys.sealing.publicKey).doors, 'Asia/Shanghai');
    events = [];
  });
  afterEach(async () => {
    door.stop();
    await store.stop();
    rmSync(dataDir, { recursive: true });
  });

  it('orders the lock in the turn of the last key, and writes afterwards', async () => {
    type('1203*739154');
    type('#');
    expect(events).toEqual(['dots 11', 'order', 'dots 0']);
    await vi.waitFor(() => expect(events.slice(2)).toEqual(['dots 0', 'touch', 'row opened']));
  });

  it('opens for a resident with a dead disk, and not for a pass that must be counted', async () => {
    await store.stop();
    type('1203*739154#');
    expect(pulses()).toHaveLength(1);
    type('48151623#');
    await vi.waitFor(() => expect(events).toContain('refused cannot-commit'));
    expect(pulses()).toHaveLength(1);
  });

  it('opens longer for those who need it, and sells nothing of a child', async () => {
    type('1203*624875#');
    await vi.waitFor(() => expect(openings).toHaveLength(1));
    expect(pulses()).toEqual([9_000]);
    expect(openings[0]?.unbillable).toBe('child');
  });

  it('sells one touch of a resident who comes twice within half a minute', async () => {
    type('1203*739154#');
    clock.advance(seconds(29));
    type('1203*739154#');
    clock.advance(seconds(31));
    type('1203*739154#');
    await vi.waitFor(() => expect(openings.map((o) => o.unbillable)).toEqual([null, 'repeat', null]));
  });

  it('sells the touch of a resident whose first try opened nothing', async () => {
    hardware.obeyed = 'no';
    type('1203*739154#');
    await vi.waitFor(() => expect(events).toContain('refused door-offline'));
    hardware.obeyed = 'yes';
    clock.advance(seconds(5));
    type('1203*739154#');
    await vi.waitFor(() => expect(openings.map((o) => o.unbillable)).toEqual([null]));
  });

  it('begins no touch when the hardware did not answer, and says that the door may have opened', async () => {
    hardware.obeyed = 'maybe';
    type('1203*739154#');
    await vi.waitFor(() => expect(rows()).toEqual(['row opened']));
    expect(openings).toEqual([]);
  });

  it('refuses when the hardware is gone', async () => {
    hardware.online = false;
    hardware.obeyed = 'no';
    type('1203*739154#');
    type('48151623#');
    await vi.waitFor(() => expect(events.filter((e) => e === 'refused door-offline')).toHaveLength(2));
    expect(store.snapshot.uses.size).toBe(0);
  });

  it('gives back the use of a pass that opened nothing', async () => {
    hardware.obeyed = 'no';
    type('48151623#');
    await vi.waitFor(() => expect(events).toContain('refused door-offline'));
    hardware.obeyed = 'yes';
    type('48151623#');
    await vi.waitFor(() => expect(openings).toHaveLength(1));
    type('48151623#');
    await vi.waitFor(() => expect(events).toContain('refused used-up'));
  });

  it('opens for nobody when the disk took so long that the person has gone', async () => {
    type('48151623#');
    clock.advance(seconds(3));
    await vi.waitFor(() => expect(events).toContain('refused door-offline'));
    expect(pulses()).toEqual([]);
    type('48151623#');
    await vi.waitFor(() => expect(pulses()).toHaveLength(1));
  });

  it('locks a unit after five wrong PINs and raises an alarm, while the reader goes on', async () => {
    for (let n = 0; n < 6; n += 1) type(`1203*90817${n}#`);
    type('1203*739154#');
    expect(events.filter((e) => e === 'refused wrong-pin')).toHaveLength(5);
    expect(events.filter((e) => e === 'refused locked')).toHaveLength(2);
    expect(rows()).toContain('row alarm wrong-codes');
    type('48151623#');
    await vi.waitFor(() => expect(pulses()).toHaveLength(1));
    clock.advance(seconds(61));
    type('1203*739154#');
    expect(pulses()).toHaveLength(2);
  });

  it('raises an alarm for a leaf that nobody released, not for one that was found open', async () => {
    clock.advance(seconds(60));
    tell({ type: 'contact', entrance, open: true, isFirst: true });
    expect(rows()).toEqual(['row contact']);
    tell({ type: 'contact', entrance, open: false, isFirst: false });
    clock.advance(seconds(1));
    await vi.waitFor(() => expect(rows()).toEqual(['row contact', 'row contact']));
    tell({ type: 'contact', entrance, open: true, isFirst: false });
    clock.advance(seconds(1));
    await vi.waitFor(() => expect(rows().at(-1)).toBe('row alarm forced'));
  });

  it('is not surprised by a leaf that moves after the exit button or during a fire', () => {
    clock.advance(seconds(600));
    tell({ type: 'exit', entrance });
    tell({ type: 'contact', entrance, open: true, isFirst: false });
    tell({ type: 'contact', entrance, open: false, isFirst: false });
    clock.advance(seconds(600));
    tell({ type: 'fire', entrance, active: true });
    tell({ type: 'contact', entrance, open: true, isFirst: false });
    expect(rows().filter((row) => row.startsWith('row alarm'))).toEqual([]);
    expect(openings.map((o) => o.unbillable)).toEqual(['exit-button']);
  });

  it('knows nothing of the fire line and the leaf after it was wired anew, until the new wires tell', async () => {
    clock.advance(seconds(600));
    tell({ type: 'fire', entrance, active: true });
    const { doors } = fixture.config(keys.sealing.publicKey);
    const hardware = {
      kind: 'osdp',
      address: 0,
      lockOutput: 0,
      contactInput: 0,
      exitInput: 1,
      fireInput: null,
    } as const;
    door.configure(
      doors.map((config) => ({ ...config, hardware })),
      'Asia/Shanghai',
    );
    tell({ type: 'contact', entrance, open: true, isFirst: false });
    expect(rows().at(-1)).toBe('row alarm forced');
    type('1203*739154#');
    await vi.waitFor(() => expect(openings.map((o) => o.unbillable)).toEqual([null]));
  });

  it('opens at a command and tells which, and knows no other entrance', async () => {
    const deadline = clock.mono() + 10_000;
    expect(await door.openRemotely({ entrance, by: 'property' }, 'cmd_1', deadline)).toMatchObject({
      opened: true,
      row: { body: { command: 'cmd_1' } },
    });
    expect(openings.map((o) => o.unbillable)).toEqual(['remote-opening']);
    expect(opens()).toMatchObject([{ notAfterMono: deadline }]);
    expect(await door.openRemotely({ entrance: 'entr_other', by: 'property' }, 'cmd_2', deadline)).toEqual({
      opened: false,
      reason: 'wrong-entrance',
    });
    clock.advance(seconds(11));
    expect(await door.openRemotely({ entrance, by: 'property' }, 'cmd_3', deadline)).toEqual({
      opened: false,
      reason: 'door-offline',
    });
    expect(opens()).toHaveLength(1);
  });
});
