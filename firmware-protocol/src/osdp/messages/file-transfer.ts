import type { PayloadFault, PayloadReader } from './payload.ts';
import { PayloadWriter, within } from './payload.ts';

/** One piece of a file (spec 6.26). With no bytes at `offset` = `total` it only asks how far the device is. */
export interface FileTransferCommand {
  readonly kind: 'filetransfer';
  /** 1 opaque, 0x80 and above private to a maker. */
  readonly fileType: number;
  /** Bytes of the whole file. */
  readonly total: number;
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** How a device takes a file (spec 7.25). */
export interface FileStatusReply {
  readonly kind: 'ftstat';
  /** Other commands may come between the pieces. */
  readonly mayInterleave: boolean;
  /** The panel shall leave the secure channel for the rest of the file. */
  readonly leavesSecureChannel: boolean;
  /** A poll would fetch something. */
  readonly hasPollReply: boolean;
  /** Before the next piece: 0..65,535 ms. */
  readonly delayMs: number;
  /** One of {@link FILE_STATUS}, or what else a device says in -32,768..32,767; below 0 the file has failed. */
  readonly status: number;
  /** The longest piece from now on, in bytes; 0 leaves it as it was. */
  readonly bytesMax: number;
}

/** Status of FTSTAT. While `finishing` the panel sends pieces without bytes until it hears something else. */
export const FILE_STATUS = {
  goOn: 0,
  processed: 1,
  rebooting: 2,
  finishing: 3,
  aborted: -1,
  unrecognised: -2,
  malformed: -3,
} as const;

const PIECE_HEADER_BYTES = 11;
const STATUS_BYTES = 7;
const ACTION = { interleave: 1, leaveSecureChannel: 2, pollAvailable: 4 } as const;

export function encodeFileTransfer({ fileType, total, offset, bytes }: FileTransferCommand): Uint8Array {
  if (offset + bytes.length > total) {
    throw new RangeError(`piece of ${bytes.length} bytes at ${offset} is beyond the file's ${total}`);
  }
  const writer = new PayloadWriter(PIECE_HEADER_BYTES + bytes.length);
  writer
    .u8('file type', within('file type', fileType, 0xff, 1))
    .u32('file size', total)
    .u32('offset', offset);
  return writer.u16('length of piece', bytes.length).bytes(bytes).data;
}

/** A piece beyond its file is read too: the device answers it with FTSTAT `malformed`, not with a NAK. */
export function readFileTransfer(reader: PayloadReader): FileTransferCommand | PayloadFault {
  const command: FileTransferCommand = {
    kind: 'filetransfer',
    fileType: reader.u8(),
    total: reader.u32(),
    offset: reader.u32(),
    bytes: reader.bytes(reader.u16()),
  };
  return reader.isExact ? command : 'length';
}

export function encodeFileStatus(reply: FileStatusReply): Uint8Array {
  const action =
    (reply.mayInterleave ? ACTION.interleave : 0) |
    (reply.leavesSecureChannel ? ACTION.leaveSecureChannel : 0) |
    (reply.hasPollReply ? ACTION.pollAvailable : 0);
  const writer = new PayloadWriter(STATUS_BYTES).u8('action', action).u16('delay', reply.delayMs);
  return writer.s16('file status', reply.status).u16('longest piece', reply.bytesMax).data;
}

export function readFileStatus(reader: PayloadReader): FileStatusReply | PayloadFault {
  const action = reader.u8();
  const reply: FileStatusReply = {
    kind: 'ftstat',
    mayInterleave: (action & ACTION.interleave) !== 0,
    leavesSecureChannel: (action & ACTION.leaveSecureChannel) !== 0,
    hasPollReply: (action & ACTION.pollAvailable) !== 0,
    delayMs: reader.u16(),
    status: reader.s16(),
    bytesMax: reader.u16(),
  };
  return reader.isEnough ? reply : 'length';
}
