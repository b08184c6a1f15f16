import { sql, type Placeholder } from 'drizzle-orm';
import type { Reads } from './queries.ts';

/** What stands in a statement for values that come later. */
export type Marks<V> = { readonly [K in keyof V]: Placeholder<string, V[K]> };

interface Builder<R> {
  /** PostgreSQL knows a prepared statement by its name; SQLite needs none, which is what drizzle's type says. */
  prepare(): { execute(values: Record<string, unknown>): PromiseLike<R> };
}

const marks = new Proxy({}, { get: (_, name) => sql.placeholder(String(name)) });

/**
 * A statement that drizzle builds once for each connection, for paths that many take at once: to build a small one costs more than to run it.
 * `name` is its own among all of them. What is in it must not hang on anything but its values.
 *
 * @example const orderOf = prepared('orders.one', (q: Reads, v: Marks<{ id: string }>) => q.select().from(q.t.orders).where(eq(q.t.orders.id, v.id)));
 * @example const [order] = await orderOf(q, { id });
 */
export function prepared<Q extends Reads, V, R>(
  name: string,
  build: (q: Q, values: Marks<V>) => Builder<R>,
): (q: Q, values: V) => PromiseLike<R> {
  return (q, values) => {
    const known = q.prepared.get(name) ?? (build(q, marks as Marks<V>) as Named).prepare(name);
    q.prepared.set(name, known);
    return known.execute(values as Record<string, unknown>) as PromiseLike<R>;
  };
}

interface Named {
  prepare(name: string): Prepared;
}

/** A statement of one connection. */
export interface Prepared {
  execute(values: Record<string, unknown>): PromiseLike<unknown>;
}
