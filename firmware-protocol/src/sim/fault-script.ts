import type { FrameDirection } from '../osdp/frame/frame.ts';
import type { WireFault } from './line-faults.ts';

/** What a device itself does wrong when a command reaches it. */
export type DeviceFault =
  | { readonly kind: 'busy'; readonly count: number }
  | { readonly kind: 'nak'; readonly error: number }
  | { readonly kind: 'powerCut'; readonly durationMs: number };

export function isDeviceFault(fault: WireFault | DeviceFault): fault is DeviceFault {
  return fault.kind === 'busy' || fault.kind === 'nak' || fault.kind === 'powerCut';
}

/**
 * A fault at one frame of a device, or at all after one. Frames count from the moment the script is set, each direction by itself;
 * 1 is the next one.
 */
export type FaultStep = {
  readonly direction: FrameDirection;
  readonly fault: WireFault | DeviceFault;
} & ({ readonly at: number } | { readonly after: number });

/** The faults of one device in the order of its frames: the same script on the same traffic does the same. */
export class FaultScript {
  readonly #steps: readonly FaultStep[];
  readonly #frames: Record<FrameDirection, number> = { command: 0, reply: 0 };

  constructor(steps: readonly FaultStep[] = []) {
    this.#steps = steps;
  }

  /** What meets the next frame of this direction. */
  next(direction: FrameDirection): (WireFault | DeviceFault)[] {
    this.#frames[direction] += 1;
    const frame = this.#frames[direction];
    return this.#steps
      .filter((step) => step.direction === direction && ('at' in step ? step.at === frame : frame > step.after))
      .map(({ fault }) => fault);
  }
}
