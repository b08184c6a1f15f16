import { createHmac, generateKeyPairSync, randomBytes, randomInt, sign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { TerminalFixture } from '@gatecast/edge-agent/terminal-fixture';
import { newId, systemClock } from '@gatecast/firmware-protocol';
import type { AccessList, Credential } from '@gatecast/firmware-protocol/messages';
import { codeKeyPurpose, newKeyPair, privateKeyOf, seal } from '@gatecast/firmware-protocol/node';
import {
  cardFromNumber,
  encodePassCode,
  encodePhoneCode,
  encodeSignedPass,
  hourOf,
  passEpoch,
  phoneCodePreimage,
  phoneStep,
} from '@gatecast/firmware-protocol/pass';
import { decide } from '../../edge-agent/src/door/decide.ts';
import type { Presented } from '../../edge-agent/src/door/presented.ts';
import { checkOffLoop } from '../../edge-agent/src/store/document-checker.ts';
import { Documents } from '../../edge-agent/src/store/documents.ts';
import { Store } from '../../edge-agent/src/store/store.ts';
import type { Bench } from './bench.ts';
import { median, quantile, rounded } from './median.ts';
import { revocationTimes } from './revocation.ts';

const credentials = 20_000;
const rounds = 5;
const samples = 20_000;

/**
 * A list of 20,000 credentials on a terminal: from the bytes of the answer to a list in force on the disk, in worker threads; then what a person at the
 * reader waits for: the look-up and decision, and the checking of passes and phones that take a signature. And how long it takes from the order to revoke a pass to
 * the terminal that refuses it.
 */
export const run: Bench = async (say) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'gatecast-bench-'));
  try {
    const revoked = await revocationTimes(rounds, say);
    return { ...(await measure(dataDir, say)), revokeMs: Math.round(median(revoked)) };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
};

async function measure(dataDir: string, say: (line: string) => void): Promise<Record<string, number>> {
  const town = new Town();
  const keys = await town.fixture.furnish(dataDir, []);
  const store = new Store({ dataDir });
  await store.start();
  const documents = new Documents(store, keys);
  documents.start();
  const list = town.fixture.list(keys.sealing.publicKey, town.all, town.passes(keys.sealing.publicKey));
  const applied = [];
  const stalls = [];
  let bytesOf = 0;
  for (let version = 2; version <= rounds + 2; version += 1) {
    const bytes = new TextEncoder().encode(JSON.stringify(town.fixture.envelope('access', version, list))).buffer;
    bytesOf = bytes.byteLength;
    const once = await apply(documents, town.fixture, bytes);
    say(
      `version ${version}: applied in ${once.ms.toFixed(0)} ms, longest turn of the main thread ${once.stallMs.toFixed(0)} ms`,
    );
    // The first one warms up.
    if (version === 2) continue;
    applied.push(once.ms);
    stalls.push(once.stallMs);
  }
  const lookUps = town.lookUps(documents);
  const verifications = town.verifications(documents);
  await store.stop();
  return {
    credentials: town.all.length,
    applyMs: Math.round(median(applied)),
    applyStallMs: rounded(median(stalls), 1),
    listMb: rounded(bytesOf / 1e6),
    lookupMsP50: rounded(quantile(lookUps, 0.5), 4),
    lookupMsP99: rounded(quantile(lookUps, 0.99), 4),
    verifyMsP50: rounded(quantile(verifications, 0.5), 3),
    verifyMsP99: rounded(quantile(verifications, 0.99), 3),
  };
}

async function apply(documents: Documents, fixture: TerminalFixture, bytes: ArrayBuffer) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const began = performance.now();
  const { doorAuthority } = fixture.claim();
  const inForce = documents.version('access');
  const job = {
    bytes,
    kind: 'access',
    terminal: fixture.terminal,
    inForce,
    doorAuthority,
  } as const;
  const checked = await checkOffLoop(job);
  if (!checked.ok) throw new Error(`the list was refused: ${checked.fault}`);
  await documents.apply(checked);
  const ms = performance.now() - began;
  delay.disable();
  return { ms, stallMs: delay.max / 1e6 };
}

/** Everybody of a community, and what they hold in their hands. */
class Town {
  readonly fixture = new TerminalFixture();
  readonly #issuer = newKeyPair('ed25519');
  readonly #codeKey = randomBytes(32);
  readonly #pins = Array.from({ length: credentials * 0.6 }, (_, n) => ({
    unit: String(100 + (n % 6_000)),
    pin: String(randomInt(100_000, 1_000_000)),
  }));
  readonly #codes = Array.from({ length: credentials * 0.1 }, (_, n) => String(10_000_000 + n * 37));
  readonly #cards = Array.from({ length: credentials * 0.2 }, (_, n) => 1_000_000 + n * 7);
  readonly #phones = Array.from({ length: credentials * 0.1 }, () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x = '', y = '' } = pair.publicKey.export({ format: 'jwk' });
    const odd = (Buffer.from(y, 'base64url').at(-1) ?? 0) % 2 === 1;
    return { ...pair, x, odd };
  });
  readonly #phoneCredentials = this.#phones.map((phone) => this.fixture.phone(phone));
  readonly all: readonly Credential[] = [
    ...this.#pins.map(({ unit, pin }) => this.fixture.unitPin(unit, pin)),
    ...this.#codes.map((code) => this.fixture.code(code)),
    ...this.#cards
      .flatMap((number) => cardFromNumber('w34', String(number)) ?? [])
      .map((card) => this.fixture.card(card)),
    ...this.#phoneCredentials,
  ];

  /** What the terminal needs to know passes by. */
  passes(sealingKey: string): Partial<AccessList> {
    const epoch = passEpoch(hourOf(systemClock.now()));
    const sealed = (each: number) => seal(sealingKey, codeKeyPurpose(each), this.#codeKey);
    return {
      passes: {
        issuers: [{ kid: 'pass-1', publicKey: this.#issuer.publicKey }],
        codeKeys: [-1, 0, 1, 2, 3, 4, 5].map((week) => ({ epoch: epoch + week, sealed: sealed(epoch + week) })),
        doors: [{ entrance: this.fixture.entrance, no: 1 }],
        denyCodes: [],
      },
    };
  }

  /** Milliseconds from what was typed or held to the reader to the decision: PINs, codes and cards in turns. */
  lookUps(documents: Documents): number[] {
    return timed(samples, (n) => {
      const view = viewOf(documents);
      const now = systemClock.now();
      const { unit, pin } = at(this.#pins, n * 7_919);
      if (n % 3 === 0) return this.#decided(documents, view.typed({ kind: 'unit-pin', unit, pin }, now));
      if (n % 3 === 1)
        return this.#decided(documents, view.typed({ kind: 'code', code: at(this.#codes, n * 7_919) }, now));
      return this.#decided(documents, view.card(34, wiegand34(at(this.#cards, n * 7_919))));
    });
  }

  /** Milliseconds for a signed pass, a phone's code, and a typed pass code that no list names, in turns. */
  verifications(documents: Documents): number[] {
    const now = systemClock.now();
    const signer = privateKeyOf('ed25519', this.#issuer.privateKey);
    const startHour = hourOf(now);
    const prf = (message: Uint8Array) => createHmac('sha256', this.#codeKey).update(message).digest();
    const shown = Array.from({ length: 600 }, (_, n) => {
      const id = newId('credential');
      const claims = {
        id,
        from: now - 1_000,
        to: now + 3_600_000,
        doors: null,
        uses: null,
        person: 'visitor',
        codeNo: null,
      } as const;
      if (n % 3 === 0) return { text: encodeSignedPass(claims, (bytes) => sign(null, bytes, signer)) };
      if (n % 3 === 1) return { text: this.#phoneCode(n, now) };
      return { code: encodePassCode({ startHour: startHour - (n % 160), durationClass: 8, index: n % 2 }, 10, prf) };
    });
    return timed(samples / 5, (n) => {
      const view = viewOf(documents);
      const each = at(shown, n);
      const presented = 'text' in each ? view.qr(each.text) : view.typed({ kind: 'code', code: each.code }, now);
      return this.#decided(documents, presented);
    });
  }

  #phoneCode(n: number, now: number): string {
    const credential = at(this.#phoneCredentials, n).id;
    const code = { credential, step: phoneStep(now), counter: n + 1 };
    const key = { key: at(this.#phones, n).privateKey, dsaEncoding: 'ieee-p1363' } as const;
    return encodePhoneCode(code, sign('sha256', phoneCodePreimage(code), key));
  }

  #decided(documents: Documents, presented: Presented): boolean {
    const { hours } = viewOf(documents);
    return decide({
      hours,
      presented,
      entrance: this.fixture.entrance,
      readerLane: 'reader',
      now: systemClock.now(),
      clock: 'synced',
      usesOf: () => undefined,
      counterOf: () => undefined,
      phoneStepMin: 0,
      isLocked: () => false,
      isSlowed: false,
      isLockedDown: false,
    }).open;
  }
}

function viewOf(documents: Documents) {
  const view = documents.access();
  if (!view) throw new Error('no list is in force');
  return view;
}

function timed(times: number, act: (n: number) => boolean): number[] {
  for (let n = 0; n < 2_000; n += 1) act(n);
  return Array.from({ length: times }, (_, n) => {
    const began = performance.now();
    const opened = act(n);
    const ms = performance.now() - began;
    if (!opened) throw new Error('somebody with a right was refused');
    return ms;
  });
}

/** Thirty-two bits between an even and an odd parity, as a reader sends them. */
function wiegand34(value: number): Uint8Array {
  const bits = Array.from(value.toString(2).padStart(32, '0'), Number);
  const ones = (from: number, to: number) => bits.slice(from, to).reduce((sum, bit) => sum + bit, 0);
  const framed = [ones(0, 16) % 2, ...bits, 1 - (ones(16, 32) % 2)];
  const bytes = new Uint8Array(5);
  framed.forEach((bit, n) => (bytes[n >> 3] = (bytes[n >> 3] ?? 0) | (bit << (7 - (n & 7)))));
  return bytes;
}

function at<T>(values: readonly T[], n: number): T {
  const value = values[n % values.length];
  if (value === undefined) throw new RangeError('no values');
  return value;
}
