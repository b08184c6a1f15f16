import { cpSync, existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Packages that look for their machine code beside themselves: they cannot go into the bundle. */
export const nativePackages = ['better-sqlite3', '@serialport/bindings-cpp'] as const;

/** Headers and types: needed to compile, never to run. */
const compileOnly: ReadonlySet<string> = new Set(['node-addon-api', '@serialport/bindings-interface']);

/**
 * Copies the packages and what they load from the `node_modules` above `from` to `to/node_modules`, in the same places. Of their machine code the
 * copies have Linux's, for every processor, and this machine's.
 */
export function copyNativePackages(from: string, to: string): void {
  const copied = new Set<string>();
  const copy = (name: string, dependant: string): void => {
    const folder = packageFolder(name, dependant);
    if (copied.has(folder) || compileOnly.has(name)) return;
    copied.add(folder);
    const place = folder.slice(folder.indexOf('node_modules'));
    cpSync(folder, join(to, place), { recursive: true, filter: (path) => runs(path.slice(folder.length + 1)) });
    for (const dependency of dependenciesOf(folder)) copy(dependency, folder);
  };
  for (const name of nativePackages) copy(name, from);
}

const isSources = /^(deps|node_modules|binding\.gyp)$|\.([ch]pp|d\.ts|map|md)$/;
const machineCode = /^prebuilds[/\\](?<system>[a-z0-9]+)/;

function runs(path: string): boolean {
  if (isSources.test(path)) return false;
  const system = machineCode.exec(path)?.groups?.['system'];
  return system === undefined || system.startsWith('linux') || system === process.platform;
}

/** Where `name` is for a module in `folder`, as Node would find it. Throws Error if it is not installed. */
function packageFolder(name: string, folder: string): string {
  for (let above = folder; ; above = dirname(above)) {
    const candidate = join(above, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (dirname(above) === above) throw new Error(`${name} is not installed`);
  }
}

function dependenciesOf(folder: string): string[] {
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly dependencies?: Readonly<Record<string, string>>;
  };
  return Object.keys(dependencies);
}
