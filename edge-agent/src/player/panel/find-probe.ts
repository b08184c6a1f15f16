import { access, constants, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { z } from 'zod';
import { cecProbe } from './cec-probe.ts';
import { noProbe, type PanelProbe } from './panel-probe.ts';
import { backlightProbe, drmProbe, wordIn } from './sysfs-probes.ts';

/**
 * `auto`, `none`, `cec`, or a path: `backlight:/sys/class/backlight/NAME`, `drm:/sys/class/drm/cardN-CONNECTOR`, `cec:/dev/cecN`.
 */
export const panelSetting = z
  .string()
  .regex(/^(auto|none|cec|(backlight|drm|cec):\/.+)$/, 'auto, none, cec, backlight:/…, drm:/… or cec:/…');

/** Where to look; another place for tests. */
export interface Machine {
  readonly sysDir: string;
  readonly devDir: string;
  /** As the environment has it. */
  readonly path: string;
}
const thisMachine = (): Machine => ({ sysDir: '/sys/class', devDir: '/dev', path: process.env['PATH'] ?? '' });

/**
 * The probe of a setting. `auto` takes what proves most: the panel's own backlight, then the display's own word over CEC, then the signal that is sent to
 * it, else nothing.
 */
export async function findProbe(setting: string, machine: Machine = thisMachine()): Promise<PanelProbe> {
  const [kind, path] = setting.split(/:(.*)/s);
  switch (kind) {
    case 'backlight':
      return backlightProbe(path ?? '');
    case 'drm':
      return drmProbe(path ?? '');
    case 'cec':
      return cecProbe(path ?? join(machine.devDir, 'cec0'));
    case 'auto':
      return (await ownBacklight(machine)) ?? (await ownCec(machine)) ?? (await ownConnector(machine)) ?? noProbe;
    default:
      return noProbe;
  }
}

async function ownBacklight({ sysDir }: Machine): Promise<PanelProbe | undefined> {
  const [first] = await namesIn(join(sysDir, 'backlight'));
  return first === undefined ? undefined : backlightProbe(join(sysDir, 'backlight', first));
}

async function ownCec({ devDir, path }: Machine): Promise<PanelProbe | undefined> {
  const device = join(devDir, 'cec0');
  if (!(await may(device, constants.R_OK | constants.W_OK))) return undefined;
  for (const dir of path.split(delimiter)) if (await may(join(dir, 'cec-ctl'), constants.X_OK)) return cecProbe(device);
  return undefined;
}

/** The one connector with a display: of several nobody knows which is at the door. */
async function ownConnector({ sysDir }: Machine): Promise<PanelProbe | undefined> {
  const connected: string[] = [];
  for (const name of await namesIn(join(sysDir, 'drm'))) {
    if ((await wordIn(join(sysDir, 'drm', name, 'status'))) === 'connected') connected.push(name);
  }
  const [only, ...others] = connected;
  return only === undefined || others.length > 0 ? undefined : drmProbe(join(sysDir, 'drm', only));
}

const namesIn = (dir: string): Promise<string[]> =>
  readdir(dir).then(
    (names) => names.sort(),
    () => [],
  );

const may = (path: string, mode: number): Promise<boolean> =>
  access(path, mode).then(
    () => true,
    () => false,
  );
