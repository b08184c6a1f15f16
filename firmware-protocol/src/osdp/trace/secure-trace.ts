import type { OsdpFrame } from '../frame/frame.ts';
import { isCheckValid } from '../frame/frame.ts';
import { COMMAND_CODE } from '../messages/codes.ts';
import { decodeCommand } from '../messages/commands.ts';
import { decodeReply } from '../messages/replies.ts';
import type { NewBlockCipher } from '../secure/block-cipher.ts';
import { SecureSession } from '../secure/secure-session.ts';
import type { SessionKeys } from '../secure/session-keys.ts';
import { SCBK_D, clientCryptogram, deriveSessionKeys, initialRmac, serverCryptogram } from '../secure/session-keys.ts';
import type { FrameTrace, OpenedFrame } from './frame-trace.ts';
import { traceFrame, unopened } from './frame-trace.ts';

/** A secure channel base key (16 bytes) that one who listens knows; with `address` it is only tried on that device. */
export interface TraceKey {
  readonly key: Uint8Array;
  readonly address?: number;
}

export interface TraceSessionOptions {
  readonly newCipher: NewBlockCipher;
  /** Beside SCBK-D, which everybody knows. */
  readonly keys?: readonly TraceKey[];
}

/** A line with more re-keyings than that is no door: the oldest learnt key is forgotten. */
export const LEARNT_KEYS_MAX = 256;

/** What is known of one device's secure channel. */
interface Conversation {
  rndA: Uint8Array | undefined;
  /** Both ends proved to hold a key that we know too. */
  proof: { readonly keys: SessionKeys; readonly cryptogram: Uint8Array } | undefined;
  session: SecureSession | undefined;
  /** The last frame each way, and what it said: who repeats himself says nothing new, and the chain stays where it is. */
  lastCommand: Told | undefined;
  lastReply: Told | undefined;
}

interface Told {
  readonly raw: Uint8Array;
  readonly trace: FrameTrace;
}

/**
 * Listens to a line from its frames in their order, and follows the secure channel of each device whose handshake it hears and
 * whose key it knows: SCBK-D, the given keys, and those that a KEYSET brought. What begins before it listened stays closed.
 */
export class TraceSession {
  readonly #newCipher: NewBlockCipher;
  readonly #givenKeys: readonly TraceKey[];
  readonly #learntKeys: Uint8Array[] = [];
  readonly #conversations = new Map<number, Conversation>();

  constructor({ newCipher, keys = [] }: TraceSessionOptions) {
    this.#newCipher = newCipher;
    this.#givenKeys = keys;
  }

  /** What the next frame says. */
  trace(frame: OsdpFrame): FrameTrace {
    const conversation = this.#conversationWith(frame.address);
    const before = frame.direction === 'command' ? conversation.lastCommand : conversation.lastReply;
    if (before !== undefined && isSame(before.raw, frame.raw)) {
      return before.trace;
    }
    if (!isCheckValid(frame.raw)) {
      return traceFrame(frame, damaged(frame, conversation));
    }
    const opened = this.#open(frame, conversation);
    const told = { raw: frame.raw, trace: traceFrame(frame, opened) };
    if (frame.direction === 'command') {
      conversation.lastCommand = told;
    } else {
      conversation.lastReply = told;
    }
    if (opened.clear !== undefined && opened.mac !== 'bad') {
      this.#learn(frame, opened.clear);
    }
    return told.trace;
  }

  #conversationWith(address: number): Conversation {
    const known = this.#conversations.get(address);
    const conversation = known ?? {
      rndA: undefined,
      proof: undefined,
      session: undefined,
      lastCommand: undefined,
      lastReply: undefined,
    };
    this.#conversations.set(address, conversation);
    return conversation;
  }

  #open(frame: OsdpFrame, conversation: Conversation): OpenedFrame {
    if (frame.mac !== undefined) {
      return openSealed(frame, conversation.session);
    }
    if (frame.direction === 'command') {
      this.#hearCommand(frame, conversation);
    } else {
      this.#hearReply(frame, conversation);
    }
    return unopened(frame);
  }

  #hearCommand(frame: OsdpFrame, conversation: Conversation): void {
    const command = decodeCommand(frame.code, frame.data);
    if (typeof command === 'string') {
      return;
    }
    if (command.kind === 'chlng') {
      conversation.rndA = command.rndA;
      conversation.proof = undefined;
      conversation.session = undefined;
    } else if (command.kind === 'scrypt') {
      conversation.session = sessionAfter(conversation.proof, command.cryptogram);
    } else if (frame.sequence === 0) {
      // Spec 5.9: a restart of the numbers ends the channel.
      conversation.session = undefined;
    }
  }

  #hearReply(frame: OsdpFrame, conversation: Conversation): void {
    const reply = decodeReply(frame.code, frame.data);
    if (typeof reply === 'string') {
      return;
    }
    if (reply.kind === 'ccrypt' && conversation.rndA !== undefined) {
      conversation.proof = this.#proofOf(frame.address, conversation.rndA, reply.rndB, reply.cryptogram);
    } else if (reply.kind === 'rmac' && conversation.proof !== undefined) {
      const expected = initialRmac(conversation.proof.keys, conversation.proof.cryptogram);
      if (!isSame(reply.rmac, expected)) {
        conversation.session = undefined;
      }
    }
  }

  /** The known key that the device made its cryptogram with. */
  #proofOf(address: number, rndA: Uint8Array, rndB: Uint8Array, cryptogram: Uint8Array): Conversation['proof'] {
    for (const key of this.#keysFor(address)) {
      const keys = deriveSessionKeys(this.#newCipher, key, rndA);
      if (isSame(clientCryptogram(keys, rndA, rndB), cryptogram)) {
        return { keys, cryptogram: serverCryptogram(keys, rndA, rndB) };
      }
    }
    return undefined;
  }

  *#keysFor(address: number): Generator<Uint8Array> {
    yield* this.#learntKeys.toReversed();
    for (const { key, address: only } of this.#givenKeys) {
      if (only === undefined || only === address) {
        yield key;
      }
    }
    yield SCBK_D;
  }

  /** A key is tried on every device from now on: it stays with its device when that gets another address. */
  #learn({ direction, code }: OsdpFrame, clear: Uint8Array): void {
    const command = direction === 'command' && code === COMMAND_CODE.keyset ? decodeCommand(code, clear) : undefined;
    if (command === undefined || typeof command === 'string' || command.kind !== 'keyset') {
      return;
    }
    this.#learntKeys.push(command.key);
    if (this.#learntKeys.length > LEARNT_KEYS_MAX) {
      this.#learntKeys.shift();
    }
  }
}

/** The channel that a panel opens with this server cryptogram. */
function sessionAfter(proof: Conversation['proof'], cryptogram: Uint8Array): SecureSession | undefined {
  if (proof === undefined || !isSame(proof.cryptogram, cryptogram)) {
    return undefined;
  }
  return new SecureSession({ keys: proof.keys, rmac: initialRmac(proof.keys, cryptogram) });
}

function openSealed(frame: OsdpFrame, session: SecureSession | undefined): OpenedFrame {
  if (session === undefined) {
    return unopened(frame);
  }
  const opened = frame.direction === 'command' ? session.openCommand(frame) : session.openReply(frame);
  if (typeof opened !== 'string') {
    return { mac: 'ok', clear: opened };
  }
  return { mac: opened === 'padding' ? 'ok' : 'bad', clear: undefined };
}

/** A frame with a wrong check never moves the chain; what a MAC covers has most likely changed as well. */
function damaged(frame: OsdpFrame, { session }: Conversation): OpenedFrame {
  const { mac, clear } = unopened(frame);
  return { mac: mac === 'none' || session === undefined ? mac : 'bad', clear };
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
