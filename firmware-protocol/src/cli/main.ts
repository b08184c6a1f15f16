import { decode } from './decode.ts';
import { runDevice } from './device.ts';
import { UsageError } from './usage-error.ts';

const USAGE = `usage: gatecast-osdp decode [--json] [--key HEX] HEX… | FILE.osdpcap
       gatecast-osdp pd [--listen PORT|unix:/PATH] [--address N,…] [--baud N] [--describe FILE.json]
                        [--key-file FILE] [--install] [--require-secure]`;
const USAGE_EXIT = 2;

async function run([subcommand = '', ...args]: readonly string[]): Promise<number> {
  switch (subcommand) {
    case 'decode':
      return decode(args, { out: (line) => console.log(line), err: (line) => console.error(line) });
    case 'pd':
      return runDevice(args);
    case '--help':
    case 'help':
      console.log(USAGE);
      return 0;
    default:
      throw new UsageError(subcommand === '' ? 'A subcommand is missing.' : `There is no subcommand "${subcommand}".`);
  }
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof UsageError;
  console.error(isUsage ? `${error.message}\n${USAGE}` : error);
  process.exitCode = isUsage ? USAGE_EXIT : 1;
}
