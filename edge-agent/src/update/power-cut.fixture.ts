import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Cuts the power at the n-th change of the file system (`POWER_CUT_AT`, from 1 on) that the agent of a slot or the launcher asks for (`POWER_CUT_IN`: `a`, `b` or
 * `launcher`): it and whoever started it in the same process group
 * are gone before the change is made. Loaded ahead of the program, so that everything in it is cut.
 */
const isHere = (process.env['GATECAST_SLOT'] ?? 'launcher') === process.env['POWER_CUT_IN'];
const at = isHere ? Number(process.env['POWER_CUT_AT']) : 0;
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
    const sync = file.sync.bind(file);
    file.sync = () => {
      cutAt();
      return sync();
    };
    return file;
  },
});
syncBuiltinESMExports();
