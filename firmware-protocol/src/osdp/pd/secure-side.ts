import type { OsdpFrame } from '../frame/frame.ts';
import { encodeFrame } from '../frame/frame.ts';
import { COMMAND_CODE, NAK } from '../messages/codes.ts';
import { decodeCommand } from '../messages/commands.ts';
import type { Payload } from '../messages/commands.ts';
import type { Reply } from '../messages/replies.ts';
import { encodeReply } from '../messages/replies.ts';
import { AES_BLOCK_BYTES } from '../secure/block-cipher.ts';
import { isSameSecret } from '../secure/constant-time.ts';
import type { SecureFault } from '../secure/secure-session.ts';
import { SecureSession } from '../secure/secure-session.ts';
import { SCB_DEFAULT_KEY, SCB_DEVICE_KEY, SCS } from '../secure/security-block.ts';
import type { SessionKeys } from '../secure/session-keys.ts';
import {
  RND_BYTES,
  SCBK_D,
  clientCryptogram,
  deriveSessionKeys,
  initialRmac,
  serverCryptogram,
} from '../secure/session-keys.ts';
import type { SecurityReport } from './device-description.ts';
import { nak } from './nak.ts';
import type { PeripheralSecurity, SecureState } from './peripheral-security.ts';

/** A reply of the handshake travels in a security block of its own, or as a refusal in clear. */
export type HandshakeReply = { readonly frame: Uint8Array } | { readonly refused: number };

interface Challenge {
  readonly selector: number;
  readonly keys: SessionKeys;
  readonly rndA: Uint8Array;
  readonly rndB: Uint8Array;
}

interface Channel {
  readonly selector: number;
  readonly session: SecureSession;
}

/** Commands in a row that do not fit the channel, before it is given up. */
const FOREIGN_COMMANDS_MAX = 2;
const RMAC_ACCEPTED = 1;
const RMAC_REFUSED = 0xff;
const KEY_TYPE_SCBK = 1;

/** The device's end of the secure channel (spec annex D): handshake, key, and whether there is a channel now. */
export class SecureSide {
  readonly #security: PeripheralSecurity;
  readonly #clientId: Uint8Array;
  #key: Uint8Array | undefined;
  #isInstalling: boolean;
  #challenge: Challenge | undefined;
  #channel: Channel | undefined;
  #foreignCommands = 0;

  /** `clientId` is the cUID of CCRYPT, 8 bytes. */
  constructor(security: PeripheralSecurity, clientId: Uint8Array) {
    this.#security = security;
    this.#clientId = clientId;
    this.#key = security.key;
    this.#isInstalling = security.installMode;
  }

  get state(): SecureState {
    if (this.#channel === undefined) {
      return 'plain';
    }
    return this.#channel.selector === SCB_DEFAULT_KEY ? 'default-key' : 'secured';
  }

  get report(): SecurityReport {
    return this.#key === undefined ? 'default-key' : 'own-key';
  }

  get isInstalling(): boolean {
    return this.#isInstalling;
  }

  /** What is not part of the handshake, ID or CAP has to come through a channel. */
  get isEnforced(): boolean {
    return this.#security.enforced === true && this.#key !== undefined;
  }

  /** The channel of this moment, if there is one. */
  get session(): SecureSession | undefined {
    return this.#channel?.session;
  }

  /** Ends channel and handshake; the panel has to begin with CHLNG. */
  drop(): void {
    this.#challenge = undefined;
    this.#channel = undefined;
    this.#foreignCommands = 0;
  }

  /** Answers SCS_11 and SCS_13. A wrong step ends what was going on. */
  handshake(frame: OsdpFrame): HandshakeReply {
    const challenge = this.#challenge;
    this.drop();
    const command = decodeCommand(frame.code, frame.data);
    if (typeof command === 'string') {
      return { refused: command === 'unknown-code' ? NAK.securityBlock : NAK.length };
    }
    if (frame.security?.type === SCS.challenge && command.kind === 'chlng') {
      return this.#answerChallenge(frame, command.rndA);
    }
    if (frame.security?.type === SCS.serverCryptogram && command.kind === 'scrypt') {
      return this.#answerCryptogram(frame, command.cryptogram, challenge);
    }
    return { refused: NAK.securityBlock };
  }

  /** The data of a command that came through the channel. */
  open(frame: OsdpFrame): Uint8Array | SecureFault {
    const opened = this.#channel?.session.openCommand(frame) ?? 'not-secure';
    if (typeof opened !== 'string') {
      this.#foreignCommands = 0;
    }
    return opened;
  }

  /**
   * A command that does not fit the channel: forged, a late copy, or from a panel that has lost its place. The first ones are not worth
   * an answer, or anybody could end the channel with one frame; true when it is the panel, which has to begin anew.
   */
  isLostBy(fault: SecureFault | 'number'): boolean {
    this.#foreignCommands += 1;
    return this.#channel === undefined || fault === 'padding' || this.#foreignCommands > FOREIGN_COMMANDS_MAX;
  }

  /**
   * KEYSET (spec 6.16), which must have come through a channel. The channel goes on with the old key; the next handshake is with
   * the new one, and SCBK-D is over.
   */
  setKey(keyType: number, key: Uint8Array): Reply {
    if (keyType !== KEY_TYPE_SCBK || key.length !== AES_BLOCK_BYTES) {
      return nak(NAK.cannotProcess);
    }
    const own = key.slice();
    this.#security.onKeySet(own);
    this.#key = own;
    this.#isInstalling = false;
    return { kind: 'ack' };
  }

  #answerChallenge(frame: OsdpFrame, rndA: Uint8Array): HandshakeReply {
    const selector = frame.security?.data[0] ?? SCB_DEFAULT_KEY;
    const scbk = this.#keyFor(selector);
    if (scbk === undefined) {
      return { refused: NAK.securityBlock };
    }
    const { newCipher, random } = this.#security;
    const rndB = random(RND_BYTES);
    const keys = deriveSessionKeys(newCipher, scbk, rndA);
    this.#challenge = { selector, keys, rndA: rndA.slice(), rndB };
    const cryptogram = clientCryptogram(keys, rndA, rndB);
    const reply: Reply = { kind: 'ccrypt', clientId: this.#clientId, rndB, cryptogram };
    return { frame: encodeHandshake(frame, SCS.clientCryptogram, selector, encodeReply(reply)) };
  }

  #answerCryptogram(frame: OsdpFrame, proof: Uint8Array, challenge: Challenge | undefined): HandshakeReply {
    if (challenge === undefined || frame.security?.data[0] !== challenge.selector) {
      return { refused: NAK.conditionsNotMet };
    }
    const { selector, keys, rndA, rndB } = challenge;
    const cryptogram = serverCryptogram(keys, rndA, rndB);
    if (!isSameSecret(proof, cryptogram)) {
      const refusal = encodeReply({ kind: 'rmac', rmac: new Uint8Array() });
      return { frame: encodeHandshake(frame, SCS.initialRmac, RMAC_REFUSED, refusal) };
    }
    const rmac = initialRmac(keys, cryptogram);
    this.#channel = { selector, session: new SecureSession({ keys, rmac }) };
    return { frame: encodeHandshake(frame, SCS.initialRmac, RMAC_ACCEPTED, encodeReply({ kind: 'rmac', rmac })) };
  }

  #keyFor(selector: number): Uint8Array | undefined {
    if (selector === SCB_DEVICE_KEY) {
      return this.#key;
    }
    return selector === SCB_DEFAULT_KEY && this.#isInstalling ? SCBK_D : undefined;
  }
}

/** Codes that an enforcing device answers in clear; the handshake has its own security blocks. */
export const CODES_IN_CLEAR: ReadonlySet<number> = new Set([COMMAND_CODE.id, COMMAND_CODE.cap]);

function encodeHandshake(command: OsdpFrame, type: number, status: number, payload: Payload): Uint8Array {
  const { address, sequence, check } = command;
  const security = { type, data: Uint8Array.of(status) };
  return encodeFrame({ direction: 'reply', address, sequence, check, security, mac: undefined, ...payload });
}
