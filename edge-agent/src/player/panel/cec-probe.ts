import { execFile } from 'node:child_process';
import { seconds } from '@gatecast/firmware-protocol';
import type { PanelProbe, PanelState } from './panel-probe.ts';

/** A display answers within a second or not at all (CEC 1.4, 9.2). */
const answerMsMax = seconds(5);
const outputBytesMax = 64 * 1024;

/**
 * Asks the display itself over HDMI-CEC, by the program `cec-ctl` of v4l-utils. It first makes this machine a playback device on the bus, and again
 * whenever no answer came: a bus that was unplugged has forgotten it.
 */
export function cecProbe(device: string): PanelProbe {
  let isOnBus = false;
  return {
    by: 'cec',
    async read() {
      const join = isOnBus ? [] : ['--playback'];
      const said = await output('cec-ctl', ['-d', device, ...join, '--to', '0', '--give-device-power-status']);
      const state = powerStateIn(said);
      isOnBus = state !== 'unproven';
      return state;
    },
  };
}

/**
 * What `cec-ctl` printed of the display's `<Report Power Status>`: a line `pwr-state: on (0x00)`, or `standby`, `to-on`, `to-standby`. A display that is on its
 * way shows nothing yet. Anything else is no answer: `Tx, Not Acknowledged`, a timeout, no adapter.
 */
export function powerStateIn(text: string): PanelState {
  const state = /^\s*pwr-state: ([a-z-]+) \(0x0\d\)/m.exec(text)?.[1];
  if (state === 'on') return 'on';
  return state === 'standby' || state === 'to-on' || state === 'to-standby' ? 'off' : 'unproven';
}

/** Empty if the program is not there, fails or hangs. */
function output(program: string, args: readonly string[]): Promise<string> {
  const limits = { timeout: answerMsMax, killSignal: 'SIGKILL', maxBuffer: outputBytesMax } as const;
  return new Promise((resolve) => {
    execFile(program, args, limits, (error, stdout) => resolve(error ? '' : stdout));
  });
}
