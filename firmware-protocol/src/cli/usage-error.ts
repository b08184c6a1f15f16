/** The command line cannot be carried out as it was typed; `message` says why in one sentence. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
