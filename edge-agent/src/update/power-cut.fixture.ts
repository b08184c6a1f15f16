import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Cuts the power at the n-th change of the file system that this process asks for (`POWER_CUT_AT`, from 1 on): it and whoever started it in the same process group
 * are gone before the change is made. Loaded ahead of the program, so that everything in it is cut.
 */
const at = Number(process.env['POWER_CUT_AT'] ?? 0);
let changes = 0;

const cutAt = (): void => {
  changes += 1;
  if (changes === at) process.kill(0, 'SIGKILL');
};

const changing = ['rename', 'rm', 'mkdir'] as const;
for (const name of changing) {
  const real = fs.promises[name] as (...args: unknown[]) => unknown;
  Object.assign(fs.promises, {
    [name]: (...args: unknown[]) => {
      cutAt();
      return real(...args);
    },
  });
}
const open = fs.promises.open;
Object.assign(fs.promises, {
  async open(path: string, flags?: string | number, mode?: number) {
    if (flags !== undefined && flags !== 'r') cutAt();
    const file = await open(path, flags, mode);
    const { sync } = file;
    const bound = sync.bind(file);
    file.sync = () => {
      cutAt();
      return bound();
    };
    return file;
  },
});
syncBuiltinESMExports();
