import { ApiError, type Pickup } from '@gatecast/cloud-api/client';

/** What staff has to do with a code. */
export type Verdict =
  | { readonly kind: 'hand-over'; readonly pickup: Pickup }
  | { readonly kind: 'already'; readonly at: number | null }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'not-ready' }
  /** No answer: nobody knows whether it counted; trying again is safe. */
  | { readonly kind: 'no-answer' }
  | { readonly kind: 'refused'; readonly error: unknown };

export function verdictOf(error: unknown): Verdict {
  if (!(error instanceof ApiError)) return { kind: 'refused', error };
  const { problem } = error;
  if (problem.status === 0 || problem.status >= 500) return { kind: 'no-answer' };
  switch (problem.code) {
    case 'already-picked-up':
      return { kind: 'already', at: momentIn(problem) };
    case 'unknown-pickup-code':
    case 'not-found':
      return { kind: 'unknown' };
    case 'order-state':
      return { kind: 'not-ready' };
    default:
      return { kind: 'refused', error };
  }
}

/** Problem details may carry more than their type names: `pickedUpAt` in UTC milliseconds. */
function momentIn(problem: object): number | null {
  return 'pickedUpAt' in problem && typeof problem.pickedUpAt === 'number' ? problem.pickedUpAt : null;
}
