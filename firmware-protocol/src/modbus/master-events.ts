import type { ModbusRequest } from './requests.ts';
import type { ModbusResponse } from './responses.ts';

export type RequestFailure =
  /** It could not leave before its time was up, or its repeats could not. */
  | 'expired'
  /** It went out as often as it may, and no answer came. */
  | 'no-answer'
  /** The unit refused it. */
  | 'exception'
  /** The unit has gone while it waited. */
  | 'offline'
  /** The line was stopped. */
  | 'removed';

/** How a request ended. `mayHaveRun`: it went out, and nothing says that the unit did not obey. */
export type RequestOutcome =
  | { readonly ok: true; readonly response: ModbusResponse }
  | {
      readonly ok: false;
      readonly reason: RequestFailure;
      readonly mayHaveRun: boolean;
      /** Exception code, with reason `exception`. */
      readonly exception: number | undefined;
    };

export type UnitEvent =
  | { readonly type: 'online' }
  | { readonly type: 'offline' }
  /** The unit answers but refuses its greeting, so it takes no orders. */
  | { readonly type: 'greetingRefused'; readonly exception: number }
  /** A poll was answered, with an exception also. `askedMs`: when it went out, monotonic. */
  | {
      readonly type: 'polled';
      readonly request: ModbusRequest;
      readonly response: ModbusResponse;
      readonly askedMs: number;
    }
  | { readonly type: 'outcome'; readonly requestId: number; readonly outcome: RequestOutcome };

export type MasterEvent = UnitEvent & { readonly unit: number };

/** Why a request was not accepted at all; it has not gone out. */
export type RequestRefusal = 'unknown-unit' | 'offline' | 'queue-full';

export type RequestSubmission =
  | { readonly accepted: true; readonly requestId: number }
  | { readonly accepted: false; readonly reason: RequestRefusal };

/** Counters of one unit since the start. */
export interface UnitMetrics {
  asked: number;
  answered: number;
  /** Questions whose window closed without an answer. */
  timeouts: number;
  repeats: number;
  exceptions: number;
  /** Answers that came when nobody waited for them any more. */
  late: number;
  refusedRequests: number;
  lastRoundTripMs: number;
  maxRoundTripMs: number;
}

export function newUnitMetrics(): UnitMetrics {
  return {
    asked: 0,
    answered: 0,
    timeouts: 0,
    repeats: 0,
    exceptions: 0,
    late: 0,
    refusedRequests: 0,
    lastRoundTripMs: 0,
    maxRoundTripMs: 0,
  };
}
