import type { CommandRecord } from '@gatecast/cloud-api/client';
import type { CommandWords } from './command-words.ts';

type State = CommandRecord['state'];

/** In the order in which they come. */
const way: readonly State[] = ['QUEUED', 'SENT', 'RECEIVED', 'EXECUTED', 'REFUSED', 'EXPIRED', 'UNKNOWN'];
const underWay: ReadonlySet<State> = new Set(['QUEUED', 'SENT', 'RECEIVED']);

export const isUnderWay = ({ state }: Pick<CommandRecord, 'state'>): boolean => underWay.has(state);

/** The states that it reached with their times, in their order. */
export function reached({
  times,
}: Pick<CommandRecord, 'times'>): readonly { readonly state: State; readonly at: number }[] {
  return way
    .flatMap((state) => {
      const at = times[state];
      return at === undefined ? [] : [{ state, at }];
    })
    .toSorted((a, b) => a.at - b.at);
}

/** How its state is coloured. */
export function toneOf({ state }: Pick<CommandRecord, 'state'>): 'good' | 'bad' | 'warn' | 'brand' {
  if (state === 'EXECUTED') return 'good';
  if (state === 'REFUSED') return 'bad';
  return underWay.has(state) ? 'brand' : 'warn';
}

/** What it is called, with what it was asked with. */
export function nameOf({ kind, options }: Pick<CommandRecord, 'kind' | 'options'>, words: CommandWords): string {
  if (kind === 'reboot' && options?.what === 'machine') return words.rebootMachine;
  const name = words.kinds[kind];
  return options?.volumePercent === undefined ? name : `${name} · ${words.volume(options.volumePercent)}`;
}

/** Why it did not come to be, in a sentence; null where there is nothing to say. */
export function reasonOf(
  { state, reason }: Pick<CommandRecord, 'state' | 'reason'>,
  words: CommandWords,
): string | null {
  if (state === 'EXECUTED') return null;
  if (reason === null) return state === 'EXPIRED' ? (words.reasons['no-answer'] ?? null) : null;
  return words.reasons[reason] ?? words.otherReason(reason);
}
