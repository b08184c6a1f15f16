import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import { UsageError } from './usage-error.ts';

/** The options of a subcommand. Throws UsageError for what it does not know. */
export function readOptions<Config extends ParseArgsConfig>(config: Config): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'The arguments cannot be read.', { cause: error });
  }
}

/** Exactly one argument beside the options. */
export function onlyArgument(positionals: readonly string[], what: string): string {
  const [only, ...surplus] = positionals;
  if (only === undefined || surplus.length > 0) {
    throw new UsageError(`${what} is needed, once.`);
  }
  return only;
}
