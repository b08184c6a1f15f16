import { messageName } from '../messages/codes.ts';
import { decodeCommand } from '../messages/commands.ts';
import type { FrameDirection, FrameFault, OsdpFrame } from '../frame/frame.ts';
import { MARK, SOM, dissectFrame, frameExtent, isCheckValid } from '../frame/frame.ts';
import { toHex } from '../frame/hex.ts';
import { decodeReply } from '../messages/replies.ts';

/** One frame as a person reads a trace. */
export interface FrameTrace {
  readonly direction: FrameDirection;
  readonly address: number;
  readonly sequence: number;
  readonly code: number;
  /** As in the specification without `osdp_`; `UNKNOWN` for a code that has none. */
  readonly name: string;
  readonly check: 'ok' | 'bad';
  /** `none` on a frame without MAC; `unknown-key` when the session's key is not known. */
  readonly mac: 'ok' | 'bad' | 'none' | 'unknown-key';
  /** The message's fields, bytes as hexadecimal; `raw` when they cannot be read, with the `fault`; `encrypted` when they are. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** SCS_17 and SCS_18: the data is encrypted. */
const ENCRYPTED = [0x17, 0x18];

/** What a frame says, whether or not its check fits. */
export function traceFrame(frame: OsdpFrame): FrameTrace {
  const { direction, address, sequence, code, raw, mac } = frame;
  return {
    direction,
    address,
    sequence,
    code,
    name: messageName(direction, code),
    check: isCheckValid(raw) ? 'ok' : 'bad',
    mac: mac === undefined ? 'none' : 'unknown-key',
    data: traceData(frame),
  };
}

function traceData({ direction, security, code, data }: OsdpFrame): Record<string, unknown> {
  if (security !== undefined && ENCRYPTED.includes(security.type)) {
    return { encrypted: toHex(data) };
  }
  const message = direction === 'command' ? decodeCommand(code, data) : decodeReply(code, data);
  if (typeof message === 'string') {
    return { fault: message, raw: toHex(data) };
  }
  const { kind: _, ...fields } = message;
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, value instanceof Uint8Array ? toHex(value) : value]),
  );
}

/**
 * Cuts captured bytes into frames by their length fields alone, so that a frame with a wrong check is still shown. Bytes
 * that begin no frame are returned with the fault.
 */
export function dissectCapture(
  bytes: Uint8Array,
): (OsdpFrame | { readonly fault: FrameFault; readonly bytes: Uint8Array })[] {
  const found: ReturnType<typeof dissectCapture> = [];
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at] === MARK) {
      at += 1;
      continue;
    }
    const extent = bytes[at] === SOM ? frameExtent(bytes, at, bytes.length) : 'start';
    const end = typeof extent === 'number' && at + extent <= bytes.length ? at + extent : bytes.length;
    const part = bytes.subarray(at, end);
    const frame = dissectFrame(part);
    found.push(typeof frame === 'string' ? { fault: frame, bytes: part } : frame);
    at = end;
  }
  return found;
}
