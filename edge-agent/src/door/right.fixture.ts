import { newId } from '@gatecast/firmware-protocol';
import type { Right } from './right.ts';

/** Somebody's right without any limit but those that `change` says; a resident's. */
export function credentialOf(change: Partial<Right> = {}): Right {
  const { id = newId('credential') } = change;
  return {
    id,
    countedAs: id,
    person: 'resident',
    entrances: null,
    from: null,
    to: null,
    uses: null,
    openMs: null,
    floors: [],
    duress: false,
    schedule: null,
    firstUse: null,
    denied: false,
    pseudonym: null,
    group: null,
    noticeName: null,
    ...change,
  };
}
