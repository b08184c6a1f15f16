import type { WireSecurity } from '@gatecast/firmware-protocol/messages';

/** Whether the hardware did as it was told. `maybe`: the order went out and its answer is missing. */
export type Obeyed = 'yes' | 'maybe' | 'no';

/** What the hardware of a door tells, whatever carries it. */
export type HardwareEvent = { readonly entrance: string } &
  /** `isFirst`: the state found when the hardware came online, not a movement seen. */
  (
    | { readonly type: 'contact'; readonly open: boolean; readonly isFirst: boolean }
    | { readonly type: 'exit' }
    | { readonly type: 'fire'; readonly active: boolean }
    | { readonly type: 'tamper'; readonly active: boolean }
    | { readonly type: 'power'; readonly failed: boolean }
    /** The lock's output as the hardware reports it, for whatever reason it moved. */
    | { readonly type: 'lock'; readonly released: boolean }
    /** A supervised wire is cut or shorted, or the lock does not follow its orders. */
    | { readonly type: 'fault'; readonly active: boolean }
    | { readonly type: 'online'; readonly online: boolean }
  );

/** How the hardware of one door stands, as far as it has told; null where it has no such wire or has not told yet. */
export interface HardwareStatus {
  readonly released: boolean | null;
  readonly open: boolean | null;
  readonly fire: boolean | null;
  readonly tampered: boolean | null;
}

/** How well the hardware of one door can be reached. */
export interface HardwareHealth {
  readonly online: boolean;
  /** Monotonic ms of its last answer; null before the first. */
  readonly answeredAt: number | null;
  /** Answer times of the last exchange and the longest since the start. */
  readonly roundTripMs: { readonly last: number; readonly max: number } | null;
  /** Orders and polls that were answered since the start. */
  readonly answers: number;
  /** Orders and polls without an answer since the start. */
  readonly timeouts: number;
}

/** How long one order of `hold` keeps a lock released: a crash of this program leaves no door open for longer. */
export const holdMs = 30_000;
/** How often a hold is ordered again while it lasts. */
export const holdRenewEveryMs = 10_000;
/** An order to open that is older than this opens nothing: the person has gone. */
export const openWithinMs = 2_000;

/**
 * The locks and wires of one or more doors behind one way to the hardware: OSDP, Modbus, MQTT or a simulator. Orders never reject and wait for
 * nothing but the exchange that holds the line; the next on a free line is the order. An entrance that is not its own is `no`.
 */
export interface DoorController {
  start(): void;
  /** Idempotent; no event follows. */
  stop(): void;
  /**
   * Releases the lock for `pulseMs` from now, timed by the hardware (or, with `untimedRelay`, by this program); an order that could not leave before
   * `notAfterMono` opens nothing. While a hold lasts, `open` never shortens it.
   */
  open(entrance: string, pulseMs: number, notAfterMono?: number): Promise<Obeyed>;
  /** Releases the lock for {@link holdMs} from now; whoever wants it longer asks again every {@link holdRenewEveryMs}. */
  hold(entrance: string): Promise<Obeyed>;
  /** Ends a hold or a pulse: the lock is secured now. Never touches what exit button or fire have released. */
  release(entrance: string): Promise<Obeyed>;
  status(entrance: string): HardwareStatus;
  health(entrance: string): HardwareHealth;
}

/** Calls the car and lets somebody ride: relays in series with the floor buttons, on the outputs of a door's hardware. */
export interface LiftController {
  /** A pulse on the call button. */
  call(entrance: string): Promise<Obeyed>;
  /** Makes the buttons of these floors work for the configured time; a floor that the lift does not have is left out. */
  releaseFloors(entrance: string, floors: readonly number[] | 'all'): Promise<Obeyed>;
}

/** What a reader tells. */
export type ReaderEvent = { readonly entrance: string; readonly side: 'entry' | 'exit' } & (
  | { readonly type: 'keys'; readonly keys: string }
  | { readonly type: 'card'; readonly bitCount: number; readonly bits: Uint8Array }
  | { readonly type: 'qr'; readonly text: string }
  | { readonly type: 'tamper'; readonly active: boolean }
  /** Of a reader that is a device by itself; one on a door's board is on and off line with it. */
  | { readonly type: 'online'; readonly address: number; readonly online: boolean }
  | {
      readonly type: 'wire';
      readonly address: number;
      readonly state: 'paired' | 'key-changed' | 'pairing-failed' | 'secured' | 'insecure';
      readonly reason: string | null;
    }
);

/** `awaiting-card`: hold a card to the reader; `noted`: what was shown or typed has arrived, and opens nothing. */
export type Feedback = 'granted' | 'refused' | 'locked-down' | 'awaiting-card' | 'noted';

/** Readers with keypad, light and sound, on the OSDP bus. */
export interface Readers {
  /** Light and sound for the person at the reader; best effort. */
  feedback(entrance: string, feedback: Feedback, durationMs: number): void;
  /** What the light shows when nobody is there. */
  showMode(entrance: string, mode: 'normal' | 'lockdown' | 'free-passage'): void;
  wires(entrance: string): readonly { readonly address: number; readonly wire: WireSecurity }[];
  /** False when the entrance has no OSDP device. */
  pair(entrance: string, untilMono: number): boolean;
  rotateKeys(entrance: string): boolean;
}
