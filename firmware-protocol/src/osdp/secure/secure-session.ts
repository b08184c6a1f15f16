import { FRAME_BYTES_MAX, MAC_BYTES, NO_DATA, checkSize, layOutFrame, writeCheck } from '../frame/frame.ts';
import type { FrameCheck, FrameDirection, OsdpFrame, SecurityBlock, Sequence } from '../frame/frame.ts';
import { AES_BLOCK_BYTES } from './block-cipher.ts';
import type { BlockCipher } from './block-cipher.ts';
import { decryptData, encryptData } from './cbc.ts';
import { MacChain } from './mac-chain.ts';
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

interface MarkOption {
  readonly mark?: boolean;
}

const MARKED: MarkOption = { mark: true };
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
  readonly #enc: BlockCipher;
  readonly #chain: MacChain;

  constructor({ keys, rmac }: SecureSessionOptions) {
    this.#enc = keys.enc;
    this.#chain = new MacChain(keys, rmac);
  }

  /** The bytes of a command: SCS_15 without data, else SCS_17. Throws RangeError for more than a frame holds. */
  sealCommand(content: SecureContent, { mark = true }: MarkOption = MARKED): Uint8Array {
    const isBare = content.data.length === 0;
    const data = isBare ? NO_DATA : encryptData(this.#enc, this.#chain.rmac, content.data);
    const bytes = layOut('command', isBare ? COMMAND_MAC : COMMAND_SEALED, content, data, mark);
    const from = mark ? 1 : 0;
    this.#chain.sealCommand(bytes, from, macPlace(bytes, content.check));
    writeCheck(bytes, from, content.check);
    return bytes;
  }

  /** The bytes of a reply: SCS_16 without data, else SCS_18. Throws RangeError for more than a frame holds. */
  sealReply(content: SecureContent, { mark = true }: MarkOption = MARKED): Uint8Array {
    const isBare = content.data.length === 0;
    const data = isBare ? NO_DATA : encryptData(this.#enc, this.#chain.cmac, content.data);
    const bytes = layOut('reply', isBare ? REPLY_MAC : REPLY_SEALED, content, data, mark);
    const from = mark ? 1 : 0;
    this.#chain.sealReply(bytes, from, macPlace(bytes, content.check));
    writeCheck(bytes, from, content.check);
    return bytes;
  }

  /** Data of a received command in clear. */
  openCommand(frame: OsdpFrame): Uint8Array | SecureFault {
    const type = frame.security?.type;
    // A command in clear is refused even with a good MAC: KEYSET must not travel so.
    if (type !== SCS.commandSealed && (type !== SCS.commandMac || frame.data.length > 0)) {
      return 'not-secure';
    }
    if (!this.#chain.openCommand(frame.raw, macPlace(frame.raw, frame.check))) {
      return 'mac';
    }
    return type === SCS.commandSealed ? decryptData(this.#enc, this.#chain.rmac, frame.data) : NO_DATA;
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
    if (!this.#chain.openReply(frame.raw, macPlace(frame.raw, frame.check))) {
      return 'mac';
    }
    return type === SCS.replySealed ? decryptData(this.#enc, this.#chain.cmac, frame.data) : frame.data;
  }
}

function layOut(
  direction: FrameDirection,
  security: SecurityBlock,
  { address, sequence, check, code }: SecureContent,
  data: Uint8Array,
  mark: boolean,
): Uint8Array {
  const content = { direction, address, sequence, check, security, code, data, mac: undefined };
  return layOutFrame(content, mark, MAC_BYTES);
}

/** Where the MAC of a whole frame begins. */
function macPlace(bytes: Uint8Array, check: FrameCheck): number {
  return bytes.length - checkSize(check) - MAC_BYTES;
}
