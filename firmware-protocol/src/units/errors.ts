/**
 * Something a caller did that the rules do not allow. `code` is stable and kebab-case; `message` is one sentence for a person.
 * Refusals at the door are not errors: they are values.
 */
export class DomainError<Code extends string = string> extends Error {
  readonly code: Code;
  /** Facts that help the caller mend it; no personal data, no secrets. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: Code, message: string, details: Readonly<Record<string, unknown>> = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DomainError';
    this.code = code;
    this.details = details;
  }
}

/** A bug of ours: a state that the code promises never to reach. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** Throws InvariantError unless `condition` holds. */
export function invariant(condition: unknown, promise: string): asserts condition {
  if (!condition) throw new InvariantError(promise);
}
