import type { Obeyed } from '../door-controller.ts';

/** Several orders that are one to whoever gave it. */
export function worst(all: readonly Obeyed[]): Obeyed {
  if (all.every((one) => one === 'yes')) return 'yes';
  return all.every((one) => one === 'no') ? 'no' : 'maybe';
}

/** `mayHaveRun`: it went out, and nothing says that it was not obeyed. */
export function obeyedOf(
  outcome: { readonly ok: true } | { readonly ok: false; readonly mayHaveRun: boolean },
): Obeyed {
  if (outcome.ok) return 'yes';
  return outcome.mayHaveRun ? 'maybe' : 'no';
}
