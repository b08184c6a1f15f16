import { FRAME_BYTES_MAX, MAC_BYTES, NO_DATA, checkSize, layOutFrame, writeCheck } from '../frame/frame.ts';
import type { FrameCheck, FrameDirection, OsdpFrame, SecurityBlock, Sequence } from '../frame/frame.ts';
import { AES_BLOCK_BYTES } from './block-cipher.ts';
import { decryptData, encryptData, macOf } from './cbc.ts';
import { SCS } from './security-block.ts';
import type { SessionKeys } from './session-keys.ts';

/** What a sealed frame says; `data` in clear. */
export interface SecureContent {
  readonly address: number;
  readonly sequence: Sequence;
  readonly check: FrameCheck;
  readonly code: number;
  readonly data: Uint8Array;
}

/**
 * Why a frame says nothing: `mac`, not made by the other end for this place of the chain (or damaged, or a copy of an old one);
 * `padding`, sealed by the other end but not as data is padded; `not-secure`, no security block that protects it.
 */
export type SecureFault = 'mac' | 'padding' | 'not-secure';

export interface SecureSessionOptions {
  readonly keys: SessionKeys;
  /** R-MAC-I. */
  readonly rmac: Uint8Array;
}

/** Most that a message can carry in a channel: what is left of the longest frame, whole blocks of it, and one byte of padding. */
export const SEALED_DATA_BYTES_MAX =
  Math.floor((FRAME_BYTES_MAX - 5 - 2 - 1 - MAC_BYTES - 2) / AES_BLOCK_BYTES) * AES_BLOCK_BYTES - 1;

const COMMAND_MAC: SecurityBlock = { type: SCS.commandMac, data: NO_DATA };
const REPLY_MAC: SecurityBlock = { type: SCS.replyMac, data: NO_DATA };
const COMMAND_SEALED: SecurityBlock = { type: SCS.commandSealed, data: NO_DATA };
const REPLY_SEALED: SecurityBlock = { type: SCS.replySealed, data: NO_DATA };

/**
 * MAC chain and encryption of one secure channel after its handshake (spec annex D.5), one end of it. A command continues the
 * chain from the last R-MAC and makes the C-MAC, a reply continues from that and makes the next R-MAC.
 *
 * To seal a frame or to open a genuine one advances the chain. To open a frame again before the next one of the other direction
 * changes nothing; a fault changes nothing either, except that `padding` is told about a genuine frame. A repeat is not sealed
 * again: the same bytes are sent. One who only listens opens both directions on one session, each frame once.
 */
export class SecureSession {
  readonly #keys: SessionKeys;
  #rmac: Uint8Array;
  #cmac: Uint8Array;

  constructor({ keys, rmac }: SecureSessionOptions) {
    this.#keys = keys;
    this.#rmac = rmac;
    this.#cmac = rmac;
  }

  /** The bytes of a command: SCS_15 without data, else SCS_17. Throws RangeError for more than a frame holds. */
  sealCommand(content: SecureContent, { mark = true } = {}): Uint8Array {
    const bytes = this.#layOut('command', content, mark, this.#rmac);
    this.#cmac = this.#protect(bytes, mark ? 1 : 0, content.check, this.#rmac);
    return bytes;
  }

  /** The bytes of a reply: SCS_16 without data, else SCS_18. Throws RangeError for more than a frame holds. */
  sealReply(content: SecureContent, { mark = true } = {}): Uint8Array {
    const bytes = this.#layOut('reply', content, mark, this.#cmac);
    this.#rmac = this.#protect(bytes, mark ? 1 : 0, content.check, this.#cmac);
    return bytes;
  }

  /** Data of a received command in clear. */
  openCommand(frame: OsdpFrame): Uint8Array | SecureFault {
    const type = frame.security?.type;
    // A command in clear is refused even with a good MAC: KEYSET must not travel so.
    if (type !== SCS.commandSealed && (type !== SCS.commandMac || frame.data.length > 0)) {
      return 'not-secure';
    }
    const mac = this.#verified(frame, this.#rmac);
    if (mac === undefined) {
      return 'mac';
    }
    this.#cmac = mac;
    return type === SCS.commandSealed ? decryptData(this.#keys.enc, this.#rmac, frame.data) : NO_DATA;
  }

  /**
   * Data of a received reply in clear. A common device sends its status reports unencrypted, as SCS_15 or SCS_16, with a good MAC:
   * that is accepted.
   */
  openReply(frame: OsdpFrame): Uint8Array | SecureFault {
    const type = frame.security?.type;
    if (type !== SCS.replySealed && type !== SCS.replyMac && type !== SCS.commandMac) {
      return 'not-secure';
    }
    const mac = this.#verified(frame, this.#cmac);
    if (mac === undefined) {
      return 'mac';
    }
    this.#rmac = mac;
    return type === SCS.replySealed ? decryptData(this.#keys.enc, this.#cmac, frame.data) : frame.data;
  }

  #layOut(
    direction: FrameDirection,
    { address, sequence, check, code, data: clear }: SecureContent,
    mark: boolean,
    icv: Uint8Array,
  ): Uint8Array {
    const isSealed = clear.length > 0;
    const isCommand = direction === 'command';
    const security = isSealed ? (isCommand ? COMMAND_SEALED : REPLY_SEALED) : isCommand ? COMMAND_MAC : REPLY_MAC;
    const data = isSealed ? encryptData(this.#keys.enc, icv, clear) : NO_DATA;
    const content = { direction, address, sequence, check, security, code, data, mac: undefined };
    return layOutFrame(content, mark, MAC_BYTES);
  }

  /** Writes MAC and check; all of the MAC continues the chain. */
  #protect(bytes: Uint8Array, start: number, check: FrameCheck, icv: Uint8Array): Uint8Array {
    const macAt = bytes.length - checkSize(check) - MAC_BYTES;
    const mac = macOf(this.#keys, icv, bytes, start, macAt);
    for (let index = 0; index < MAC_BYTES; index += 1) {
      bytes[macAt + index] = mac[index] ?? 0;
    }
    writeCheck(bytes, start, check);
    return mac;
  }

  /** The whole MAC of a frame, if the part of it that travelled is the same. */
  #verified({ raw, check }: OsdpFrame, icv: Uint8Array): Uint8Array | undefined {
    const macAt = raw.length - checkSize(check) - MAC_BYTES;
    const mac = macOf(this.#keys, icv, raw, 0, macAt);
    let difference = 0;
    for (let index = 0; index < MAC_BYTES; index += 1) {
      difference |= (mac[index] ?? 0) ^ (raw[macAt + index] ?? 0);
    }
    return difference === 0 ? mac : undefined;
  }
}
