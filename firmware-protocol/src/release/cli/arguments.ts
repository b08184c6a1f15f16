import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { UsageError } from '../../cli/usage-error.ts';

export interface Arguments {
  readonly operands: readonly string[];
  /** The last one given of each option. */
  readonly options: Readonly<Record<string, string>>;
  readonly flags: ReadonlySet<string>;
  readonly successions: readonly string[];
}

const text = { type: 'string' } as const;
const known = {
  key: text,
  keys: text,
  next: text,
  out: text,
  model: text,
  version: text,
  'min-from': text,
  'protocol-floor': text,
  'created-at': text,
  'passphrase-file': text,
  succession: { type: 'string', multiple: true },
  json: { type: 'boolean' },
} as const;

/** Throws UsageError for options that nobody knows, and unless there are as many operands as `names`. */
export function readArguments(args: readonly string[], names: readonly string[]): Arguments {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: known, allowPositionals: true });
    if (positionals.length !== names.length) throw new UsageError(`${names.join(' and ') || 'nothing'} is expected.`);
    const { succession = [], json, ...options } = values;
    return { operands: positionals, options, flags: new Set(json ? ['json'] : []), successions: succession };
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message);
    throw error;
  }
}

/** Throws UsageError if the option is missing. */
export function required({ options }: Arguments, name: keyof typeof known): string {
  const value = options[name];
  if (value === undefined) throw new UsageError(`--${name} is missing.`);
  return value;
}

/** The first line of the file that `--passphrase-file` names; undefined without one. */
export async function passphraseOf({ options }: Arguments): Promise<string | undefined> {
  const path = options['passphrase-file'];
  if (path === undefined) return undefined;
  const [line = ''] = (await readFile(path, 'utf8')).split(/\r?\n/, 1);
  if (line === '') throw new UsageError(`${path} has no passphrase in its first line.`);
  return line;
}
