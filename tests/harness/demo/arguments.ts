import { parseArgs } from 'node:util';

export interface DemoArguments {
  /** Undefined: a fresh temporary folder. */
  readonly data: string | undefined;
  readonly portBase: number;
  readonly terminals: number;
  /** `07:40`: the local time at which the neighbourhood wakes up. */
  readonly at: string | undefined;
  readonly readyFile: string | undefined;
}

export const usage = `npm start -- [options]
  --data DIR         keep the neighbourhood's data there (default: a fresh temporary folder)
  --port-base N      first of the ports (default 4600; a taken port moves on to a free one)
  --terminals N      how many of the three entrances get a screen (1 to 3, default 1)
  --at HH:MM         the local time at which the neighbourhood wakes up
  --ready-file FILE  write all addresses and logins there as JSON once all is up`;

/** Throws an Error whose message names every fault. */
export function parseDemoArguments(args: readonly string[]): DemoArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string' },
      'port-base': { type: 'string', default: '4600' },
      terminals: { type: 'string', default: '1' },
      at: { type: 'string' },
      'ready-file': { type: 'string' },
    },
  });
  const portBase = Number(values['port-base']);
  const terminals = Number(values.terminals);
  const faults = [];
  if (!Number.isInteger(portBase) || portBase < 1024 || portBase > 65_000)
    faults.push('--port-base takes a number from 1024 to 65000');
  if (!Number.isInteger(terminals) || terminals < 1 || terminals > 3) faults.push('--terminals takes 1, 2 or 3');
  if (values.at !== undefined && !/^([01]\d|2[0-3]):[0-5]\d$/.test(values.at))
    faults.push('--at takes a time like 07:40');
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return { data: values.data, portBase, terminals, at: values.at, readyFile: values['ready-file'] };
}
