import { fromHex, toHex } from '../frame/hex.ts';
import { instant } from '../../units/time.ts';
import type { InstantMs } from '../../units/time.ts';

/** Who wrote a record of a capture: a device that heard `input` and said `output`, or one who only listened. */
export type CaptureOrigin = 'input' | 'output' | 'trace';

/** Bytes as they were on the line at some moment: mostly, but not always, one whole message, with or without marks. */
export interface CaptureRecord {
  /** UTC, with a fraction down to a nanosecond as far as a number has room for it; undefined when the record does not say. */
  readonly at: InstantMs | undefined;
  readonly origin: CaptureOrigin;
  readonly bytes: Uint8Array;
}

const FORMAT_VERSION = '1';
const SOURCE = 'gatecast-osdp';
const MS_PER_SECOND = 1000;
const NANOS_PER_MS = 1_000_000;

/**
 * One line of an OSDPCAP file without its line end: JSON as `osdpcap-format.md` of SIA's libosdp-conformance has it, with the bytes
 * dashed as OSDP.Net writes them.
 */
export function captureLine(at: InstantMs, origin: CaptureOrigin, bytes: Uint8Array): string {
  const seconds = Math.floor(at / MS_PER_SECOND);
  const nanos = Math.round((at - seconds * MS_PER_SECOND) * NANOS_PER_MS);
  return JSON.stringify({
    timeSec: String(seconds),
    timeNano: String(nanos).padStart(9, '0'),
    io: origin,
    data: toHex(bytes).replaceAll(/(..)(?!$)/g, '$1-'),
    osdpTraceVersion: FORMAT_VERSION,
    osdpSource: SOURCE,
  });
}

/** The record of one line; undefined when it is none. Only `data` has to be right, the rest is taken as far as it is there. */
export function readCaptureLine(line: string): CaptureRecord | undefined {
  const fields = readObject(line);
  const bytes = typeof fields?.['data'] === 'string' ? fromHex(fields['data']) : undefined;
  if (fields === undefined || bytes === undefined) {
    return undefined;
  }
  const { io } = fields;
  return { at: instantOf(fields), origin: io === 'input' || io === 'output' ? io : 'trace', bytes };
}

/** Seconds and nanoseconds are texts or numbers, depending on who wrote them. */
function instantOf({ timeSec, timeNano }: Record<string, unknown>): InstantMs | undefined {
  const at = Number(timeSec ?? Number.NaN) * MS_PER_SECOND + Number(timeNano ?? 0) / NANOS_PER_MS;
  return Number.isFinite(at) ? instant(at) : undefined;
}

function readObject(line: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : undefined;
  } catch {
    return undefined;
  }
}
