import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import fc from 'fast-check';
import { systemClock } from '@gatecast/firmware-protocol';
import { silentLog, temporaryDir } from '../player.fixture.ts';
import { cecProbe, powerStateIn } from './cec-probe.ts';
import { findProbe, panelSetting } from './find-probe.ts';
import { noProbe } from './panel-probe.ts';
import { createPanelWatch, evidenceOf, panelEveryMs, type PanelReading } from './panel-watch.ts';
import { backlightProbe, drmProbe } from './sysfs-probes.ts';

let dir: Awaited<ReturnType<typeof temporaryDir>>;
beforeEach(async () => {
  dir = await temporaryDir();
});
afterEach(() => dir.remove());

/** Files as the kernel shows them: a word and a line break. */
async function files(path: string, words: Readonly<Record<string, string>>): Promise<string> {
  const at = join(dir.path, path);
  await mkdir(at, { recursive: true });
  for (const [name, word] of Object.entries(words)) await writeFile(join(at, name), `${word}\n`);
  return at;
}

/** What `cec-ctl` of v4l-utils 1.26 prints. */
const answer = (state: string) => `
Transmit from Playback Device 1 to TV (4 to 0):
GIVE_DEVICE_POWER_STATUS (0x8f)
    Received from TV (0):
    REPORT_POWER_STATUS (0x90):
	pwr-state: ${state}
	Sequence: 395 Tx Timestamp: 2704.092020s Rx Timestamp: 2704.379248s
`;
const noAnswer = `
Transmit from Playback Device 1 to TV (4 to 0):
GIVE_DEVICE_POWER_STATUS (0x8f)
	Sequence: 652 Tx Timestamp: 4604.391727s
	Tx, Not Acknowledged (4), Max Retries
`;

describe('a backlight', () => {
  it('is lit with power and brightness, dark without either, and proves nothing where the files are missing or strange', async () => {
    const read = async (words: Record<string, string>) => {
      await rm(join(dir.path, 'bl'), { recursive: true, force: true });
      return backlightProbe(await files('bl', words)).read();
    };
    expect(await read({ bl_power: '0', actual_brightness: '180' })).toBe('on');
    expect(await read({ actual_brightness: '180' })).toBe('on');
    expect(await read({ bl_power: '4', actual_brightness: '180' })).toBe('off');
    expect(await read({ bl_power: '0', actual_brightness: '0' })).toBe('off');
    expect(await read({ bl_power: '0' })).toBe('unproven');
    expect(await read({ bl_power: 'on', actual_brightness: '' })).toBe('unproven');
    expect(await read({})).toBe('unproven');
  });
});

describe('a connector of the graphics driver', () => {
  it('sends a picture while it is connected, enabled and not in standby', async () => {
    const read = async (status: string, enabled: string, dpms: string) =>
      drmProbe(await files('card0-HDMI-A-1', { status, enabled, dpms })).read();
    expect(await read('connected', 'enabled', 'On')).toBe('on');
    expect(await read('connected', 'enabled', 'Off')).toBe('off');
    expect(await read('connected', 'disabled', 'On')).toBe('off');
    expect(await read('disconnected', 'disabled', 'Off')).toBe('off');
    expect(await read('unknown', 'enabled', 'On')).toBe('unproven');
    expect(await drmProbe(join(dir.path, 'nowhere')).read()).toBe('unproven');
  });
});

describe('a display over CEC', () => {
  it('is on when it says so, off on its way and in standby, and unproven when it says nothing', () => {
    expect(powerStateIn(answer('on (0x00)'))).toBe('on');
    expect(powerStateIn(answer('standby (0x01)'))).toBe('off');
    expect(powerStateIn(answer('to-on (0x02)'))).toBe('off');
    expect(powerStateIn(answer('to-standby (0x03)'))).toBe('off');
    expect(powerStateIn(noAnswer)).toBe('unproven');
    fc.assert(fc.property(fc.string(), (text) => powerStateIn(text.replaceAll('pwr-state', '')) === 'unproven'));
  });

  it('is asked by a program that may be missing, fail or talk without end', async () => {
    const before = process.env['PATH'];
    const program = join(await files('bin', {}), 'cec-ctl');
    const says = async (script: string) => {
      await writeFile(program, `#!/bin/sh\n${script}\n`);
      await chmod(program, 0o755);
    };
    const probe = cecProbe('/dev/cec0');
    process.env['PATH'] = `${join(dir.path, 'bin')}:/usr/bin:/bin`;
    try {
      expect(await probe.read()).toBe('unproven');
      await says(`echo "$*" >> "${dir.path}/asked"; printf '%s' '${answer('on (0x00)')}'`);
      expect([await probe.read(), await probe.read()]).toEqual(['on', 'on']);
      await says('exit 3');
      expect(await probe.read()).toBe('unproven');
      await says('yes');
      expect(await probe.read()).toBe('unproven');
    } finally {
      process.env['PATH'] = before;
    }
    const asked = await import('node:fs/promises').then((fs) => fs.readFile(join(dir.path, 'asked'), 'utf8'));
    // It joins the bus once.
    expect(asked.trim().split('\n')).toEqual([
      '-d /dev/cec0 --playback --to 0 --give-device-power-status',
      '-d /dev/cec0 --to 0 --give-device-power-status',
    ]);
  });
});

describe('the setting', () => {
  const machine = (path = '') => ({ sysDir: join(dir.path, 'sys'), devDir: join(dir.path, 'dev'), path });
  const found = async (setting: string, path?: string) => (await findProbe(setting, machine(path))).by;

  it('takes what proves most of what is there', async () => {
    expect(await found('auto')).toBe('none');
    await files('sys/drm/card0-HDMI-A-1', { status: 'connected' });
    await files('sys/drm/card0-DP-1', { status: 'disconnected' });
    expect(await found('auto')).toBe('drm');
    await files('dev', { cec0: '' });
    expect(await found('auto')).toBe('drm');
    const bin = await files('bin', { 'cec-ctl': '#!/bin/sh' });
    await chmod(join(bin, 'cec-ctl'), 0o755);
    expect(await found('auto', `/nowhere:${bin}`)).toBe('cec');
    await files('sys/backlight/panel', { bl_power: '0' });
    expect(await found('auto', bin)).toBe('backlight');
    expect(await found('none')).toBe('none');
    expect(await found('cec')).toBe('cec');
    expect(await found('drm:/sys/class/drm/card0-DP-1')).toBe('drm');
  });

  it('does not guess which of two displays is at the door', async () => {
    for (const name of ['card0-HDMI-A-1', 'card0-HDMI-A-2']) await files(`sys/drm/${name}`, { status: 'connected' });
    expect(await found('auto')).toBe('none');
  });

  it('is refused when it is none', () => {
    const isGood = (text: string) => panelSetting.safeParse(text).success;
    expect(['auto', 'none', 'cec', 'cec:/dev/cec1', 'backlight:/sys/x', 'drm:/sys/y'].every(isGood)).toBe(true);
    expect(['', 'on', 'backlight', 'drm:', 'backlight:relative', 'auto:/x'].some(isGood)).toBe(false);
  });
});

describe('what readings prove of a play', () => {
  const readings = (...states: PanelReading['state'][]): PanelReading[] =>
    states.map((state, n) => ({ mono: n * panelEveryMs, state }));

  it('is on between two that say so, and nothing where there was none for long', () => {
    expect(evidenceOf(readings('on', 'on'), 3_000, 12_000)).toBe('on');
    expect(evidenceOf(readings('on'), 3_000, 12_000)).toBe('on');
    expect(evidenceOf(readings('on'), 100_000, 106_000)).toBe('unproven');
    expect(evidenceOf([], 0, 6_000)).toBe('unproven');
    expect(evidenceOf(readings('unproven', 'unproven'), 3_000, 12_000)).toBe('unproven');
  });

  it('is off as soon as one says so, however often the others say on', () => {
    expect(evidenceOf(readings('on', 'off', 'on'), 3_000, 12_000)).toBe('off');
    expect(evidenceOf(readings('off', 'on'), 3_000, 12_000)).toBe('off');
  });

  it('is never on without a reading that says so within the time that it holds', () => {
    const reading = fc.record({
      mono: fc.integer({ min: 0, max: 120_000 }),
      state: fc.constantFrom('on' as const, 'off' as const, 'unproven' as const),
    });
    const span = fc.tuple(fc.integer({ min: 0, max: 120_000 }), fc.integer({ min: 1, max: 30_000 }));
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 12 }), span, (some, [from, length]) => {
        const sorted = some.toSorted((a, b) => a.mono - b.mono);
        const evidence = evidenceOf(sorted, from, from + length);
        const inside = sorted.filter(({ mono }) => mono > from && mono <= from + length);
        if (inside.some(({ state }) => state === 'off')) expect(evidence).toBe('off');
        if (evidence !== 'on') return;
        for (const moment of [from, from + length / 2, from + length])
          expect(sorted.some((r) => r.state === 'on' && Math.abs(moment - r.mono) <= 2.5 * panelEveryMs)).toBe(true);
      }),
    );
  });
});

it('the panel is read while plays go on, and one that hangs holds up nothing', async () => {
  vi.useFakeTimers();
  try {
    let state: 'on' | 'off' = 'on';
    let asked = 0;
    const probe = { by: 'backlight' as const, read: () => ((asked += 1), Promise.resolve(state)) };
    const watch = createPanelWatch(systemClock, silentLog, () => Promise.resolve(probe));
    await watch.start();
    await vi.advanceTimersByTimeAsync(panelEveryMs);
    const now = systemClock.mono();
    expect(watch.during(now - 5_000, now)).toEqual({ panel: 'on', panelBy: 'backlight' });
    state = 'off';
    await vi.advanceTimersByTimeAsync(panelEveryMs);
    expect(watch.during(systemClock.mono() - 5_000, systemClock.mono())).toEqual({
      panel: 'off',
      panelBy: 'backlight',
    });
    watch.stop();
    await vi.advanceTimersByTimeAsync(10 * panelEveryMs);
    expect(asked).toBe(3);

    const none = createPanelWatch(systemClock, silentLog, () => Promise.resolve(noProbe));
    await none.start();
    expect(none.during(0, 1)).toEqual({ panel: 'unproven', panelBy: 'none' });
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

it('a probe that fails proves nothing, brings nothing down and is asked again', async () => {
  vi.useFakeTimers();
  try {
    let fails = true;
    const read = () => (fails ? Promise.reject(new Error('spawn ENOMEM')) : Promise.resolve('on' as const));
    const watch = createPanelWatch(systemClock, silentLog, () => Promise.resolve({ by: 'cec', read }));
    await watch.start();
    await vi.advanceTimersByTimeAsync(panelEveryMs);
    const span = () => [systemClock.mono() - 1_000, systemClock.mono()] as const;
    expect(watch.during(...span())).toEqual({ panel: 'unproven', panelBy: 'cec' });
    fails = false;
    await vi.advanceTimersByTimeAsync(panelEveryMs);
    await vi.advanceTimersByTimeAsync(panelEveryMs);
    expect(watch.during(...span())).toEqual({ panel: 'on', panelBy: 'cec' });
    watch.stop();
  } finally {
    vi.useRealTimers();
  }
});
