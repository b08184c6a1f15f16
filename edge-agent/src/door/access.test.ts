import { after, hours, instant, newId } from '@gatecast/firmware-protocol';
import type { AccessList, Credential } from '@gatecast/firmware-protocol/messages';
import { newKeyPair } from '@gatecast/firmware-protocol/node';
import { cardFromNumber, hourOf, passCodeNo, passEpoch, phoneStep, type Card } from '@gatecast/firmware-protocol/pass';
import { packBits, wiegandBits } from '@gatecast/firmware-protocol/sim';
import { describe, expect, it } from 'vitest';
import { TerminalFixture } from '../terminal.fixture.ts';
import { openAccess } from './access.ts';
import { packList } from './list-index.ts';
import { PassOffice, TestPhone } from './passes.fixture.ts';

const fixture = new TerminalFixture();
const office = new PassOffice();
const sealing = newKeyPair('x25519');
const now = Date.UTC(2026, 10, 22, 12, 30);
const gate = newId('entrance');
const yard = newId('entrance');

/** A card as a reader sends it, and as its number is printed. */
const hex = '78B26E';
const card = cardFromNumber('w26', '120,45678') as Card;
const read = (number = hex): [number, Uint8Array] => {
  const bits = wiegandBits(number, 'wiegand26') ?? '';
  return [bits.length, packBits(bits)];
};

function viewOf(credentials: readonly Credential[], rest: Partial<AccessList> = {}, denied: readonly string[] = []) {
  const passes = office.keys(sealing.publicKey, [gate, yard], now);
  const list = fixture.list(sealing.publicKey, credentials, { passes, ...rest });
  return openAccess(3, packList(list), sealing, new Set(denied));
}
const window = { startHour: hourOf(now), durationClass: 2, index: 0 };

describe('what a list knows', () => {
  it('is whose PIN, code or card it is', () => {
    const [resident, guest, holder] = [fixture.unitPin('1203', '739154'), fixture.code('48151623'), fixture.card(card)];
    const view = viewOf([resident, guest, holder]);
    const pin = { kind: 'unit-pin', unit: '1203' } as const;
    expect(view.typed({ ...pin, pin: '739154' }, now)).toMatchObject({ kind: 'pin', named: [{ id: resident.id }] });
    expect(view.typed({ ...pin, pin: '739155' }, now)).toMatchObject({ isUnitKnown: true, named: [] });
    expect(view.typed({ ...pin, unit: '9', pin: '739154' }, now)).toMatchObject({ isUnitKnown: false, named: [] });
    expect(view.typed({ kind: 'code', code: '48151623' }, now)).toMatchObject({ named: [{ id: guest.id }] });
    expect(view.typed({ kind: 'code', code: '48151624' }, now)).toMatchObject({ named: [] });
    expect(view.card(...read())).toMatchObject({ kind: 'card', named: [{ id: holder.id }] });
    expect(view.card(...read('78B26F'))).toMatchObject({ named: [] });
  });

  it('is nothing of a card whose parity is wrong, and of none that somebody types', () => {
    const view = viewOf([fixture.card(card), { ...fixture.card({ text: '4815162342' }) }]);
    const [bitCount, bits] = read();
    expect(
      view.card(
        bitCount,
        Uint8Array.from(bits, (byte, n) => (n === 0 ? byte ^ 0x80 : byte)),
      ),
    ).toEqual({
      kind: 'unreadable',
      reason: 'unknown-card',
    });
    expect(view.typed({ kind: 'code', code: '4815162342' }, now)).toMatchObject({ named: [] });
  });

  it('is the tag by which another list would know a card, and not its number', () => {
    const tag = viewOf([]).tagOf(card);
    expect(fixture.card(card)).toMatchObject(tag ?? {});
    expect(viewOf([], { pinKeys: [] }).tagOf(card)).toBeUndefined();
  });
});

describe('a typed pass code', () => {
  const typed = (code: string, rest: Partial<AccessList> = {}, at = now) => {
    const presented = viewOf([], rest).typed({ kind: 'code', code }, at);
    return presented.kind === 'code' ? presented.passes : undefined;
  };

  it.each([9, 10] as const)('of %d digits is a visitor’s, for every entrance and its hours', (digits) => {
    expect(typed(office.code(window, digits))).toEqual([
      {
        id: `code_${passCodeNo(window)}`,
        countedAs: `code_${passCodeNo(window)}`,
        person: 'visitor',
        entrances: null,
        from: window.startHour * 3_600_000,
        to: (window.startHour + 4) * 3_600_000,
        uses: null,
        openMs: null,
        floors: [],
        duress: false,
        schedule: null,
        firstUse: null,
        denied: false,
        pseudonym: null,
        group: null,
        noticeName: null,
      },
    ]);
  });

  it('for one use says so, and one that was taken back too', () => {
    const once = { ...window, index: 3 };
    expect(typed(office.code(once))).toMatchObject([{ uses: 1, denied: false }]);
    const passes = office.keys(sealing.publicKey, [gate], now, { denyCodes: [passCodeNo(once)] });
    expect(typed(office.code(once), { passes })).toMatchObject([{ denied: true }]);
    expect(typed(office.code(window), { passes })).toMatchObject([{ denied: false }]);
  });

  it('is read in the week after it began too, and by the key of its own week only', () => {
    const lastWeek = { startHour: window.startHour - 167, durationClass: 8, index: 0 };
    expect(typed(office.code(lastWeek))).toMatchObject([{ id: `code_${passCodeNo(lastWeek)}` }]);
    const old = { ...window, startHour: window.startHour - 400 };
    expect(typed(office.code(old))).toEqual([]);
    expect(typed(new PassOffice().code(window))).toEqual([]);
    // A window of this week, made with the key of another.
    const keys = office.keys(sealing.publicKey, [gate], now);
    const codeKeys = keys.codeKeys.filter(({ epoch }) => epoch !== passEpoch(window.startHour));
    expect(typed(office.code(window), { passes: { ...keys, codeKeys } })).toEqual([]);
  });

  it('is none without keys, of another length, and where the list has the code itself', () => {
    expect(typed(office.code(window), { passes: null })).toBeNull();
    expect(typed('48151623')).toBeNull();
    const code = office.code(window);
    const listed = fixture.code(code);
    expect(viewOf([listed]).typed({ kind: 'code', code }, now)).toMatchObject({
      named: [{ id: listed.id }],
      passes: null,
    });
  });
});

describe('a pass for one opening', () => {
  const once = { ...window, index: 2 };
  const from = instant(once.startHour * 3_600_000);
  const span = { from, to: after(from, hours(4)), uses: 1 };
  const [code, codeNo] = [office.code(once), passCodeNo(once)];
  const listed = fixture.code(code, span);
  const text = office.signed({ id: listed.id, ...span, codeNo });
  const typed = { kind: 'code', code } as const;

  it('is counted as one, typed or shown, before the list names it and after', () => {
    const countedAs = `code_${codeNo}`;
    const before = viewOf([]);
    expect(before.typed(typed, now)).toMatchObject({ named: [], passes: [{ countedAs }] });
    expect(before.qr(text)).toMatchObject({ right: { id: listed.id, countedAs } });
    const after = viewOf([listed]);
    expect(after.typed(typed, now)).toMatchObject({ named: [{ id: listed.id, countedAs }], passes: null });
    expect(after.qr(text)).toMatchObject({ right: { id: listed.id, countedAs } });
  });

  it('is taken back with its code', () => {
    const passes = office.keys(sealing.publicKey, [gate], now, { denyCodes: [codeNo] });
    expect(viewOf([], { passes }).qr(text)).toMatchObject({ right: { denied: true } });
  });

  it('is itself where its digits stand for another one by chance', () => {
    const other = fixture.code(code, { ...span, to: after(from, hours(8)) });
    expect(viewOf([other]).typed(typed, now)).toMatchObject({ named: [{ id: other.id, countedAs: other.id }] });
  });
});

describe('a signed pass', () => {
  const at = { from: now - 1_000, to: now + 3_600_000 };

  it('says itself whom it lets in where, by the numbers of the doors', () => {
    const id = newId('credential');
    const text = office.signed({ id, ...at, doors: [2, 7], uses: 3, person: 'courier' });
    expect(viewOf([]).qr(text)).toMatchObject({
      kind: 'pass',
      right: { id, ...at, person: 'courier', entrances: [yard], uses: 3, denied: false, floors: [] },
    });
    expect(viewOf([]).qr(office.signed({ doors: null }))).toMatchObject({ right: { entrances: null } });
    expect(viewOf([]).qr(office.signed({ doors: [9] }))).toMatchObject({ right: { entrances: [] } });
  });

  it('that is on the list is what the list says of it', () => {
    const listed = fixture.code('48151623', { uses: 1, schedule: 4 });
    expect(viewOf([listed]).qr(office.signed({ id: listed.id, uses: null, ...at }))).toMatchObject({
      kind: 'pass',
      right: { id: listed.id, uses: 1, schedule: 4, to: null },
    });
  });

  it('that was taken back is refused although no list ever named it', () => {
    const id = newId('credential');
    const text = office.signed({ id });
    expect(viewOf([], { deny: [id] }).qr(text)).toMatchObject({ right: { denied: true } });
    expect(viewOf([], {}, [id]).qr(text)).toMatchObject({ right: { denied: true } });
  });

  it('is worth nothing when somebody else has signed it, and other texts are none', () => {
    const view = viewOf([]);
    expect(view.qr(new PassOffice().signed())).toEqual({ kind: 'unreadable', reason: 'bad-signature' });
    expect(viewOf([], { passes: null }).qr(office.signed())).toMatchObject({ reason: 'bad-signature' });
    for (const text of ['', 'GC1:', 'GP1:', 'https://example.org', office.signed().slice(0, -3)])
      expect(view.qr(text)).toEqual({ kind: 'unreadable', reason: 'unknown-qr' });
  });
});

describe('a phone', () => {
  it('is known by the key that the list has of it, odd or even', () => {
    for (let n = 0; n < 8; n += 1) {
      const phone = new TestPhone();
      const listed = fixture.phone(phone);
      const view = viewOf([listed]);
      const presented = { kind: 'phone', right: { id: listed.id }, step: phoneStep(now), counter: 1 };
      expect(view.qr(phone.code(listed.id, now))).toMatchObject(presented);
      expect(view.qr(new TestPhone().code(listed.id, now))).toEqual({ kind: 'unreadable', reason: 'bad-signature' });
    }
  });

  it('that the list does not have, or whose key is on no curve, is not known', () => {
    const phone = new TestPhone();
    expect(viewOf([]).qr(phone.code(newId('credential'), now))).toMatchObject({ reason: 'unknown-qr' });
    const listed = fixture.code('48151623');
    expect(viewOf([listed]).qr(phone.code(listed.id, now))).toMatchObject({ reason: 'unknown-qr' });
    const nowhere = fixture.phone({ x: Buffer.alloc(32, 0xff).toString('base64url'), odd: true });
    expect(viewOf([nowhere]).qr(phone.code(nowhere.id, now))).toMatchObject({ reason: 'bad-signature' });
  });
});
