import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** A notification is one datagram. */
const notifyMsMax = 5_000;

export interface ServiceManager {
  /** The door works. */
  ready(status: string): Promise<void>;
  /** Says that this program is well, twice as often as it must; what is not well is not said, and the manager starts the program anew. */
  watch(isWell: () => Promise<boolean>): void;
  /** It ends because it was told to. Idempotent. */
  stopping(): Promise<void>;
}

export interface ServiceManagerParts {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Something about the notifications themselves; the program goes on without them. */
  readonly onFault: (error: unknown) => void;
  /** Hands facts such as `READY=1` to the manager. */
  readonly notify?: (facts: readonly string[]) => Promise<void>;
}

/**
 * systemd's notification protocol (sd_notify(3)). Node has no datagram sockets of the UNIX family, so `systemd-notify` sends them; the unit says
 * `NotifyAccess=all` for that. Without `NOTIFY_SOCKET` nothing is said to anybody.
 */
export function serviceManager({ env, onFault, notify = viaSystemdNotify }: ServiceManagerParts): ServiceManager {
  let timer: NodeJS.Timeout | undefined;
  const say = async (...facts: string[]) => {
    if (env['NOTIFY_SOCKET']) await notify(facts).catch(onFault);
  };
  // As the launcher is the service's main process, WATCHDOG_PID names it and not this program.
  const watchdogMs = Number(env['WATCHDOG_USEC'] ?? 0) / 1_000;
  return {
    ready: (status) => say('READY=1', `STATUS=${status}`),
    watch(isWell) {
      if (!env['NOTIFY_SOCKET'] || !(watchdogMs > 0)) return;
      const look = async () => {
        if (await isWell()) await say('WATCHDOG=1');
      };
      timer = setInterval(() => void look().catch(onFault), watchdogMs / 2);
      timer.unref();
    },
    async stopping() {
      if (timer) clearInterval(timer);
      timer = undefined;
      await say('STOPPING=1');
    },
  };
}

async function viaSystemdNotify(facts: readonly string[]): Promise<void> {
  await run('systemd-notify', [...facts], { timeout: notifyMsMax });
}
