/**
 * Whether the lock was released. `maybe`: the order went out and its answer is missing.
 */
export type Released = 'yes' | 'maybe' | 'no';

/** What door hardware tells. */
export type DoorEvent = { readonly entrance: string } & (
  | { readonly type: 'keys'; readonly keys: string }
  | { readonly type: 'card' }
  | { readonly type: 'qr' }
  /** `isFirst`: the state found when the hardware came online, not a movement seen. */
  | { readonly type: 'contact'; readonly open: boolean; readonly isFirst: boolean }
  | { readonly type: 'exit' }
  | { readonly type: 'fire'; readonly active: boolean }
  | { readonly type: 'tamper' }
  | { readonly type: 'online'; readonly online: boolean }
);

export type Feedback = 'granted' | 'refused';

/** The hardware behind one or more doors. */
export interface DoorDriver {
  start(): void;
  /** Idempotent; no event follows. */
  stop(): void;
  /** True while the door's hardware answers. */
  isOnline(entrance: string): boolean;
  /**
   * Releases the lock for `pulseMs`, timed by the hardware; an order that could not leave before `notAfterMono` opens nothing.
   * The order is the next on the line and waits for nothing but the exchange that holds it; never rejects.
   */
  open(entrance: string, pulseMs: number, notAfterMono?: number): Promise<Released>;
  /** Light and sound for the person at the reader; best effort. */
  feedback(entrance: string, feedback: Feedback, durationMs: number): void;
}
