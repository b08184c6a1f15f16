import { createHmac, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { newId } from '@gatecast/firmware-protocol';
import type { PassKeys } from '@gatecast/firmware-protocol/messages';
import { codeKeyPurpose, newKeyPair, privateKeyOf, seal } from '@gatecast/firmware-protocol/node';
import {
  encodePassCode,
  encodePhoneCode,
  encodeSignedPass,
  hourOf,
  passEpoch,
  phoneCodePreimage,
  phoneStep,
  type PassClaims,
  type PassDigits,
  type PassWindow,
} from '@gatecast/firmware-protocol/pass';

/** A community that gives passes which no list has to name, for tests. */
export class PassOffice {
  readonly #issuer = newKeyPair('ed25519');
  readonly #codeRoot = randomBytes(32);

  /** What a terminal whose entrances are `doors`, numbered from 1, is told at `now`. */
  keys(sealingKey: string, doors: readonly string[], now: number, more: Partial<PassKeys> = {}): PassKeys {
    const week = passEpoch(hourOf(now));
    return {
      issuers: [{ kid: 'pass-1', publicKey: this.#issuer.publicKey }],
      codeKeys: [week - 1, week, week + 1].map((epoch) => ({
        epoch,
        sealed: seal(sealingKey, codeKeyPurpose(epoch), this.#codeKey(epoch)),
      })),
      doors: doors.map((entrance, n) => ({ entrance, no: n + 1 })),
      denyCodes: [],
      ...more,
    };
  }

  code(window: PassWindow, digits: PassDigits = 10): string {
    const key = this.#codeKey(passEpoch(window.startHour));
    return encodePassCode(window, digits, (message) => createHmac('sha256', key).update(message).digest());
  }

  /** A pass as a QR code; for a day around now unless said. */
  signed(claims: Partial<PassClaims> = {}): string {
    const now = Date.now();
    const day = 24 * 3_600_000;
    const whole: PassClaims = {
      id: newId('credential'),
      from: now - day,
      to: now + day,
      doors: null,
      uses: null,
      person: 'visitor',
      codeNo: null,
      ...claims,
    };
    const key = privateKeyOf('ed25519', this.#issuer.privateKey);
    return encodeSignedPass(whole, (bytes) => sign(null, bytes, key));
  }

  #codeKey(epoch: number): Buffer {
    return createHmac('sha256', this.#codeRoot).update(String(epoch)).digest();
  }
}

/** A resident's phone, for tests: what WebCrypto does in its browser. */
export class TestPhone {
  readonly #key: KeyObject;
  readonly x: string;
  readonly odd: boolean;
  #counter = 0;

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    this.#key = privateKey;
    this.x = x;
    this.odd = ((Buffer.from(y, 'base64url').at(-1) ?? 0) & 1) === 1;
  }

  /** The next code that it shows, at `at` by its own clock. */
  code(credential: string, at: number): string {
    this.#counter += 1;
    const code = { credential, step: phoneStep(at), counter: this.#counter };
    const key = { key: this.#key, dsaEncoding: 'ieee-p1363' } as const;
    return encodePhoneCode(code, sign('sha256', phoneCodePreimage(code), key));
  }
}
