import { AsyncLocalStorage } from 'node:async_hooks';
import type { Store } from './queries.ts';

/** The same store, where work in `txOfMany` that reads through `read` is told so, on every database and however few share its commit. */
export function strictStore(store: Store): Store {
  const inside = new AsyncLocalStorage<true>();
  const read = new Proxy(store.read, {
    get(reads, name) {
      if (name !== 't' && inside.getStore()) throw new Error('this transaction reads past what shares its commit');
      return Reflect.get(reads, name) as unknown;
    },
  });
  return { ...store, read, txOfMany: (work) => store.txOfMany((q) => inside.run(true, () => work(q))) };
}
