import type { Reads } from '../platform/db/store.ts';
import * as rows from './store.ts';

/** A thing or party that accounts and audit rows name by its id. */
export interface Listed {
  readonly name: string;
  /** What it belongs to: a community's company, a store's merchant; null for what stands for itself. */
  readonly ownerId: string | null;
}
type Look = (q: Reads, id: string) => Promise<Listed | undefined>;

/** What ids stand for, told by the slices that own them: identity itself knows accounts and suppliers only. */
export interface Directory {
  /** Once per kind; `prefix` as in the kind's ids: `comm`, `stor`. */
  tell(prefix: string, look: Look): void;
  /** Undefined for an unknown id, or a kind that nobody has told of. */
  find(q: Reads, id: string): Promise<Listed | undefined>;
  /** What accounts are called; those that are gone are left out. */
  accountNames: typeof rows.accountNames;
  /** Of each party whoever signed it up: the first of its accounts. */
  firstAccountsOf: typeof rows.firstAccountsOf;
}

export function createDirectory(): Directory {
  const looks = new Map<string, Look>();
  return {
    tell: (prefix, look) => void looks.set(prefix, look),
    accountNames: rows.accountNames,
    firstAccountsOf: rows.firstAccountsOf,
    find: async (q, id) => looks.get(id.split('_')[0] ?? '')?.(q, id),
  };
}
