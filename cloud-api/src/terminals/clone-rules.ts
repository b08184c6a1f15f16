import type { SignInSession } from '@gatecast/firmware-protocol/messages';

/** The last sign-in of a terminal in its epoch. */
export interface KnownSession {
  readonly counter: number;
  readonly mark: string;
}

/**
 * How a sign-in follows the last one. `again`: the answer got lost, or the terminal's disk takes nothing. `ahead`: the cloud has forgotten sign-ins,
 * as after a restored backup of its own; a copy of a terminal is never ahead of it. The last three are a key on two machines: `went-back` from where
 * the terminal was before (a copy of its data, or an old backup put back); `forked` from where it is by another way; `silent` without a session, which
 * the terminal had before.
 */
export type Succession = 'first' | 'next' | 'again' | 'ahead' | 'went-back' | 'forked' | 'silent';

export function successionOf(known: KnownSession | undefined, told: SignInSession | undefined): Succession {
  if (!known) return 'first';
  if (!told) return 'silent';
  const { counter, mark, prev } = told;
  if (counter < known.counter) return 'went-back';
  if (counter === known.counter) return mark === known.mark ? 'again' : 'forked';
  if (counter === known.counter + 1) return prev === known.mark ? 'next' : 'forked';
  return 'ahead';
}

const doubtful = ['went-back', 'forked', 'silent'] as const satisfies readonly Succession[];

export const isClone = (succession: Succession): succession is (typeof doubtful)[number] =>
  (doubtful as readonly Succession[]).includes(succession);
