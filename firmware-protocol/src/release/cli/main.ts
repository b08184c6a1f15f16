import { UsageError } from '../../cli/usage-error.ts';
import { DomainError } from '../../units/errors.ts';
import { commands } from './commands.ts';
import { ALL_USAGE, USAGE, isSubcommand } from './usage.ts';

const USAGE_EXIT = 2;
const say = (line: string): void => console.log(line);

async function run([word = '', ...args]: readonly string[]): Promise<void> {
  if (['--help', '-h', 'help'].includes(word)) return say(ALL_USAGE);
  if (!isSubcommand(word))
    throw new UsageError(word === '' ? 'A subcommand is missing.' : `There is no subcommand "${word}".`);
  if (args.includes('--help') || args.includes('-h')) return say(`usage: ${USAGE[word]}`);
  await commands[word](args, say);
}

/** What went wrong: the code and a sentence where the fault is not ours. */
function told(error: unknown): unknown {
  if (error instanceof UsageError) return `${error.message}\n${ALL_USAGE}`;
  if (error instanceof DomainError) return `${error.code}: ${error.message}`;
  return error instanceof Error && 'code' in error ? error.message : error;
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  console.error(told(error));
  process.exitCode = error instanceof UsageError ? USAGE_EXIT : 1;
}
