import { DomainError } from '@gatecast/firmware-protocol';

/** Stable codes of the sandbox's answers, mostly WeChat Pay's own, and their HTTP statuses. */
export const statusOf = {
  PARAM_ERROR: 400,
  BODY_TOO_LARGE: 413,
  SIGN_ERROR: 401,
  SMS_TOKEN: 401,
  OUT_TRADE_NO_USED: 400,
  ORDERPAID: 400,
  ORDER_CLOSED: 400,
  ORDER_NOT_PAID: 400,
  ORDER_NOT_EXIST: 404,
  PREPAY_EXPIRED: 409,
  PAY_REFUSED: 402,
  NOT_ENOUGH: 403,
  RESOURCE_NOT_EXISTS: 404,
  H5_EXPIRED: 409,
  NO_STATEMENT_EXIST: 400,
  NOT_FOUND: 404,
} as const;

export type FaultCode = keyof typeof statusOf;

export class SandboxFault extends DomainError<FaultCode> {}

/** What to answer for anything thrown; undefined for a bug of the sandbox's own. */
export function answerOf(
  error: unknown,
): { status: (typeof statusOf)[FaultCode]; code: FaultCode; message: string } | undefined {
  if (!(error instanceof SandboxFault)) return undefined;
  return { status: statusOf[error.code], code: error.code, message: error.message };
}
