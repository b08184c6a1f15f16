import { createHmac, randomBytes } from 'node:crypto';
import { newId } from '@gatecast/firmware-protocol';
import {
  canonicalJson,
  cardPreimage,
  codePreimage,
  documentContext,
  documentPreimage,
  pinPreimage,
  signedKinds,
  type AccessList,
  type ClaimResponse,
  type Credential,
  type DocumentEnvelope,
  type DocumentKind,
  type TerminalConfig,
  usualMediaTerms,
} from '@gatecast/firmware-protocol/messages';
import {
  newKeyPair,
  pinKeyPurpose,
  privateKeyOf,
  seal,
  sha256Hex,
  shortLinkKeyPurpose,
  signText,
} from '@gatecast/firmware-protocol/node';
import type { Card } from '@gatecast/firmware-protocol/pass';
import { checkDocument } from './store/document-check.ts';
import { loadOrCreateKeys, type KeyRing } from './store/identity.ts';
import { Store } from './store/store.ts';

/** What a test may say of a credential besides how it is shown. */
export type Limits = Partial<Omit<Extract<Credential, { kind: 'code' }>, 'kind' | 'id' | 'epoch' | 'tag'>>;

/** What a terminal has besides one door and a list of credentials. */
interface Furniture {
  /** So many doors more. */
  readonly more?: number;
  /** What the list says besides its credentials, sealed to this key. */
  readonly rest?: (sealingKey: string) => Partial<AccessList>;
}

/** A cloud's view of one terminal, for tests: the keys that sign for it, and documents made with them. */
export class TerminalFixture {
  readonly terminal = newId('terminal');
  readonly entrance = newId('entrance');
  readonly doorAuthority = newKeyPair('ed25519');
  readonly timeKey = newKeyPair('ed25519');
  readonly pinKey = randomBytes(32);
  readonly epoch = 7;

  claim(brokerUrl = 'mqtt://127.0.0.1:1'): ClaimResponse {
    return {
      terminal: this.terminal,
      epoch: 1,
      doorAuthority: { kid: 'door-1', publicKey: this.doorAuthority.publicKey },
      brokerUrl,
      timeKey: { kid: 'time-1', publicKey: this.timeKey.publicKey },
    };
  }

  /** One door at OSDP address 0, and as many more after it as `more` says. */
  config(sealingKey: string, { openMs = 3_000, more = 0 } = {}): TerminalConfig {
    return {
      communityName: 'Riverside',
      zone: 'Asia/Shanghai',
      doors: Array.from({ length: 1 + more }, (_, address) => ({
        entrance: address === 0 ? this.entrance : newId('entrance'),
        name: `Gate ${address + 1}`,
        placement: 'gate',
        hardware: { kind: 'osdp', address, lockOutput: 0, contactInput: 0, exitInput: 1, fireInput: 2 },
        readers: [{ address, reader: 0, side: 'entry' }],
        lift: null,
        openMs,
        heldOpenMs: 30_000,
        bounceMs: 50,
        schedules: [],
        override: null,
        antiPassback: false,
      })),
      screen: {
        quiet: { fromMinute: 1_320, toMinute: 420 },
        volumePercent: 50,
        brightnessPercent: 100,
        dimPercent: 60,
        mutedUntil: null,
        officePhone: null,
        complaintUrl: null,
      },
      media: usualMediaTerms,
      shortLinks: {
        base: 'https://example.org/q/',
        terminalNo: 1,
        sealedKey: seal(sealingKey, shortLinkKeyPurpose, randomBytes(32)),
      },
    };
  }

  unitPin(unit: string, pin: string, limits: Limits = {}): Credential {
    const id = newId('credential');
    return { ...anybody(id), ...this.#tagged(pinPreimage(id, pin)), ...limits, kind: 'unit-pin', unit };
  }

  code(code: string, limits: Limits = {}): Credential {
    const id = newId('credential');
    return { ...anybody(id), ...this.#tagged(codePreimage(code)), person: 'visitor', ...limits, kind: 'code' };
  }

  card(card: Pick<Card, 'text'>, limits: Limits = {}): Credential {
    return { ...anybody(newId('credential')), ...this.#tagged(cardPreimage(card.text)), ...limits, kind: 'card' };
  }

  phone({ x, odd }: { readonly x: string; readonly odd: boolean }, limits: Limits = {}): Credential {
    return { ...anybody(newId('credential')), ...limits, kind: 'phone', x, odd };
  }

  /** Credentials in the order of their ids, as the cloud sends them. */
  list(sealingKey: string, credentials: readonly Credential[], rest: Partial<AccessList> = {}): AccessList {
    const sealed = seal(sealingKey, pinKeyPurpose(this.epoch), this.pinKey);
    return {
      zone: 'Asia/Shanghai',
      pinKeys: [{ epoch: this.epoch, sealed }],
      credentials: [...credentials].sort((a, b) => (a.id < b.id ? -1 : 1)),
      schedules: [],
      holidays: [],
      passes: null,
      deny: [],
      ...rest,
    };
  }

  /** A document as the cloud sends it. */
  envelope(kind: DocumentKind, version: number, body: unknown): DocumentEnvelope {
    const unsigned = {
      v: 1,
      kind,
      terminal: this.terminal,
      version,
      hash: sha256Hex(canonicalJson(body)),
      body,
    } as const;
    return signedKinds.has(kind) ? this.signed(unsigned) : unsigned;
  }

  signed(unsigned: DocumentEnvelope): DocumentEnvelope {
    const key = privateKeyOf('ed25519', this.doorAuthority.privateKey);
    const value = signText(key, documentContext, documentPreimage(unsigned));
    return { ...unsigned, signature: { kid: 'door-1', value } };
  }

  /** A data folder of a terminal that was claimed and has taken its configuration and its list. */
  async furnish(
    dataDir: string,
    credentials: readonly Credential[],
    { more = 0, rest = () => ({}) }: Furniture = {},
  ): Promise<KeyRing> {
    const keys = loadOrCreateKeys(dataDir);
    const sealingKey = keys.sealing.publicKey;
    const store = new Store({ dataDir });
    await store.start();
    await store.saveClaim(this.claim());
    for (const [kind, body] of [
      ['config', this.config(sealingKey, { more })],
      ['access', this.list(sealingKey, credentials, rest(sealingKey))],
    ] as const) {
      const bytes = new TextEncoder().encode(JSON.stringify(this.envelope(kind, 1, body))).buffer;
      const { doorAuthority } = this.claim();
      const job = { bytes, kind, terminal: this.terminal, inForce: 0, doorAuthority } as const;
      const checked = checkDocument(job);
      if (!checked.ok) throw new Error(`the fixture's ${kind} is wrong: ${checked.fault}`);
      await store.saveDocument(checked);
      await store.endTrial(kind, 1);
    }
    await store.stop();
    return keys;
  }

  #tagged(preimage: string) {
    return { epoch: this.epoch, tag: createHmac('sha256', this.pinKey).update(preimage).digest('base64url') };
  }
}

const anybody = (id: string) => ({
  id,
  person: 'resident' as const,
  entrances: null,
  from: null,
  to: null,
  uses: null,
  openMs: null,
  floors: [],
  duress: false,
  schedule: null,
  firstUse: null,
});
