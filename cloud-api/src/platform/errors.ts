import { DomainError } from '@gatecast/firmware-protocol';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import type { Problem } from './contract.ts';

/** Every refusal of the API: its stable code and the HTTP status that goes with it. The only place that knows both. */
export const httpStatus = {
  'invalid-request': 400,
  'body-too-large': 413,
  'length-required': 411,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'too-many-requests': 429,
  'idempotency-key-reused': 422,
  conflict: 409,
  // identity
  'wrong-credentials': 401,
  'email-taken': 409,
  // complaints
  'too-many-blocks': 409,
  'totp-required': 401,
  'totp-wrong': 422,
  'totp-on': 409,
  'totp-off': 409,
  'password-wrong': 422,
  'password-common': 422,
  'account-suspended': 403,
  'own-account': 409,
  'invitation-unknown': 404,
  'scope-unknown': 422,
  'too-many-keys': 409,
  // communities
  'unknown-zone': 422,
  'zone-off-half-hours': 422,
  'trivial-pin': 422,
  'phone-taken': 409,
  'guardian-needed': 422,
  'lease-end-past': 422,
  'moved-out': 409,
  'holidays-invalid': 422,
  'import-unreadable': 422,
  'import-empty': 422,
  'import-no-header': 422,
  'import-too-large': 413,
  'import-too-many': 429,
  'import-has-errors': 409,
  'import-state': 409,
  'import-too-late': 409,
  'import-changed-since': 409,
  // results
  'result-too-large': 422,
  // privacy
  'consent-needed': 403,
  'consent-not-for-children': 403,
  'consent-text-changed': 409,
  // terminals
  'unknown-claim-code': 404,
  'claim-expired': 410,
  'entrance-taken': 409,
  'challenge-expired': 401,
  'terminal-revoked': 403,
  'terminal-replaced': 403,
  'terminal-cloned': 403,
  'terminal-not-cloned': 409,
  'offer-not-shown': 409,
  'offer-digits-differ': 409,
  'terminal-offline': 409,
  'terminal-unclaimed': 409,
  'too-many-commands': 429,
  'no-such-version': 404,
  'journal-gap': 409,
  'journal-chain-broken': 409,
  'journal-signature-wrong': 409,
  'unknown-encoding': 415,
  'wrong-epoch': 409,
  'reader-taken': 422,
  'input-taken': 422,
  'relay-taken': 422,
  'topic-taken': 422,
  'relay-untimed': 422,
  'lift-not-here': 422,
  'lift-needs-board': 422,
  'passback-needs-exit-reader': 422,
  'schedule-empty': 422,
  'mode-minutes-invalid': 422,
  // access
  'pass-window-invalid': 422,
  'too-many-passes': 409,
  'pin-too-similar': 422,
  'card-taken': 409,
  'card-unreadable': 422,
  'nothing-learned': 409,
  'too-many-cards': 409,
  'phone-key-invalid': 422,
  'phone-key-taken': 409,
  'too-many-phones': 409,
  'schedule-in-use': 409,
  'no-right-to-enter': 403,
  'not-for-children': 403,
  'door-locked-down': 409,
  'list-full': 409,
  // notices
  'notice-window-invalid': 422,
  'too-many-notices': 409,
  // fleet
  'channel-address': 422,
  'too-many-channels': 409,
  'too-many-silences': 409,
  // templates and commissioning
  'preview-stale': 409,
  'commissioning-not-running': 409,
  'commissioning-open': 409,
  // releases
  'release-withdrawn': 409,
  'release-known': 409,
  'release-unreadable': 422,
  'release-damaged': 422,
  'release-too-large': 413,
  'release-too-many': 422,
  'release-unsigned': 422,
  'release-key-unknown': 422,
  'release-signature-wrong': 422,
  'no-update-keys': 409,
  // roll-outs
  'rollout-empty': 422,
  'rollout-too-large': 422,
  'rollout-overlaps': 409,
  'rollout-state': 409,
  // content
  'photos-too-few': 422,
  'photos-too-many': 422,
  'photo-unknown': 422,
  'photo-not-a-picture': 422,
  'photo-too-small': 422,
  'photo-too-many-pixels': 422,
  'photo-too-large': 413,
  'too-many-photos-kept': 429,
  'line-missing': 422,
  'line-too-long': 422,
  'price-out-of-range': 422,
  'text-not-drawable': 422,
  'maker-busy': 429,
  'maker-unavailable': 503,
  'video-not-mp4': 422,
  'video-truncated': 422,
  'video-malformed': 422,
  'video-fragmented': 422,
  'video-no-picture': 422,
  'video-too-long': 422,
  'video-too-short': 422,
  'video-too-large': 413,
  'video-bad-dimensions': 422,
  'video-codec': 422,
  'video-ten-bit': 422,
  'video-protected': 422,
  'video-external': 422,
  'video-frame-rate': 422,
  'video-undecodable': 422,
  'upload-offset': 409,
  'upload-overrun': 413,
  'upload-busy': 423,
  'upload-type': 415,
  'upload-version': 412,
  'upload-expired': 410,
  'upload-parts': 429,
  'too-many-uploads': 429,
  'storage-full': 507,
  'storage-unavailable': 503,
  'clip-state': 409,
  'clip-claimed': 409,
  'clip-booked': 409,
  'clip-not-house': 409,
  'category-banned': 422,
  'checklist-incomplete': 422,
  'approval-past': 422,
  'own-clip': 403,
  'permit-window-invalid': 422,
  'permit-not-needed': 422,
  'permit-state': 409,
  'scan-unreadable': 422,
  'scan-too-large': 413,
  'too-many-permits': 429,
  'too-many-reviews': 429,
  'bad-file-link': 403,
  'range-not-satisfiable': 416,
  'precondition-failed': 412,
  // inventory
  'no-owner-decision': 409,
  'decision-expired': 409,
  blackout: 409,
  'outside-decision': 409,
  'decision-window-invalid': 422,
  'decision-state': 409,
  'too-many-decisions': 429,
  'rate-window-invalid': 422,
  'rate-line-over': 409,
  'too-many-rate-lines': 409,
  'too-many-blackouts': 409,
  'blackout-over': 409,
  // merchants
  'merchant-not-approved': 409,
  'merchant-state': 409,
  'application-incomplete': 409,
  'licence-number-invalid': 422,
  // campaigns
  'clip-not-approved': 409,
  'category-declined': 409,
  'category-sensitive': 409,
  'permit-missing': 409,
  'hour-closed': 409,
  'clip-unusable': 409,
  'slot-past': 409,
  'slot-too-far': 409,
  'slot-sold-out': 409,
  'slot-misaligned': 422,
  'people-begun': 409,
  'price-changed': 409,
  'line-item-too-large': 422,
  'pool-too-small': 409,
  'few-pass': 409,
  'cap-overlaps': 409,
  'inventory-busy': 503,
  'booking-over': 409,
  'paused-by-operator': 409,
  'holidays-wrong': 400,
  'pause-reason-missing': 422,
  // billing
  'dispute-too-late': 409,
  'dispute-open': 409,
  'dispute-state': 409,
  'nothing-to-credit': 409,
  'payout-exceeds': 409,
  // reports by schedule
  'webhook-address': 422,
  'webhook-missing': 409,
  // attribution
  'bad-short-link': 404,
  // group-buy
  'deal-window-invalid': 422,
  'deal-price-invalid': 422,
  'deal-terms-invalid': 422,
  'deal-paused': 409,
  'decided-alone': 403,
  'deal-not-open': 409,
  'deal-sold-out': 409,
  'person-limit': 409,
  'order-state': 409,
  'idempotency-key-required': 400,
  // fulfilment
  'unknown-pickup-code': 404,
  'already-picked-up': 409,
  // settlement
  'payment-notice-refused': 401,
  'payment-notice-unreadable': 400,
  'payment-mismatch': 409,
  'payments-unavailable': 503,
  // a bug of ours
  internal: 500,
} as const satisfies Record<string, ContentfulStatusCode>;

export type ErrorCode = keyof typeof httpStatus;

/** The error of a broken rule: `throw refusal('not-found', 'there is no such terminal')`. */
export function refusal(
  code: ErrorCode,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): DomainError<ErrorCode> {
  return new DomainError(code, message, details);
}

export const notFound = (what: string): DomainError<ErrorCode> => refusal('not-found', `there is no such ${what}`);

const isCode = (code: string): code is ErrorCode => Object.hasOwn(httpStatus, code);

/** RFC 9457 problem details of whatever was thrown; what nobody foresaw becomes `internal` without a word about its inside. */
export function problemOf(error: unknown): Problem & { status: ContentfulStatusCode } & Record<string, unknown> {
  if (error instanceof z.ZodError) {
    return {
      ...body('invalid-request', 'the request is not as described'),
      faults: error.issues.slice(0, faultsMax).map((issue) => ({ path: issue.path.join('.'), message: issue.message })),
    };
  }
  if (error instanceof DomainError && isCode(error.code)) {
    return { ...error.details, ...body(error.code, error.message) };
  }
  return body('internal', 'something went wrong on our side');
}

const faultsMax = 20;

function body(code: ErrorCode, title: string) {
  return { type: `urn:gatecast:problem:${code}`, title, status: httpStatus[code], code };
}
