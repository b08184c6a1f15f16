import type { Login } from './broker-client.ts';

/** What a process of load is told to do, in the order in which it is told. */
export type LoadJob =
  /** Opens the lines: terminals that publish to their own presence topics, and a cloud process that hears them all. */
  | { readonly do: 'open'; readonly port: number; readonly terminals: readonly Login[]; readonly cloud: Login }
  /** Each terminal publishes its next message when the last one has arrived. */
  | { readonly do: 'fan-in'; readonly ms: number }
  /** All terminals together publish so many messages a second, whatever is acknowledged. */
  | { readonly do: 'pace'; readonly ms: number; readonly perSecond: number }
  /** Opens lines with the two subscriptions of a terminal, and holds them. */
  | { readonly do: 'idle'; readonly port: number; readonly terminals: readonly Login[] }
  /** A subscriber that reads nothing, sent 4 kB messages as fast as the broker takes them; it comes back when it is cut. */
  | { readonly do: 'freeze'; readonly port: number; readonly frozen: Login; readonly cloud: Login; readonly ms: number }
  /** 180 MB in three streams before anybody has signed in, on as many lines as that takes. */
  | { readonly do: 'flood'; readonly port: number; readonly ms: number }
  /** Lines that are opened and dropped, 64 at a time. */
  | { readonly do: 'knock'; readonly port: number; readonly ms: number };

export interface LoadResult {
  readonly messages: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The longest time in which nothing arrived. */
  readonly gapMs: number;
}
