import { DomainError } from '../units/errors.ts';
import { decode } from './decode.ts';
import { runDevice } from './device.ts';
import { discover } from './discover.ts';
import { sniff } from './sniff.ts';
import type { Subcommand } from './usage.ts';
import { ALL_USAGE, USAGE, isSubcommand } from './usage.ts';
import { UsageError } from './usage-error.ts';

const USAGE_EXIT = 2;
const HELP = ['--help', '-h', 'help'];

async function run([word = '', ...args]: readonly string[]): Promise<number> {
  if (HELP.includes(word)) {
    console.log(ALL_USAGE);
    return 0;
  }
  if (!isSubcommand(word)) {
    throw new UsageError(word === '' ? 'A subcommand is missing.' : `There is no subcommand "${word}".`);
  }
  if (args.includes('--help') || args.includes('-h')) {
    console.log(`usage: ${USAGE[word]}`);
    return 0;
  }
  return runSubcommand(word, args);
}

function runSubcommand(subcommand: Subcommand, args: readonly string[]): Promise<number> {
  switch (subcommand) {
    case 'decode':
      return decode(args, { out: (line) => console.log(line), err: (line) => console.error(line) });
    case 'sniff':
      return sniff(args);
    case 'discover':
      return discover(args);
    case 'pd':
      return runDevice(args);
  }
}

/** What went wrong, in a sentence where the fault is not ours. */
function told(error: unknown): unknown {
  if (error instanceof UsageError) {
    return `${error.message}\n${ALL_USAGE}`;
  }
  const isOutside = error instanceof DomainError || (error instanceof Error && 'code' in error);
  return isOutside ? error.message : error;
}

// Whoever reads our output has had enough, as `| head` does.
process.stdout.on('error', () => process.exit(0));
try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  console.error(told(error));
  process.exitCode = error instanceof UsageError ? USAGE_EXIT : 1;
}
