import { createHmac, generateKeyPairSync, sign, verify } from 'node:crypto';
import { assert, constantFrom, integer, property, string, uniqueArray, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newId } from '../units/ids.ts';
import { fromBase45, toBase45 } from './base45.ts';
import { cardFromNumber, readCard } from './card.ts';
import { packCredentialId, unpackCredentialId } from './packed-id.ts';
import {
  decodePassCode,
  encodePassCode,
  isOncePass,
  passCodeNo,
  passCodesValid,
  passEpoch,
  passHours,
  passWindowMs,
  type PassDigits,
  type PassPrf,
} from './pass-code.ts';
import { encodePhoneCode, phoneCodePreimage, phoneStep, readPhoneCode } from './phone-code.ts';
import { encodeSignedPass, passPersons, readSignedPass, signedPassBytesMax, type PassClaims } from './signed-pass.ts';

const prfOf =
  (key: string): PassPrf =>
  (message) =>
    createHmac('sha256', key).update(message).digest();

describe('a card', () => {
  // Facility 120, number 45678, with the parities that H10301 asks for.
  const wiegand26 = Uint8Array.of(0b1011_1100, 0b0101_1001, 0b0011_0111, 0b0100_0000);

  it('is the same whether a reader reads it or somebody types what is printed on it', () => {
    const read = readCard(26, wiegand26);
    expect(read).toEqual({ format: 'w26', text: 'w26:120:45678', last4: '5678' });
    for (const printed of ['120,45678', '120, 45678', '120，45678', '12045678', '0007909998'])
      expect(cardFromNumber('w26', printed)).toEqual(read);
  });

  it('with a wrong parity is none', () => {
    for (let bit = 0; bit < 26; bit += 1) {
      const turned = Uint8Array.from(wiegand26);
      turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
      expect(readCard(26, turned)).toBeUndefined();
    }
  });

  it('of 34 bits is known by all its 32', () => {
    // 0x12345678 has thirteen ones: five in the first half, eight in the second.
    const bytes = Uint8Array.of(0b1000_1001, 0b0001_1010, 0b0010_1011, 0b0011_1100, 0b0100_0000);
    expect(readCard(34, bytes)).toEqual({ format: 'w34', text: 'w34:305419896', last4: '9896' });
    expect(cardFromNumber('w34', String(0x12345678))).toEqual(readCard(34, bytes));
  });

  it('of another length is taken as it is, and never stands for one of these', () => {
    expect(readCard(37, new Uint8Array(5))).toEqual({ format: 'raw', text: 'raw:37:0000000000', last4: '0000' });
    expect([readCard(8, new Uint8Array(1)), readCard(65, new Uint8Array(9)), readCard(40, new Uint8Array(2))]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('has no number outside its bits', () => {
    for (const number of ['256,1', '1,65536', '', 'abc', '99999999', '0016777216', '-1,2'])
      expect(cardFromNumber('w26', number)).toBeUndefined();
    for (const number of ['4294967296', '', '1.5', '0x10']) expect(cardFromNumber('w34', number)).toBeUndefined();
  });
});

const startHours = integer({ min: 400_000, max: 600_000 });
const anyWindow = (digits: PassDigits) =>
  [startHours, integer({ min: 0, max: digits === 9 ? 5 : 8 }), integer({ min: 0, max: 3 })] as const;

describe.each([9, 10] as const)('a typed pass code of %d digits', (digits) => {
  it('says its window to who has the key, at any hour of the half year around', () => {
    const [starts, classes, indices] = anyWindow(digits);
    assert(
      property(
        starts,
        classes,
        indices,
        integer({ min: -4_000, max: 4_000 }),
        (startHour, durationClass, index, away) => {
          const window = { startHour, durationClass, index };
          const code = encodePassCode(window, digits, prfOf('week'));
          expect(code).toMatch(digits === 9 ? /^\d{9}$/ : /^\d{10}$/);
          expect(decodePassCode(code, startHour + away, prfOf('week'))).toEqual(window);
        },
      ),
    );
  });

  it('is never given twice', () => {
    const codes = new Set<string>();
    const hours = digits === 9 ? 6 : 9;
    for (let startHour = 490_000; startHour < 490_168; startHour += 1)
      for (let durationClass = 0; durationClass < hours; durationClass += 1)
        for (let index = 0; index < 4; index += 1)
          codes.add(encodePassCode({ startHour, durationClass, index }, digits, prfOf('week')));
    expect(codes.size).toBe(168 * hours * 4);
  });

  it('means nothing, or something else, under another week’s key', () => {
    let same = 0;
    for (let startHour = 490_000; startHour < 490_300; startHour += 1) {
      const window = { startHour, durationClass: 2, index: 0 };
      const read = decodePassCode(encodePassCode(window, digits, prfOf('a')), startHour, prfOf('b'));
      if (read?.startHour === startHour && read.durationClass === 2) same += 1;
    }
    expect(same).toBe(0);
  });
});

describe('typed pass codes', () => {
  it('that open at any one hour are 1,356 of ten thousand million, or 204 of a thousand million', () => {
    expect(passCodesValid(10)).toEqual({ valid: 1_356, of: 1e10 });
    expect(passCodesValid(9)).toEqual({ valid: 204, of: 1e9 });
  });

  it('of nine digits are for a day at most, and no code is for a window that does not exist', () => {
    const window = { startHour: 490_000, durationClass: 6, index: 0 };
    expect(() => encodePassCode(window, 9, prfOf('a'))).toThrow(RangeError);
    expect(encodePassCode(window, 10, prfOf('a'))).toHaveLength(10);
    for (const wrong of [{ index: 4 }, { index: -1 }, { durationClass: 9 }, { startHour: -1 }, { startHour: 1.5 }])
      expect(() => encodePassCode({ ...window, ...wrong }, 10, prfOf('a'))).toThrow(RangeError);
  });

  it('of any other form are none', () => {
    assert(
      property(string(), (text) => decodePassCode(text, 490_000, prfOf('a')) === undefined || /^\d{9,10}$/.test(text)),
    );
  });

  it('begin and end on the hour, belong to the week they begin in, and have a number for ever', () => {
    const window = { startHour: 490_000, durationClass: passHours.indexOf(24), index: 2 };
    expect(passWindowMs(window)).toEqual({ from: 490_000 * 3_600_000, to: 490_024 * 3_600_000 });
    expect(passEpoch(490_000)).toBe(2_916);
    expect([isOncePass(window), isOncePass({ ...window, index: 1 })]).toEqual([true, false]);
    expect(passCodeNo(window)).not.toBe(passCodeNo({ ...window, startHour: 490_000 + 8_192 }));
  });
});

describe('a signed pass', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const byKey = (bytes: Uint8Array) => sign(null, bytes, privateKey);
  const claims: PassClaims = {
    id: newId('credential'),
    from: 1_790_000_000_000,
    to: 1_790_600_000_000,
    doors: null,
    uses: null,
    person: 'visitor',
    codeNo: null,
  };

  it('says in the clear whom it lets in, when, where and how often, and who signed it', () => {
    const pass = { ...claims, doors: [1, 17, 63], uses: 3, person: 'courier', codeNo: 17_640_000 } as const;
    const read = readSignedPass(encodeSignedPass(pass, byKey));
    expect(read?.claims).toEqual(pass);
    expect(read && verify(null, read.signed, publicKey, read.signature)).toBe(true);
  });

  it('has at most 130 bytes for any doors of a community of sixty-four', () => {
    assert(
      property(
        uniqueArray(integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 64 }),
        integer({ min: 1, max: 1_000 }),
        constantFrom(...passPersons),
        (doors, uses, person) => {
          const text = encodeSignedPass({ ...claims, doors, uses, person }, byKey);
          expect(fromBase45(text.slice(4))?.length).toBeLessThanOrEqual(signedPassBytesMax);
          expect(readSignedPass(text)?.claims.doors).toEqual(doors.toSorted((a, b) => a - b));
        },
      ),
    );
  });

  it('that has a typed code is for every door, and its number fits in for centuries', () => {
    const text = encodeSignedPass({ ...claims, uses: 1, person: 'courier', codeNo: 2 ** 32 - 1 }, byKey);
    expect(fromBase45(text.slice(4))?.length).toBeLessThanOrEqual(signedPassBytesMax);
  });

  it('is not one with a bit turned: it cannot be read, or its signature is void', () => {
    const bytes = fromBase45(encodeSignedPass({ ...claims, doors: [2], uses: 1 }, byKey).slice(4)) ?? new Uint8Array();
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const turned = Uint8Array.from(bytes);
      turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const read = readSignedPass(`GC1:${toBase45(turned)}`);
      expect(read !== undefined && verify(null, read.signed, publicKey, read.signature)).toBe(false);
    }
  });

  it('is refused in any other form, without an exception', () => {
    assert(property(uint8Array({ maxLength: 200 }), (bytes) => readSignedPass(`GC1:${toBase45(bytes)}`) === undefined));
    assert(property(string(), (text) => readSignedPass(text) === undefined));
  });

  it('is not made for what no pass may be', () => {
    for (const wrong of [
      { to: claims.from },
      { from: -1 },
      { doors: [] },
      { doors: [0] },
      { doors: [4_096] },
      { id: 'cred_x' },
    ])
      expect(() => encodeSignedPass({ ...claims, ...wrong }, byKey)).toThrow(RangeError);
    const many = Array.from({ length: 60 }, (_, n) => 1 + n * 60);
    expect(() => encodeSignedPass({ ...claims, doors: many }, byKey)).toThrow(RangeError);
  });
});

describe('the code on a phone', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const code = { credential: newId('credential'), step: phoneStep(1_790_000_000_000), counter: 7 };
  const signature = sign('sha256', phoneCodePreimage(code), { key: privateKey, dsaEncoding: 'ieee-p1363' });

  it('comes back as it was shown', () => {
    const read = readPhoneCode(encodePhoneCode(code, signature));
    expect(read).toEqual({ ...code, signature: new Uint8Array(signature) });
    const key = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
    expect(read && verify('sha256', phoneCodePreimage(read), key, read.signature)).toBe(true);
  });

  it('is refused in any other form, without an exception', () => {
    assert(
      property(
        uint8Array({ maxLength: 120 }),
        (bytes) => readPhoneCode(`GP1:${toBase45(bytes)}`) === undefined || bytes.length === 86,
      ),
    );
    assert(property(string(), (text) => readPhoneCode(text) === undefined));
  });
});

it('an id packs into thirteen bytes and back', () => {
  for (let n = 0; n < 200; n += 1) {
    const id = newId('credential');
    expect(packCredentialId(id)).toHaveLength(13);
    expect(unpackCredentialId(packCredentialId(id))).toBe(id);
  }
});

it('base 45 is that of RFC 9285', () => {
  const text = new TextEncoder();
  expect(toBase45(text.encode('Hello!!'))).toBe('%69 VD92EX0');
  expect(toBase45(text.encode('base-45'))).toBe('UJCLQE7W581');
  expect(new TextDecoder().decode(fromBase45('QED8WEX0'))).toBe('ietf!');
  for (const wrong of ['GGW', ':::', 'A', 'aa', '::']) expect(fromBase45(wrong)).toBeUndefined();
  assert(
    property(uint8Array(), (bytes) => {
      expect(fromBase45(toBase45(bytes))).toEqual(bytes);
    }),
  );
});
