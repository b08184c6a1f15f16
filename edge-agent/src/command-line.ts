import { parseArgs } from 'node:util';
import { DomainError } from '@gatecast/firmware-protocol';

export type CommandLine =
  | { readonly command: 'run'; readonly config: string | undefined }
  | { readonly command: 'doctor'; readonly config: string | undefined; readonly json: boolean }
  | { readonly command: 'version' | 'help' };

export const usage = `usage: gatecast-agent [--config FILE]            runs the agent
       gatecast-agent doctor [--config FILE] [--json]   says what is right and wrong here; opens no door
       gatecast-agent --version | --help

Settings come from GATECAST_* variables and, below them, from FILE (default: /etc/gatecast/agent.env, if it is there).`;

/** Throws DomainError `bad-command-line`. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parsed(args);
  if (values.help) return { command: 'help' };
  if (values.version) return { command: 'version' };
  const [command = 'run', ...more] = positionals;
  if (more.length > 0 || !['run', 'doctor'].includes(command))
    throw unknown(`there is no command « ${positionals.join(' ')} »`);
  if (command === 'doctor') return { command, config: values.config, json: values.json };
  if (values.json) throw unknown('--json belongs to doctor');
  return { command: 'run', config: values.config };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        config: { type: 'string' },
        json: { type: 'boolean', default: false },
        version: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw unknown(error instanceof Error ? error.message : String(error));
  }
}

const unknown = (why: string) => new DomainError('bad-command-line', `${why}\n\n${usage}`);
