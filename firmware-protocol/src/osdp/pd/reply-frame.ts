import type { OsdpFrame, Sequence } from '../frame/frame.ts';
import { FRAME_BYTES_MAX, MAC_BYTES, checkSize, encodeFrame } from '../frame/frame.ts';
import { NAK } from '../messages/codes.ts';
import type { Payload } from '../messages/commands.ts';
import type { Reply } from '../messages/replies.ts';
import { encodeReply } from '../messages/replies.ts';
import { AES_BLOCK_BYTES } from '../secure/block-cipher.ts';
import type { SecureSession } from '../secure/secure-session.ts';
import { nak } from './nak.ts';

/** SOM, address, length (2), control, code. */
const FIXED_BYTES = 6;
/** Length and type: the channel's security blocks have no data. */
const SECURITY_BLOCK_BYTES = 2;

const TOO_LONG: Payload = encodeReply(nak(NAK.cannotProcess));

/**
 * The reply to `command` in clear, with its number unless another is given. NAK 09 takes the place of one that is longer than
 * `bytesMax`, what the panel said that it can receive (ACURXSIZE, spec 6.19).
 */
export function clearReply(
  command: OsdpFrame,
  reply: Reply,
  { sequence = command.sequence, bytesMax = FRAME_BYTES_MAX }: { sequence?: Sequence; bytesMax?: number } = {},
): Uint8Array {
  const { address, check } = command;
  const payload = encodeReply(reply);
  const { code, data } = plainBytes(payload, command) > bytesMax ? TOO_LONG : payload;
  return encodeFrame({ direction: 'reply', address, check, sequence, security: undefined, mac: undefined, code, data });
}

/** The reply to `command` through the channel, whose chain goes on by one. Status reports are encrypted like everything with data. */
export function sealedReply(session: SecureSession, command: OsdpFrame, reply: Reply, bytesMax: number): Uint8Array {
  const { address, check, sequence } = command;
  const payload = encodeReply(reply);
  const { code, data } = sealedBytes(payload, command) > bytesMax ? TOO_LONG : payload;
  return session.sealReply({ address, check, sequence, code, data });
}

function plainBytes({ data }: Payload, { check }: OsdpFrame): number {
  return FIXED_BYTES + data.length + checkSize(check);
}

function sealedBytes({ data }: Payload, { check }: OsdpFrame): number {
  // One byte of padding at least, then up to whole blocks.
  const sealed = data.length === 0 ? 0 : (Math.floor(data.length / AES_BLOCK_BYTES) + 1) * AES_BLOCK_BYTES;
  return FIXED_BYTES + SECURITY_BLOCK_BYTES + sealed + MAC_BYTES + checkSize(check);
}
