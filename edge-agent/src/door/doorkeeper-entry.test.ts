import { hours, instant, minutes, seconds } from '@gatecast/firmware-protocol';
import { learningWindowMs } from '@gatecast/firmware-protocol/messages';
import { packBits, wiegandBits } from '@gatecast/firmware-protocol/sim';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { doorOf, KeptDoor } from './doorkeeper.fixture.ts';
import { credentialOf } from './right.fixture.ts';

const codes = {
  '111111': credentialOf(),
  '222222': credentialOf({ person: 'emergency' }),
  'w26:120:45678': credentialOf(),
  '333333': credentialOf({ pseudonym: 'A'.repeat(22), group: 'families' }),
  '444444': credentialOf({ pseudonym: 'B'.repeat(22), group: 'elderly', noticeName: 'B'.repeat(22), person: 'child' }),
  '555555': credentialOf({ noticeName: 'C'.repeat(22) }),
};

describe('at the reader', () => {
  let values: Map<string, string>;
  let door: KeptDoor;
  const pass = (span: number) => vi.advanceTimersByTimeAsync(span);
  const config = doorOf();
  const begin = async () => {
    door = new KeptDoor(config, codes, values).start();
    await pass(0);
  };
  const show = (hex: string) => {
    const bits = wiegandBits(hex, 'wiegand26') ?? '';
    const { entrance } = door;
    const card = { bitCount: bits.length, bits: packBits(bits) };
    door.hardware.tell.onReader({ type: 'card', entrance, side: 'entry', ...card });
  };
  const lockDown = () => {
    const now = Date.now();
    door.configure({ override: { mode: 'lockdown', from: instant(now), to: instant(now + hours(1)) } });
  };
  const shown = () => door.hardware.orders.flatMap((o) => (o.order === 'feedback' ? [o.shown] : []));
  const opens = () => door.orders.filter((order) => order === 'open').length;

  beforeEach(async () => {
    vi.useFakeTimers();
    values = new Map();
    await begin();
  });
  afterEach(() => {
    door.keeper.stop();
    vi.useRealTimers();
  });

  it('tells the screen what a resident opted in to be known by, each name by itself, and nothing of a child', async () => {
    for (const code of ['111111', '333333', '444444', '555555']) {
      door.type(`${code}#`);
      await pass(0);
    }
    expect(door.touches).toEqual([
      { event: 'opening', unbillable: null, pseudonym: null },
      { event: 'opening', unbillable: null, pseudonym: 'A'.repeat(22), group: 'families' },
      { event: 'opening', unbillable: 'child', pseudonym: null },
      { event: 'opening', unbillable: null, pseudonym: null, noticeName: 'C'.repeat(22) },
    ]);
    expect(JSON.stringify(door.rows)).not.toMatch(/A{22}|C{22}|families/);
  });

  describe('an emergency credential', () => {
    it('opens whatever the door’s mode is, and never unseen', async () => {
      door.type('222222#');
      await pass(0);
      expect([opens(), door.alarms]).toEqual([1, ['break-glass']]);
      lockDown();
      door.type('222222#');
      await pass(0);
      expect([opens(), door.alarms]).toEqual([2, ['break-glass', 'break-glass']]);
    });

    it('raises nothing when it does not open, and nobody else raises it', async () => {
      door.hardware.obeyed = 'no';
      door.type('222222#');
      await pass(0);
      door.hardware.obeyed = 'yes';
      door.type('111111#');
      await pass(0);
      expect(door.refusals).toEqual(['door-offline']);
      expect(door.alarms).toEqual([]);
    });
  });

  describe('a call for help', () => {
    it('is heard at once, and told to the property once in half a minute', async () => {
      for (let n = 0; n < 3; n += 1) door.type('0#');
      expect([door.screen.filter((each) => each === 'help'), door.alarms]).toEqual([
        ['help', 'help', 'help'],
        ['help'],
      ]);
      expect(shown()).toEqual(['noted', 'noted', 'noted']);
      await pass(seconds(30));
      door.type('0#');
      expect(door.alarms).toEqual(['help', 'help']);
    });

    it('is no wrong code, however often, and goes through in a lockdown', async () => {
      lockDown();
      for (let n = 0; n < 50; n += 1) door.type('0#');
      expect([door.refusals, door.alarms]).toEqual([[], ['help']]);
      door.type('222222#');
      expect(opens()).toBe(1);
    });

    it('from inside is not told to those who stand outside', () => {
      door.type('0#', 'exit');
      expect([door.screen.includes('help'), door.alarms]).toEqual([false, ['help']]);
    });
  });

  describe('somebody who tries codes', () => {
    const guess = (times: number, side: 'entry' | 'exit' = 'entry') => {
      for (let n = 0; n < times; n += 1) door.type(`90000${n % 10}#`, side);
    };

    it('has to wait after five, and keeps nobody at another reader from going out', async () => {
      guess(6);
      expect(door.refusals).toEqual([...Array.from({ length: 5 }, () => 'unknown-code'), 'locked']);
      door.type('111111#', 'exit');
      expect(opens()).toBe(1);
      await pass(minutes(1));
      door.type('111111#');
      expect(opens()).toBe(2);
    });

    it('gains nothing by cutting the power', async () => {
      guess(5);
      await pass(0);
      for (let n = 0; n < 3; n += 1) {
        // Not stopped: cut off.
        const before = door;
        await begin();
        before.keeper.stop();
        door.type('111111#');
      }
      expect(door.refusals).toEqual(['locked']);
      await pass(minutes(1));
      door.type('111111#');
      expect(opens()).toBe(1);
    });

    it('raises one alarm after thirty in an hour, and from then on one code is looked at in ten seconds', async () => {
      guess(30);
      expect(door.alarms).toEqual(['wrong-codes', 'code-storm']);
      await pass(minutes(1));
      guess(1);
      door.type('111111#');
      expect(door.refusals.slice(-2)).toEqual(['unknown-code', 'slow-down']);
      await pass(seconds(10));
      guess(1);
      await pass(minutes(5));
      door.type('111111#');
      expect(opens()).toBe(1);
      door.type('111111#');
      expect(door.refusals.at(-1)).toBe('slow-down');
      await pass(hours(1));
      door.type('111111#');
      door.type('111111#');
      expect(opens()).toBe(3);
      expect(door.alarms.filter((alarm) => alarm === 'code-storm')).toHaveLength(1);
    });

    it('is told in a lockdown from nobody else', async () => {
      lockDown();
      guess(40);
      door.type('111111#');
      expect(new Set(door.refusals)).toEqual(new Set(['lockdown']));
      expect(door.alarms).toContain('code-storm');
    });
  });

  it('people come home all evening, and no storm is seen in it', async () => {
    for (let n = 0; n < 200; n += 1) {
      door.type('111111#');
      await pass(seconds(6));
    }
    expect([opens(), door.alarms]).toEqual([200, []]);
  });

  describe('a card that is to be learned', () => {
    it('opens nothing, and is told by its tag', async () => {
      const learning = door.keeper.learnCard(door.entrance);
      show('D41B81');
      expect(await learning).toEqual({
        learned: true,
        card: { epoch: 1, tag: 'A'.repeat(43), format: 'w26', last4: String(0x1b81).slice(-4) },
      });
      expect([door.orders, door.refusals, shown()]).toEqual([[], [], ['awaiting-card', 'noted']]);
      show('D41B81');
      expect(door.refusals).toEqual(['unknown-card']);
    });

    it('is waited for a minute, and codes go on meanwhile', async () => {
      const learning = door.keeper.learnCard(door.entrance);
      door.type('111111#');
      expect(opens()).toBe(1);
      expect(await door.keeper.learnCard(door.entrance)).toEqual({ learned: false, reason: 'busy' });
      await pass(learningWindowMs);
      expect(await learning).toEqual({ learned: false, reason: 'no-card' });
      show('D41B81');
      expect(door.refusals).toEqual(['unknown-card']);
    });

    it('is not that of a resident who comes by, and for whom the door opens as always', async () => {
      const learning = door.keeper.learnCard(door.entrance);
      show('78B26E');
      expect(opens()).toBe(1);
      show('D41B81');
      expect(await learning).toMatchObject({ learned: true, card: { last4: String(0x1b81).slice(-4) } });
      expect(opens()).toBe(1);
    });

    it('is one that opens nothing here, whosever it was', async () => {
      lockDown();
      const learning = door.keeper.learnCard(door.entrance);
      show('78B26E');
      expect(await learning).toMatchObject({ learned: true });
      expect([opens(), door.refusals]).toEqual([0, []]);
    });

    it('is held to the reader again when it could not be read', async () => {
      const learning = door.keeper.learnCard(door.entrance);
      const broken = { bitCount: 26, bits: new Uint8Array(4) };
      door.hardware.tell.onReader({ type: 'card', entrance: door.entrance, side: 'entry', ...broken });
      show('D41B81');
      expect(await learning).toMatchObject({ learned: true });
      expect(shown()).toEqual(['awaiting-card', 'refused', 'noted']);
    });

    it('is not waited for where no reader could read it', async () => {
      expect(await door.keeper.learnCard('entr_other')).toEqual({ learned: false, reason: 'wrong-entrance' });
      door.hardware.wire = 'offline';
      expect(await door.keeper.learnCard(door.entrance)).toEqual({ learned: false, reason: 'door-offline' });
    });
  });

  it('a phone opens no door that the property manager has locked down, who can', async () => {
    const order = (by: 'resident' | 'property') =>
      door.keeper.openRemotely({ entrance: door.entrance, by }, 'cmd_1', performance.now() + 10_000);
    expect(await order('resident')).toMatchObject({ opened: true });
    await pass(seconds(10));
    lockDown();
    expect(await order('resident')).toEqual({ opened: false, reason: 'lockdown' });
    expect(await order('property')).toMatchObject({ opened: true });
    expect(opens()).toBe(2);
  });
});
