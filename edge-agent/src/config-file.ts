import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/** Where `install.sh` puts it. */
export const usualConfigFile = '/etc/gatecast/agent.env';

export interface FileSettings {
  readonly variables: Readonly<Record<string, string>>;
  /** What is wrong with the file, a sentence each. */
  readonly faults: readonly string[];
  /** Why the usual file, which nobody named, could not be read: its settings may have come as variables all the same. */
  readonly unread?: string;
}

export interface ConfigFilePlace {
  /** Undefined: the usual one, if it is there. */
  readonly file?: string | undefined;
  readonly usual?: string;
}

/**
 * Settings from a file of `NAME=value` lines, as systemd's `EnvironmentFile` reads them. Of the usual one nothing is said when it is not there; a name that the
 * agent does not know is a fault, because a misspelt setting would be silently its default.
 */
export function readConfigFile(
  { file: named, usual = usualConfigFile }: ConfigFilePlace,
  known: ReadonlySet<string>,
): FileSettings {
  const file = named ?? usual;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const fault = `${file}: ${error instanceof Error ? error.message : String(error)}`;
    if (named !== undefined) return { variables: {}, faults: [fault] };
    const isThere = !(error instanceof Error && 'code' in error && error.code === 'ENOENT');
    return { variables: {}, faults: [], ...(isThere && { unread: fault }) };
  }
  const variables: Record<string, string> = {};
  const faults: string[] = [];
  for (const [name, value = ''] of Object.entries(parseEnv(text))) {
    // What Node and its allocator read is set for them before they start, by the service.
    if (!name.startsWith('GATECAST_')) continue;
    if (known.has(name)) variables[name] = value;
    else faults.push(`${file}: ${name} is no setting of the agent`);
  }
  return { variables, faults };
}
