import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PanelProbe } from './panel-probe.ts';

/**
 * A backlight that Linux drives, such as that of a panel on LVDS, eDP or DSI. `dir` is `/sys/class/backlight/NAME`
 * (kernel, Documentation/ABI/stable/sysfs-class-backlight: `bl_power` 0 is on, 4 is off, `actual_brightness` 0 is dark).
 */
export function backlightProbe(dir: string): PanelProbe {
  return {
    by: 'backlight',
    async read() {
      const [power, brightness] = await Promise.all([
        numberIn(join(dir, 'bl_power')),
        numberIn(join(dir, 'actual_brightness')),
      ]);
      if (power === undefined && brightness === undefined) return 'unproven';
      if ((power ?? 0) !== 0 || brightness === 0) return 'off';
      // Power alone does not say that it is not turned down to nothing.
      return brightness === undefined ? 'unproven' : 'on';
    },
  };
}

/**
 * A connector of the graphics driver. `dir` is `/sys/class/drm/cardN-CONNECTOR` (kernel, drivers/gpu/drm/drm_sysfs.c: `status` connected, `enabled`
 * enabled, `dpms` On). It proves that a picture is sent to a display that is there, and not that the display shows it: a contract may ask for more.
 */
export function drmProbe(dir: string): PanelProbe {
  return {
    by: 'drm',
    async read() {
      const [status, enabled, dpms] = await Promise.all(
        ['status', 'enabled', 'dpms'].map((name) => wordIn(join(dir, name))),
      );
      if (status === 'disconnected' || enabled === 'disabled') return 'off';
      if (dpms === 'Standby' || dpms === 'Suspend' || dpms === 'Off') return 'off';
      return status === 'connected' && enabled === 'enabled' && dpms === 'On' ? 'on' : 'unproven';
    },
  };
}

/** Undefined for a file that is not there or not to be read: a driver need not have all of them. */
export async function wordIn(path: string): Promise<string | undefined> {
  return readFile(path, 'latin1').then(
    (text) => text.trim(),
    () => undefined,
  );
}

async function numberIn(path: string): Promise<number | undefined> {
  const word = await wordIn(path);
  return word !== undefined && /^\d{1,9}$/.test(word) ? Number(word) : undefined;
}
