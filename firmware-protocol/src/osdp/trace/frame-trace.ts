import type { FrameDirection, OsdpFrame } from '../frame/frame.ts';
import { isCheckValid } from '../frame/frame.ts';
import { toHex } from '../frame/hex.ts';
import { COMMAND_CODE, messageName } from '../messages/codes.ts';
import { decodeCommand } from '../messages/commands.ts';
import { decodeReply } from '../messages/replies.ts';
import { SCS } from '../secure/security-block.ts';

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
  /**
   * The message's fields, bytes as hexadecimal; `raw` when they cannot be read, with the `fault`; `encrypted` when they are. The key
   * of a KEYSET is never among them.
   */
  readonly data: Readonly<Record<string, unknown>>;
}

/** What somebody who follows the secure channel knows about a frame. */
export interface OpenedFrame {
  readonly mac: FrameTrace['mac'];
  /** Undefined when it stays encrypted. */
  readonly clear: Uint8Array | undefined;
}

/** What a frame says, whether or not its check fits; without `opened` nothing is known of its secure channel. */
export function traceFrame(frame: OsdpFrame, opened: OpenedFrame = unopened(frame)): FrameTrace {
  const { direction, address, sequence, code, raw } = frame;
  return {
    direction,
    address,
    sequence,
    code,
    name: messageName(direction, code),
    check: isCheckValid(raw) ? 'ok' : 'bad',
    mac: opened.mac,
    data: opened.clear === undefined ? { encrypted: toHex(frame.data) } : messageFields(direction, code, opened.clear),
  };
}

/** A frame as it stands: what is not encrypted is in clear. */
export function unopened({ mac, security, data }: OsdpFrame): OpenedFrame {
  const isSealed = security?.type === SCS.commandSealed || security?.type === SCS.replySealed;
  return { mac: mac === undefined ? 'none' : 'unknown-key', clear: isSealed ? undefined : data };
}

function messageFields(direction: FrameDirection, code: number, clear: Uint8Array): Record<string, unknown> {
  const isKey = direction === 'command' && code === COMMAND_CODE.keyset;
  const message = direction === 'command' ? decodeCommand(code, clear) : decodeReply(code, clear);
  if (typeof message === 'string') {
    return { fault: message, raw: isKey ? HIDDEN : toHex(clear) };
  }
  const { kind: _, ...fields } = message;
  const readable = Object.entries(fields).map(([name, value]) => [name, readableValue(value)]);
  return { ...Object.fromEntries(readable), ...(isKey && { key: HIDDEN }) };
}

/** Stands for the key in a trace: whoever reads over one's shoulder could open the door with it. */
const HIDDEN = 'hidden';

function readableValue(value: unknown): unknown {
  return value instanceof Uint8Array ? toHex(value) : value;
}
