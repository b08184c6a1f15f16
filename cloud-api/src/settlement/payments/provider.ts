import type { Fen, InstantMs } from '@gatecast/firmware-protocol';

/** What the provider is asked to collect. The number is ours and stays the same when the request is repeated. */
export interface Collection {
  readonly outTradeNo: string;
  readonly amountFen: Fen;
  readonly description: string;
  readonly expiresAt: InstantMs;
  /** The store that is merchant of record; null: the platform itself. */
  readonly storeId: string | null;
  readonly returnUrl: string | null;
}

export interface RefundRequest {
  readonly outTradeNo: string;
  readonly transactionId: string;
  /** Stable: a new number would refund twice. */
  readonly outRefundNo: string;
  readonly amountFen: Fen;
  /** Of the whole payment. */
  readonly totalFen: Fen;
  readonly storeId: string | null;
}

/** Money that the provider says it holds. */
export interface PaidNotice {
  readonly kind: 'paid';
  readonly outTradeNo: string;
  readonly transactionId: string;
  readonly amountFen: number;
  /** The store it was collected for; null: the platform. */
  readonly storeId: string | null;
  /** What does not fit, where only the provider's adapter can tell: it came by another app, or into an account that is none of ours. */
  readonly fault?: 'wrong-app' | 'foreign-merchant';
  /** As the provider calls the account. */
  readonly merchantNo?: string;
}
interface RefundedNotice {
  readonly kind: 'refunded';
  readonly outRefundNo: string;
  readonly amountFen?: number;
}
/** The provider will not send it back by itself. */
export interface RefundStuckNotice {
  readonly kind: 'refund-stuck';
  readonly outRefundNo: string;
  /** Its own word: `ABNORMAL`, `CLOSED`, or why it refuses. */
  readonly reason: string;
}
export type Notice = PaidNotice | RefundedNotice | RefundStuckNotice;

/** How far a refund is. `stuck`: asking again changes nothing until somebody has done something about it. */
export type RefundAnswer = 'done' | 'processing' | { readonly stuck: string };

/** Headers of a callback, in lower case. */
export type NoticeHeaders = (name: string) => string | undefined;

/** A licensed payment provider. Calls reject when it cannot be reached or says no; all of them may be repeated. */
export interface PaymentProvider {
  readonly name: string;
  prepare(collection: Collection, signal: AbortSignal): Promise<{ readonly payUrl: string }>;
  /** What became of a collection: the money if it came, else undefined. */
  query(outTradeNo: string, storeId: string | null, signal: AbortSignal): Promise<PaidNotice | undefined>;
  /** No more money is taken for it. Resolves with the money if the buyer was faster. */
  close(outTradeNo: string, storeId: string | null, signal: AbortSignal): Promise<PaidNotice | undefined>;
  /** Asked again with the same number, it tells how far it is. Rejects where asking again may help. */
  refund(request: RefundRequest, signal: AbortSignal): Promise<RefundAnswer>;
  /**
   * Proves that a callback is the provider's and opens it; undefined for news that concern nothing here.
   * Rejects with DomainError `payment-notice-refused` or `payment-notice-unreadable`.
   */
  readNotice(headers: NoticeHeaders, rawBody: string): Promise<Notice | undefined>;
}
