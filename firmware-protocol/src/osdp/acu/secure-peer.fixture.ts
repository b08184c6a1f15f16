import type { OsdpFrame, SecurityBlock, Sequence } from '../frame/frame.ts';
import {
  MAC_BYTES,
  NO_DATA,
  checkSize,
  decodeFrame,
  encodeFrame,
  layOutFrame,
  nextSequence,
  writeCheck,
} from '../frame/frame.ts';
import { COMMAND_CODE, NAK } from '../messages/codes.ts';
import type { Command } from '../messages/commands.ts';
import { decodeCommand } from '../messages/commands.ts';
import type { Reply } from '../messages/replies.ts';
import { encodeReply } from '../messages/replies.ts';
import { SCB_DEFAULT_KEY, SCS } from '../secure/security-block.ts';
import { PeerChannel, aesBlock } from './peer-channel.fixture.ts';
import type { PeerKeys } from './peer-channel.fixture.ts';

/** How other makers' devices differ, as seen on the wire (research of peers). Without any of them: a well-behaved one. */
export interface PeerHabits {
  /** Damaged frame: the channel is gone, and nothing is said. */
  readonly dropsChannelOnBadCheck?: boolean;
  /** Damaged frame: NAK 01, the channel stays. */
  readonly naksBadCheck?: boolean;
  /** Bad MAC: nothing is said and the channel stays. Otherwise NAK 06 and it is gone. */
  readonly ignoresBadMac?: boolean;
  /** LSTATR, ISTATR, OSTATR and RSTATR travel as SCS_15 with data in clear. */
  readonly sendsStatusInClear?: boolean;
  /** A challenge about SCBK-D is answered with the device's own key. */
  readonly answersDefaultWithOwnKey?: boolean;
  /** A wrong proof is answered with status FF. Otherwise NAK 05. */
  readonly refusesProofByStatus?: boolean;
  /** The channel ends after 8 s of silence. */
  readonly endsIdleChannel?: boolean;
  readonly acknowledgesKeysetInClear?: boolean;
  /** KEYSET is refused, sealed. */
  readonly refusesKeyset?: boolean;
  /** CHLNG is not answered at all. */
  readonly ignoresChallenge?: boolean;
  /** Without a channel: NAK 06 for everything but ID, CAP and the handshake. */
  readonly enforcesChannel?: boolean;
  /** Status byte of a good RMAC_I. */
  readonly rmacStatus?: number;
  /** First answer to a channel that it does not know. */
  readonly unknownChannelNak?: number;
}

const identity = { vendor: '535043', model: 1, version: 1, serial: 99, firmware: { major: 1, minor: 0, build: 0 } };
const IDLE_MS = 8_000;
const STATUS_KINDS: ReadonlySet<string> = new Set(['lstatr', 'istatr', 'ostatr', 'rstatr']);

const SCBK_D = Uint8Array.from({ length: 16 }, (_, at) => 0x30 + at);

interface Challenge {
  readonly keys: PeerKeys;
  readonly serverCryptogram: Uint8Array;
}

/** A device of somebody else, written from the specification and with a maker's habits; shares no code with `Peripheral`. */
export class SecurePeer {
  readonly address: number;
  readonly habits: PeerHabits;
  readonly executed: Command['kind'][] = [];
  key: Uint8Array | undefined;
  isInstalling: boolean;
  events: Reply[] = [];
  session: PeerChannel | undefined;
  /** Answers the next command with this, once. */
  scripted: ((frame: OsdpFrame) => Uint8Array | undefined)[] = [];
  /** What it says to the next command instead of obeying it, sealed if there is a channel. */
  nextReply: Reply | undefined;
  #challenge: Challenge | undefined;
  #sequence: Sequence | undefined;
  #reply: Uint8Array = NO_DATA;
  #lastMs = Number.NEGATIVE_INFINITY;
  #handshakes = 0;

  constructor(
    key: Uint8Array | undefined,
    habits: PeerHabits = {},
    { address = 0, isInstalling = key === undefined } = {},
  ) {
    this.address = address;
    this.key = key;
    this.habits = habits;
    this.isInstalling = isInstalling;
  }

  advance(): void {}

  nextDeadlineMs(): undefined {
    return undefined;
  }

  cutPower(): void {
    this.session = undefined;
    this.#challenge = undefined;
    this.#sequence = undefined;
  }

  receive(bytes: Uint8Array, nowMs: number): Uint8Array[] {
    const frame = decodeFrame(bytes);
    if (typeof frame === 'string') {
      return this.#hearDamaged(bytes);
    }
    if (frame.address !== this.address || frame.direction !== 'command') {
      return [];
    }
    if (this.habits.endsIdleChannel === true && nowMs - this.#lastMs > IDLE_MS) {
      this.session = undefined;
    }
    this.#lastMs = nowMs;
    const script = this.scripted.shift();
    const reply = script === undefined ? this.#answer(frame) : script(frame);
    return reply === undefined ? [] : [reply];
  }

  clear(frame: OsdpFrame, reply: Reply, security?: SecurityBlock, sequence = frame.sequence): Uint8Array {
    const content = { direction: 'reply', address: this.address, check: frame.check, mac: undefined } as const;
    return encodeFrame({ ...content, sequence, security, ...encodeReply(reply) });
  }

  nak(frame: OsdpFrame, error: number, sequence = frame.sequence): Uint8Array {
    return this.clear(frame, { kind: 'nak', error, details: new Uint8Array() }, undefined, sequence);
  }

  #hearDamaged(bytes: Uint8Array): Uint8Array[] {
    if (this.habits.dropsChannelOnBadCheck === true) {
      this.session = undefined;
    }
    const isNamed = this.habits.naksBadCheck === true && (bytes[2] ?? 0) === this.address;
    const sequence = ((bytes[5] ?? 0) & 3) as Sequence;
    const nak: Reply = { kind: 'nak', error: NAK.check, details: new Uint8Array() };
    const content = { direction: 'reply', address: this.address, check: 'crc', mac: undefined } as const;
    return isNamed ? [encodeFrame({ ...content, sequence, security: undefined, ...encodeReply(nak) })] : [];
  }

  #answer(frame: OsdpFrame): Uint8Array | undefined {
    if (frame.sequence === 0) {
      this.session = undefined;
    } else if (frame.sequence === this.#sequence) {
      return this.#reply;
    } else if (this.#sequence === undefined || frame.sequence !== nextSequence(this.#sequence)) {
      return this.nak(frame, this.habits.unknownChannelNak ?? NAK.sequence);
    }
    const reply = this.#respond(frame);
    if (reply !== undefined) {
      this.#sequence = frame.sequence;
      this.#reply = reply.slice();
    }
    return reply;
  }

  #respond(frame: OsdpFrame): Uint8Array | undefined {
    if (frame.security?.type === SCS.challenge) {
      return this.#respondToChallenge(frame);
    }
    if (frame.security?.type === SCS.serverCryptogram) {
      return this.#respondToProof(frame);
    }
    const isOpen = frame.code === COMMAND_CODE.id || frame.code === COMMAND_CODE.cap;
    if (frame.security === undefined) {
      this.session = undefined;
      return this.habits.enforcesChannel === true && !isOpen
        ? this.nak(frame, NAK.conditionsNotMet)
        : this.clear(frame, this.#execute(frame.code, frame.data));
    }
    return this.#respondInChannel(frame);
  }

  #respondInChannel(frame: OsdpFrame): Uint8Array | undefined {
    const data = this.session?.open(frame.raw, frame.raw.length - checkSize(frame.check) - MAC_BYTES, frame.data);
    if (data === undefined || this.session === undefined) {
      if (this.session !== undefined && this.habits.ignoresBadMac === true) {
        return undefined;
      }
      this.session = undefined;
      return this.nak(frame, this.habits.unknownChannelNak ?? NAK.conditionsNotMet);
    }
    const reply = this.#execute(frame.code, data);
    const isClearAck = this.habits.acknowledgesKeysetInClear === true && frame.code === COMMAND_CODE.keyset;
    return isClearAck ? this.clear(frame, reply) : this.#seal(this.session, frame, reply);
  }

  #seal(channel: PeerChannel, { sequence, check }: OsdpFrame, reply: Reply): Uint8Array {
    const payload = encodeReply(reply);
    const isClear = this.habits.sendsStatusInClear === true && STATUS_KINDS.has(reply.kind);
    const isEncrypted = payload.data.length > 0 && !isClear;
    const security = { type: isClear ? SCS.commandMac : isEncrypted ? SCS.replySealed : SCS.replyMac, data: NO_DATA };
    const data = isEncrypted ? channel.encrypt(payload.data) : payload.data;
    const content = { direction: 'reply', address: this.address, sequence, check, mac: undefined } as const;
    const bytes = layOutFrame({ ...content, security, code: payload.code, data }, true, MAC_BYTES);
    const macAt = bytes.length - checkSize(check) - MAC_BYTES;
    bytes.set(channel.sealMac(bytes.subarray(1, macAt)).subarray(0, MAC_BYTES), macAt);
    writeCheck(bytes, 1, check);
    return bytes;
  }

  #respondToChallenge(frame: OsdpFrame): Uint8Array | undefined {
    if (this.habits.ignoresChallenge === true) {
      return undefined;
    }
    this.session = undefined;
    const command = decodeCommand(frame.code, frame.data);
    const isDefault = frame.security?.data[0] === SCB_DEFAULT_KEY;
    const scbk = this.#scbkFor(isDefault);
    if (typeof command === 'string' || command.kind !== 'chlng' || scbk === undefined) {
      return this.nak(frame, NAK.securityBlock);
    }
    this.#handshakes += 1;
    const rndB = Uint8Array.from({ length: 8 }, (_, at) => (this.#handshakes * 7 + at) & 0xff);
    const { rndA } = command;
    const keys = sessionKeys(scbk, rndA);
    this.#challenge = { keys, serverCryptogram: aesBlock(keys.enc, Uint8Array.of(...rndB, ...rndA)) };
    const cryptogram = aesBlock(keys.enc, Uint8Array.of(...rndA, ...rndB));
    const block = { type: SCS.clientCryptogram, data: Uint8Array.of(isDefault ? 0 : 1) };
    return this.clear(frame, { kind: 'ccrypt', clientId: new Uint8Array(8), rndB, cryptogram }, block);
  }

  #scbkFor(isDefault: boolean): Uint8Array | undefined {
    if (!isDefault) {
      return this.key;
    }
    return this.isInstalling ? SCBK_D : this.habits.answersDefaultWithOwnKey === true ? this.key : undefined;
  }

  #respondToProof(frame: OsdpFrame): Uint8Array {
    const challenge = this.#challenge;
    this.#challenge = undefined;
    const command = decodeCommand(frame.code, frame.data);
    if (typeof command === 'string' || command.kind !== 'scrypt' || challenge === undefined) {
      return this.nak(frame, NAK.securityBlock);
    }
    const { keys, serverCryptogram } = challenge;
    if (!serverCryptogram.every((byte, at) => byte === command.cryptogram[at])) {
      const refusal = { type: SCS.initialRmac, data: Uint8Array.of(0xff) };
      return this.habits.refusesProofByStatus === true
        ? this.clear(frame, { kind: 'rmac', rmac: new Uint8Array() }, refusal)
        : this.nak(frame, NAK.securityBlock);
    }
    const rmac = aesBlock(keys.mac2, aesBlock(keys.mac1, serverCryptogram));
    this.session = new PeerChannel(keys, rmac);
    const block = { type: SCS.initialRmac, data: Uint8Array.of(this.habits.rmacStatus ?? 1) };
    return this.clear(frame, { kind: 'rmac', rmac }, block);
  }

  #execute(code: number, data: Uint8Array): Reply {
    const command = decodeCommand(code, data);
    if (typeof command === 'string') {
      return { kind: 'nak', error: NAK.unknownCommand, details: new Uint8Array() };
    }
    const instead = command.kind === 'poll' ? undefined : this.nextReply;
    if (instead !== undefined) {
      this.nextReply = undefined;
      return instead;
    }
    this.executed.push(command.kind);
    switch (command.kind) {
      case 'id':
        return { kind: 'pdid', identity };
      case 'cap':
        return { kind: 'pdcap', capabilities: [] };
      case 'poll':
        return this.events.shift() ?? { kind: 'ack' };
      case 'lstat':
        return { kind: 'lstatr', tampered: true, powerFailed: false };
      case 'keyset':
        if (this.habits.refusesKeyset === true) {
          return { kind: 'nak', error: NAK.cannotProcess, details: new Uint8Array() };
        }
        this.key = Uint8Array.from(command.key);
        this.isInstalling = false;
        return { kind: 'ack' };
      default:
        return { kind: 'ack' };
    }
  }
}

function sessionKeys(scbk: Uint8Array, rndA: Uint8Array): PeerKeys {
  const sessionKey = (label: number): Uint8Array =>
    aesBlock(scbk, Uint8Array.of(1, label, ...rndA.subarray(0, 6), ...new Uint8Array(8)));
  return { enc: sessionKey(0x82), mac1: sessionKey(0x01), mac2: sessionKey(0x02) };
}
