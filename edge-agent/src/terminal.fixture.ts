import { createHmac, randomBytes } from 'node:crypto';
import { newId } from '@gatecast/firmware-protocol';
import {
  canonicalJson,
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
import { checkDocument } from './store/document-check.ts';
import { loadOrCreateKeys, type TerminalKeys } from './store/identity.ts';
import { Store } from './store/store.ts';

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
      screen: { quiet: { fromMinute: 1_320, toMinute: 420 }, volumePercent: 50 },
      shortLinks: {
        base: 'https://example.org/q/',
        terminalNo: 1,
        sealedKey: seal(sealingKey, shortLinkKeyPurpose, randomBytes(32)),
      },
    };
  }

  unitPin(unit: string, pin: string, limits: Partial<Credential> = {}): Credential {
    const id = newId('credential');
    return { ...this.#anybody(id, pinPreimage(id, pin)), ...limits, kind: 'unit-pin', unit };
  }

  code(code: string, limits: Partial<Credential> = {}): Credential {
    return { ...this.#anybody(newId('credential'), codePreimage(code)), person: 'visitor', ...limits, kind: 'code' };
  }

  list(sealingKey: string, credentials: readonly Credential[], deny: readonly string[] = []): AccessList {
    const sealed = seal(sealingKey, pinKeyPurpose(this.epoch), this.pinKey);
    return {
      zone: 'Asia/Shanghai',
      pinKeys: [{ epoch: this.epoch, sealed }],
      credentials: [...credentials],
      deny: [...deny],
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
    if (!signedKinds.has(kind)) return unsigned;
    const key = privateKeyOf('ed25519', this.doorAuthority.privateKey);
    return {
      ...unsigned,
      signature: { kid: 'door-1', value: signText(key, documentContext, documentPreimage(unsigned)) },
    };
  }

  /** A data folder of a terminal that was claimed and has taken its configuration and its list. */
  async furnish(dataDir: string, credentials: readonly Credential[], { more = 0 } = {}): Promise<TerminalKeys> {
    const keys = loadOrCreateKeys(dataDir);
    const sealingKey = keys.sealing.publicKey;
    const store = new Store({ dataDir });
    await store.start();
    await store.saveClaim(this.claim());
    for (const [kind, body] of [
      ['config', this.config(sealingKey, { more })],
      ['access', this.list(sealingKey, credentials)],
    ] as const) {
      const bytes = new TextEncoder().encode(JSON.stringify(this.envelope(kind, 1, body))).buffer;
      const { doorAuthority } = this.claim();
      const job = { job: 'check-document', bytes, kind, terminal: this.terminal, inForce: 0, doorAuthority } as const;
      const checked = checkDocument(job);
      if (!checked.ok) throw new Error(`the fixture's ${kind} is wrong: ${checked.fault}`);
      await store.saveDocument(checked);
    }
    await store.stop();
    return keys;
  }

  #anybody(id: string, preimage: string) {
    const tag = createHmac('sha256', this.pinKey).update(preimage).digest('base64url');
    return {
      id,
      person: 'resident' as const,
      entrances: null,
      from: null,
      to: null,
      uses: null,
      openMs: null,
      floors: [],
      duress: false,
      epoch: this.epoch,
      tag,
    };
  }
}
