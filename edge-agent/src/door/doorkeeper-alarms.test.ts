import { minutes, seconds } from '@gatecast/firmware-protocol';
import { doorRows, presence, type ReaderConfig } from '@gatecast/firmware-protocol/messages';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { doorOf, KeptDoor } from './doorkeeper.fixture.ts';
import { credentialOf } from './right.fixture.ts';

const ordinary = credentialOf();
const threatened = credentialOf({ duress: true });
const slow = credentialOf({ openMs: 13_000 });
const expired = credentialOf({ duress: true, to: 1 });
const codes = { '111111': ordinary, '222222': threatened, '333333': slow, '444444': expired };
const bothWays: ReaderConfig[] = [
  { address: 0, reader: 0, side: 'entry' },
  { address: 1, reader: 0, side: 'exit' },
];

describe('what the doorkeeper tells of a door', () => {
  let door: KeptDoor;
  const pass = (span: number) => vi.advanceTimersByTimeAsync(span);
  const leaf = (open: boolean) => door.tell({ type: 'contact', open, isFirst: false });
  const begin = async (change: Parameters<typeof doorOf>[0] = {}, values?: Map<string, string>) => {
    door = new KeptDoor(doorOf(change), codes, values).start();
    await pass(0);
  };

  beforeEach(async () => {
    vi.useFakeTimers();
    await begin();
  });
  afterEach(() => {
    door.keeper.stop();
    vi.useRealTimers();
    expect(door.rows.every(({ kind, body }) => schemaOf(kind)?.strict().safeParse(body).success)).toBe(true);
  });

  it('a leaf that nobody released, once, and that it is shut again', async () => {
    leaf(true);
    await pass(seconds(60));
    expect([door.alarms, door.state]).toEqual([['forced'], 'forced']);
    leaf(false);
    await pass(50);
    expect([door.alarms, door.state]).toEqual([['forced', 'forced over'], 'closed']);
  });

  it('no leaf that only shook', async () => {
    leaf(true);
    await pass(40);
    leaf(false);
    await pass(seconds(60));
    expect(door.rows.filter(({ kind }) => kind === 'contact')).toHaveLength(1);
    expect(door.alarms).toEqual([]);
  });

  it('the opening that somebody was let in for at once', async () => {
    door.type('111111#');
    await pass(seconds(1));
    leaf(true);
    expect(door.screen).toEqual(['leaf shut', 'opened', 'leaf open']);
    expect(door.state).toBe('open');
  });

  it('a leaf that is held open, later for who needs more time', async () => {
    door.type('111111#');
    leaf(true);
    await pass(seconds(30));
    expect([door.alarms, door.state]).toEqual([['held-open'], 'held-open']);
    leaf(false);
    await pass(50);
    expect(door.alarms).toEqual(['held-open', 'held-open over']);
    door.type('333333#');
    leaf(true);
    await pass(seconds(39));
    expect(door.alarms).toHaveLength(2);
    await pass(seconds(1));
    expect(door.alarms.at(-1)).toBe('held-open');
  });

  it('a leaf that moves after an order which the hardware has not taken', async () => {
    door.hardware.obeyed = 'no';
    door.type('111111#');
    await pass(0);
    expect(door.state).toBe('closed');
    leaf(true);
    await pass(50);
    expect([door.refusals, door.alarms]).toEqual([['door-offline'], ['forced']]);
  });

  it('tampering until the last lid is shut', () => {
    const lid = (active: boolean) => door.tell({ type: 'tamper', active });
    const readerLid = (active: boolean) =>
      door.hardware.tell.onReader({ type: 'tamper', entrance: door.entrance, side: 'entry', active });
    lid(true);
    readerLid(true);
    lid(true);
    lid(false);
    expect(door.alarms).toEqual(['tamper']);
    readerLid(false);
    expect(door.alarms).toEqual(['tamper', 'tamper over']);
  });

  it('a power cut, a cut wire and hardware that is lost, each by itself', () => {
    door.tell({ type: 'power', failed: true });
    door.tell({ type: 'fault', active: true });
    door.tell({ type: 'online', online: false });
    expect(door.state).toBe('fault');
    door.tell({ type: 'online', online: true });
    expect(door.state).toBe('fault');
    door.tell({ type: 'fault', active: false });
    door.tell({ type: 'power', failed: false });
    expect(door.state).toBe('closed');
    expect(door.alarms).toEqual(['power', 'lock-fault', 'door-offline', 'lock-fault over', 'power over']);
  });

  it('an entry under threat to the property alone: at the door it is like any other', async () => {
    [door.screen.length, door.hardware.orders.length] = [0, 0];
    door.type('111111#');
    await pass(0);
    const usual = [door.screen.splice(0), door.hardware.orders.splice(0)];
    door.type('222222#');
    await pass(0);
    expect([door.screen, door.hardware.orders]).toEqual(usual);
    expect(door.alarms).toEqual(['duress']);
    const row = door.rows.find(({ body }) => body['alarm'] === 'duress');
    expect(row?.privateData).toEqual({ credential: threatened.id, touch: null });
    expect(JSON.stringify(row?.body)).not.toContain(threatened.id);
    const [first, second] = door.rows.filter(({ kind }) => kind === 'opened');
    expect(second?.body).toEqual(first?.body);
  });

  it('a threat also where the code does not open any more', () => {
    door.type('444444#');
    expect([door.refusals, door.alarms]).toEqual([['expired'], ['duress']]);
  });

  it('who comes in twice, where a reader on the way out would have seen them go', async () => {
    await begin({ readers: bothWays, antiPassback: true });
    const go = async (side: 'entry' | 'exit') => {
      door.type('111111#', side);
      await pass(0);
    };
    await go('entry');
    await go('exit');
    await go('entry');
    expect(door.alarms).toEqual([]);
    await go('entry');
    expect(door.alarms).toEqual(['passback']);
    expect(door.orders).toEqual(['open', 'open', 'open', 'open']);
    expect(door.rows.find(({ body }) => body['alarm'] === 'passback')?.privateData).toMatchObject({
      credential: ordinary.id,
    });
  });

  it('nobody who comes in twice where there is no reader on the way out', async () => {
    await begin({ antiPassback: true });
    for (let n = 0; n < 3; n += 1) door.type('111111#');
    await pass(0);
    expect(door.alarms).toEqual([]);
  });

  it('not on the screen outside what somebody does wrong inside', () => {
    door.type('999999#', 'exit');
    expect(door.refusals).toEqual([]);
    expect(door.rows.at(-1)).toMatchObject({ kind: 'refused', body: { reason: 'unknown-code' } });
  });

  it('two people at two readers, each with a code of their own', async () => {
    await begin({ readers: bothWays });
    door.type('1111');
    door.type('3333', 'exit');
    door.type('11#');
    door.type('33#', 'exit');
    await pass(0);
    expect(door.rows.filter(({ kind }) => kind === 'opened')).toHaveLength(2);
  });

  it('a reader that cannot prove its key, until it can', () => {
    const wire = (state: 'insecure' | 'pairing-failed' | 'secured', address = 0) =>
      door.hardware.tell.onReader({
        type: 'wire',
        entrance: door.entrance,
        side: 'entry',
        address,
        state,
        reason: null,
      });
    wire('insecure');
    wire('insecure', 1);
    wire('pairing-failed');
    wire('secured');
    expect(door.alarms).toEqual(['reader-insecure']);
    wire('secured', 1);
    expect(door.alarms).toEqual(['reader-insecure', 'reader-insecure over']);
    expect(door.rows.filter(({ kind }) => kind === 'reader')).toHaveLength(5);
  });

  it('a reader that is a device by itself and does not answer, until it does', () => {
    const told = (online: boolean) =>
      door.hardware.tell.onReader({ type: 'online', entrance: door.entrance, side: 'exit', address: 1, online });
    told(false);
    expect(door.alarms).toEqual(['reader-offline']);
    told(true);
    expect(door.alarms).toEqual(['reader-offline', 'reader-offline over']);
  });

  it('that what stood when the program ended is over, unless it comes again', async () => {
    const values = new Map<string, string>();
    await begin({}, values);
    door.tell({ type: 'tamper', active: true });
    const { entrance } = door;
    door.keeper.stop();
    await begin({ entrance }, values);
    expect(door.alarms).toEqual(['tamper over']);
    door.keeper.stop();
    await begin({ entrance }, new Map([['standing-alarms', 'not json']]));
    expect(door.alarms).toEqual([]);
  });

  it('that the alarms of a door that was wired anew are over', () => {
    leaf(true);
    vi.advanceTimersByTime(50);
    door.configure({ readers: bothWays });
    expect([door.alarms, door.state]).toEqual([['forced', 'forced over'], 'fault']);
  });

  it('that the fire line of a door that was wired anew is not known to burn', () => {
    door.tell({ type: 'fire', active: true });
    door.configure({ readers: bothWays });
    expect(door.rows.filter(({ kind }) => kind === 'fire').map(({ body }) => body['active'])).toEqual([true, false]);
  });

  it('nothing after the end, whatever configuration still comes', async () => {
    door.keeper.stop();
    const rows = door.rows.length;
    door.configure({ readers: bothWays });
    await pass(minutes(1));
    expect([door.keeper.standings(), door.rows.length]).toEqual([[], rows]);
  });

  it('where it stands, as presence carries it', () => {
    const { entrance } = door;
    const readers = [{ address: 0, wire: 'plain' }];
    expect(door.keeper.standings()).toEqual([{ entrance, online: true, state: 'closed', mode: 'normal', readers }]);
    expect(presence.shape.doors.safeParse(door.keeper.standings()).success).toBe(true);
  });

  it('each change in a later turn, and many at once as one', async () => {
    const before = door.changes;
    leaf(true);
    vi.advanceTimersByTime(49);
    expect(door.changes).toBe(before);
    await pass(2);
    expect(door.changes).toBe(before + 1);
    await pass(minutes(1));
    expect(door.changes).toBe(before + 1);
  });

  describe('of the keys of its readers', () => {
    const { keeper, entrance } = new KeptDoor();

    it('that the window is open or the rotation has begun', () => {
      expect([door.keeper.pairReaders(door.entrance), door.keeper.rotateKeys(door.entrance)]).toEqual([null, null]);
      expect(door.orders).toEqual(['pair', 'rotate']);
    });

    it('why not', () => {
      expect(keeper.pairReaders(entrance)).toBe('wrong-entrance');
      expect(door.keeper.rotateKeys('entr_other')).toBe('wrong-entrance');
      door.hardware.canPair = false;
      expect(door.keeper.pairReaders(door.entrance)).toBe('no-reader');
      door.hardware.wire = 'offline';
      expect(door.keeper.rotateKeys(door.entrance)).toBe('door-offline');
    });
  });
});

const schemaOf = (kind: string) => new Map(Object.entries(doorRows)).get(kind);
