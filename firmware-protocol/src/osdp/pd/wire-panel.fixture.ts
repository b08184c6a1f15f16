import { aes128 } from '../../node/aes.ts';
import type { OsdpFrame, SecurityBlock, Sequence } from '../frame/frame.ts';
import { NO_DATA, decodeFrame, encodeFrame, nextSequence } from '../frame/frame.ts';
import type { Command, Payload } from '../messages/commands.ts';
import { encodeCommand } from '../messages/commands.ts';
import type { Reply } from '../messages/replies.ts';
import { decodeReply } from '../messages/replies.ts';
import { SecureSession } from '../secure/secure-session.ts';
import { SCB_DEFAULT_KEY, SCB_DEVICE_KEY, SCS } from '../secure/security-block.ts';
import { SCBK_D, deriveSessionKeys, initialRmac, serverCryptogram } from '../secure/session-keys.ts';
import type { Peripheral, PeripheralOptions } from './peripheral.ts';
import type { PeripheralSecurity } from './peripheral-security.ts';

const RND_A = Uint8Array.from([0xb0, 0xb1, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6, 0xb7]);
const RND_B = Uint8Array.from([0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7]);

/** A board with three inputs, a relay and a reader. */
export const BOARD: PeripheralOptions = {
  address: 0,
  identity: { vendor: '474354', model: 1, version: 1, serial: 7, firmware: { major: 1, minor: 0, build: 0 } },
  inputs: 3,
  outputs: 1,
  readers: 1,
  onChange: () => {},
};

export const OWN_KEY: Uint8Array = Uint8Array.from({ length: 16 }, (_, index) => 0xc0 + index);

/** What a board from the box has: no key, and SCBK-D until it gets one. RND.B is that of the specification's example. */
export function security(change: Partial<PeripheralSecurity> = {}): PeripheralSecurity {
  return { newCipher: aes128, random: () => RND_B, key: undefined, installMode: true, onKeySet: () => {}, ...change };
}

/** What a panel can talk to. */
type WireDevice = Pick<Peripheral, 'receive'>;

/** A panel that says byte for byte what a test wants it to, to one device at address 0. */
export class WirePanel {
  readonly #device: WireDevice;
  #sequence: Sequence | undefined;
  nowMs = 0;
  session: SecureSession | undefined;
  /** As it went out last. */
  lastCommand: Uint8Array = NO_DATA;

  constructor(device: WireDevice) {
    this.#device = device;
  }

  /** The next command begins anew. */
  restart(): void {
    this.#sequence = undefined;
  }

  nextNumber(): Sequence {
    this.#sequence = this.#sequence === undefined ? 0 : nextSequence(this.#sequence);
    return this.#sequence;
  }

  /** The one answer to these bytes; undefined for none. */
  exchange(bytes: Uint8Array): OsdpFrame | undefined {
    this.lastCommand = bytes;
    const [answer] = this.#device.receive(bytes, this.nowMs);
    const frame = answer && decodeFrame(answer);
    if (typeof frame === 'string') {
      throw new Error(`the device sent no frame: ${frame}`);
    }
    return frame;
  }

  /** A command in clear, and what the reply says. */
  ask(command: Command, sequence = this.nextNumber()): Reply | undefined {
    const frame = this.exchange(this.#encode(encodeCommand(command), sequence, undefined));
    return frame && readReply(frame.code, frame.data);
  }

  /** A command through the channel. `security` is the type of the reply's block. */
  askSealed(command: Command): { readonly type: number | undefined; readonly reply: Reply | string } {
    const frame = this.exchange(this.seal(command));
    return { type: frame?.security?.type, reply: frame === undefined ? 'silence' : this.open(frame) };
  }

  seal(command: Command, sequence = this.nextNumber()): Uint8Array {
    if (this.session === undefined) {
      throw new Error('there is no channel');
    }
    return this.session.sealCommand({ address: 0, sequence, check: 'crc', ...encodeCommand(command) });
  }

  open(frame: OsdpFrame): Reply | string {
    if (frame.security === undefined) {
      return readReply(frame.code, frame.data);
    }
    const data = this.session?.openReply(frame) ?? 'no channel';
    return typeof data === 'string' ? data : readReply(frame.code, data);
  }

  /** CHLNG and its answer, and what would be proof that the panel knows `key`. */
  challenge(selector: number, key = OWN_KEY): { readonly frame: OsdpFrame | undefined; readonly proof: Uint8Array } {
    const block = { type: SCS.challenge, data: Uint8Array.of(selector) };
    const challenge = encodeCommand({ kind: 'chlng', rndA: RND_A });
    const frame = this.exchange(this.#encode(challenge, this.nextNumber(), block));
    const rndB = frame !== undefined && frame.data.length > 16 ? frame.data.subarray(8, 16) : RND_B;
    return { frame, proof: serverCryptogram(deriveSessionKeys(aes128, key, RND_A), RND_A, rndB) };
  }

  prove(selector: number, cryptogram: Uint8Array): OsdpFrame | undefined {
    const block = { type: SCS.serverCryptogram, data: Uint8Array.of(selector) };
    return this.exchange(this.#encode(encodeCommand({ kind: 'scrypt', cryptogram }), this.nextNumber(), block));
  }

  /** The whole handshake. Answers the status of RMAC_I: 1 when there is a channel. */
  connect(key: Uint8Array | 'default-key'): number | undefined {
    const selector = key === 'default-key' ? SCB_DEFAULT_KEY : SCB_DEVICE_KEY;
    const scbk = key === 'default-key' ? SCBK_D : key;
    const { proof } = this.challenge(selector, scbk);
    const status = this.prove(selector, proof)?.security?.data[0];
    const keys = deriveSessionKeys(aes128, scbk, RND_A);
    this.session = new SecureSession({ keys, rmac: initialRmac(keys, proof) });
    return status;
  }

  #encode(payload: Payload, sequence: Sequence, block: SecurityBlock | undefined): Uint8Array {
    const content = { direction: 'command', address: 0, check: 'crc', mac: undefined } as const;
    return encodeFrame({ ...content, sequence, security: block, ...payload });
  }
}

function readReply(code: number, data: Uint8Array): Reply {
  const reply = decodeReply(code, data);
  if (typeof reply === 'string') {
    throw new Error(`reply ${code} cannot be read: ${reply}`);
  }
  return reply;
}
