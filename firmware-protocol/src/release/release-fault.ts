import type { UpdateFault } from '../messages/software.ts';
import { DomainError } from '../units/errors.ts';

/** A release that is refused, with the stable code that is reported. */
export const releaseFault = (
  code: UpdateFault,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
  options?: ErrorOptions,
): DomainError<UpdateFault> => new DomainError(code, message, details, options);
