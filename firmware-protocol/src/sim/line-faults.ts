import type { Sequence } from '../osdp/frame/frame.ts';
import { MARK, dissectFrame, encodeFrame } from '../osdp/frame/frame.ts';

/** What a bad line does by chance: rates are per frame, 0 to 1; every frame is late by `delayMs`. */
export interface LineFaults {
  readonly drop: number;
  readonly corrupt: number;
  readonly duplicate: number;
  readonly wrongSequence: number;
  readonly split: number;
  /** Between the two pieces of a split frame. */
  readonly splitGapMs: number;
  readonly delayMs: number;
}

export const NO_FAULTS: LineFaults = {
  drop: 0,
  corrupt: 0,
  duplicate: 0,
  wrongSequence: 0,
  split: 0,
  splitGapMs: 10,
  delayMs: 0,
};

/** What happens to one frame on the wire. `wrongSequence`: its number is one too high, its check is right. */
export type WireFault =
  | { readonly kind: 'drop' | 'corrupt' | 'duplicate' | 'wrongSequence' }
  | { readonly kind: 'delay'; readonly delayMs: number }
  | { readonly kind: 'split'; readonly gapMs: number };

/** Bytes that arrive, and how long after they were sent. */
export interface Delivery {
  readonly afterMs: number;
  readonly bytes: Uint8Array;
}

const BY_CHANCE = ['drop', 'corrupt', 'duplicate', 'wrongSequence'] as const;

/** The faults that meet one frame now. `random` is 0 (in) to 1 (out). */
export function faultsByChance(rates: LineFaults, random: () => number): WireFault[] {
  const faults: WireFault[] = BY_CHANCE.filter((kind) => random() < rates[kind]).map((kind) => ({ kind }));
  if (random() < rates.split) {
    faults.push({ kind: 'split', gapMs: rates.splitGapMs });
  }
  if (rates.delayMs > 0) {
    faults.push({ kind: 'delay', delayMs: rates.delayMs });
  }
  return faults;
}

/** What arrives of a frame that meets these faults, one after the other; nothing for a loss. */
export function carryFrame(bytes: Uint8Array, faults: readonly WireFault[], random: () => number): Delivery[] {
  const sent: Delivery[] = [{ afterMs: 0, bytes }];
  return faults.reduce((deliveries, fault) => afterFault(deliveries, fault, random), sent);
}

function afterFault(deliveries: Delivery[], fault: WireFault, random: () => number): Delivery[] {
  switch (fault.kind) {
    case 'drop':
      return [];
    case 'corrupt':
      return deliveries.map(({ afterMs, bytes }) => ({ afterMs, bytes: damaged(bytes, random) }));
    case 'duplicate':
      return deliveries.flatMap((delivery) => [delivery, delivery]);
    case 'wrongSequence':
      return deliveries.map(({ afterMs, bytes }) => ({ afterMs, bytes: renumbered(bytes) }));
    case 'delay':
      return deliveries.map(({ afterMs, bytes }) => ({ afterMs: afterMs + fault.delayMs, bytes }));
    case 'split':
      return deliveries.flatMap((delivery) => halves(delivery, fault.gapMs));
  }
}

/** One bit flips. */
function damaged(bytes: Uint8Array, random: () => number): Uint8Array {
  const copy = bytes.slice();
  const at = Math.floor(random() * copy.length);
  copy[at] = (copy[at] ?? 0) ^ (1 << Math.floor(random() * 8));
  return copy;
}

const FOLLOWING: Readonly<Record<Sequence, Sequence>> = { 0: 1, 1: 2, 2: 3, 3: 0 };

function renumbered(bytes: Uint8Array): Uint8Array {
  const frame = dissectFrame(bytes);
  if (typeof frame === 'string') {
    return bytes;
  }
  return encodeFrame({ ...frame, sequence: FOLLOWING[frame.sequence] }, { mark: bytes[0] === MARK });
}

function halves({ afterMs, bytes }: Delivery, gapMs: number): Delivery[] {
  const middle = bytes.length >> 1;
  return [
    { afterMs, bytes: bytes.subarray(0, middle) },
    { afterMs: afterMs + gapMs, bytes: bytes.subarray(middle) },
  ];
}
