import { parseArgs } from 'node:util';
import { z } from 'zod';

export const usage = `gatecast-audit: was anything changed in the journals that the terminals have handed in?

  gatecast-audit                     follows every chain in the database and names each row that is not as it was
  gatecast-audit --file FILE         the same with an exported journal, without any access to the cloud
  gatecast-audit --bundle FILE       everything behind one bill (a tar from the operator's page): is it what was signed, and what the screens wrote?
  gatecast-audit export --out FILE   writes the journal as JSON lines for somebody else to check ("-": to the standard output)

  --db URL            the database: postgres://… or a SQLite file (default: as the cloud finds it, GATECAST_DATABASE_URL or
                      GATECAST_DATA_DIR/cloud.sqlite). It is only read.
  --terminal ID       only this terminal
  --key KID=KEY       a checkpoint key that you trust, as base64url; can be given more than once. Without it the keys are those that the
                      database or the file names itself: good against a mistake, not against whoever could change those too.
  --json              one JSON object for each finding, and a summary as the last line

Ends with 0 if nothing is wrong, 1 if something is, 2 for wrong arguments, 3 if there was nothing to read.
Rows that a terminal had to drop when its disk was full are no fault if it says exactly which. docs/journal.md tells what all of it proves.`;

export interface AuditArguments {
  readonly command: 'check' | 'export';
  readonly file: string | undefined;
  /** An auditor's bundle of an invoice. */
  readonly bundle: string | undefined;
  readonly db: string | undefined;
  readonly out: string | undefined;
  readonly terminal: string | undefined;
  readonly keys: ReadonlyMap<string, string> | undefined;
  readonly isJson: boolean;
}

const keyShape = z
  .string()
  .regex(/^[\w-]{1,64}=[\w-]{43}$/, 'a key is given as KID=KEY, the key as 43 characters of base64url');

/** Throws an Error whose message is for whoever typed the arguments; undefined if they ask for help. */
export function readArguments(args: readonly string[]): AuditArguments | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      json: { type: 'boolean', default: false },
      db: { type: 'string' },
      file: { type: 'string' },
      bundle: { type: 'string' },
      out: { type: 'string' },
      terminal: { type: 'string' },
      key: { type: 'string', multiple: true },
    },
  });
  if (values.help) return undefined;
  const [command = 'check', ...more] = positionals;
  if ((command !== 'check' && command !== 'export') || more.length > 0)
    throw new Error(`unknown command: ${positionals.join(' ')}`);
  if (command === 'export' && values.out === undefined) throw new Error('export needs --out FILE');
  if (command === 'check' && values.out !== undefined) throw new Error('--out belongs to export');
  if ([values.file, values.bundle, values.db].filter((one) => one !== undefined).length > 1)
    throw new Error('one of --file, --bundle and --db');
  if (values.bundle !== undefined && (command === 'export' || values.terminal !== undefined))
    throw new Error('a bundle is checked as a whole');
  return {
    command,
    file: values.file,
    bundle: values.bundle,
    db: values.db,
    out: values.out,
    terminal: values.terminal,
    keys: values.key && new Map(values.key.map(readKey)),
    isJson: values.json,
  };
}

function readKey(text: string): [string, string] {
  const parsed = keyShape.safeParse(text);
  if (!parsed.success) throw new Error(parsed.error.issues[0]?.message ?? 'a key cannot be read');
  const at = text.indexOf('=');
  return [text.slice(0, at), text.slice(at + 1)];
}
