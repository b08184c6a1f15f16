import { ControlPanelLine, systemClock } from '@gatecast/firmware-protocol';
import { doorLink } from '../door/serial-line.ts';
import type { OnSiteStatus } from '../on-site/status.ts';
import type { Finding } from './finding.ts';

/** A device that is there answers its first poll; a line of 9,600 baud with 16 devices is through in this time. */
const askMsMax = 3_000;
const lookEveryMs = 20;

/** What a running agent knows of its doors; nobody else may use the line beside it. */
export function doorsOfAgent({ doors }: Pick<OnSiteStatus, 'doors'>): Finding[] {
  if (doors.length === 0) return [{ check: 'door', state: 'warn', code: 'door-not-configured' }];
  return doors.map(({ entrance, driver, online }) =>
    online
      ? { check: 'door', state: 'good', code: 'door-answers', about: `${entrance} (${driver})` }
      : { check: 'door', state: 'bad', code: 'door-silent', about: `${entrance} (${driver})` },
  );
}

/** Polls the OSDP devices by themselves. A poll asks what is new and moves nothing: no lock, no light, no key. */
export async function pollDevices(link: string, addresses: readonly number[]): Promise<Finding[]> {
  if (addresses.length === 0) return [{ check: 'door', state: 'warn', code: 'door-not-configured' }];
  const { connect, baud } = doorLink(link);
  let fault: Error | undefined;
  const line = new ControlPanelLine({
    connect,
    baud,
    clock: systemClock,
    devices: addresses.map((address) => ({ address, requireSecure: false })),
    onEvent: () => {},
    onLink: (isUp, error) => {
      fault = isUp ? undefined : (error ?? fault);
    },
  });
  const answers = (address: number) => (line.panel.device(address)?.metrics.replies ?? 0) > 0;
  line.start();
  await until(() => addresses.every(answers), askMsMax);
  const answered = addresses.filter(answers);
  line.stop();
  if (answered.length === 0 && fault) {
    return [
      { check: 'door', state: 'bad', code: 'door-link-broken', about: `${link.split('?')[0]} (${fault.message})` },
    ];
  }
  return addresses.map((address) =>
    answered.includes(address)
      ? { check: 'door', state: 'good', code: 'door-answers', about: `OSDP ${address}` }
      : { check: 'door', state: 'bad', code: 'door-silent', about: `OSDP ${address}` },
  );
}

function until(isSo: () => boolean, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (!isSo() && performance.now() < deadline) return;
      clearInterval(timer);
      resolve();
    }, lookEveryMs);
  });
}
