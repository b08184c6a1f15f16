import type { JournalCap } from '../journal/retention.ts';
import type { Operations } from './operations.ts';

/** What the store's thread is started with. */
export interface StoreJob {
  readonly file: string;
  readonly cap: JournalCap;
}

type OperationName = keyof Operations;

/** Main thread → store thread. */
export interface StoreRequest {
  readonly id: number;
  readonly operation: OperationName;
  readonly argument: unknown;
}

/** `internal` is a bug of ours; its message is the stack. */
export interface StoreFault {
  readonly code: string;
  readonly message: string;
}

/** Store thread → main thread, after the commit. */
export type StoreReply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: StoreFault };

/** The operation after which the thread ends. */
export const closing: OperationName = 'close';
