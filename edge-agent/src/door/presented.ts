import type { Right } from './right.ts';

/** What was shown at a reader, after everything that takes a key to know. */
export type Presented =
  /** Nothing that a list could be asked about. */
  | { readonly kind: 'unreadable'; readonly reason: Unreadable }
  /** `UNIT*PIN#`: those of the unit whose PIN it is. */
  | { readonly kind: 'pin'; readonly unit: string; readonly isUnitKnown: boolean; readonly named: readonly Right[] }
  /**
   * `CODE#`: whose code it is by the list, and the windows that it stands for as a pass code, by the clock as it is. `passes` is null for what cannot be
   * a pass code.
   */
  | { readonly kind: 'code'; readonly named: readonly Right[]; readonly passes: readonly Right[] | null }
  | { readonly kind: 'card'; readonly named: readonly Right[] }
  /** A pass with a good signature. */
  | { readonly kind: 'pass'; readonly right: Right }
  /** A phone's code, signed by the key that the list has of it. */
  | { readonly kind: 'phone'; readonly right: Right; readonly step: number; readonly counter: number };

export type Unreadable = 'bad-format' | 'unknown-card' | 'unknown-qr' | 'bad-signature';

export const unreadable = (reason: Unreadable): Presented => ({ kind: 'unreadable', reason });
