import { endWithParent } from '@gatecast/firmware-protocol/node';
import { readLauncherEnvironment } from './launcher-config.ts';
import { Launcher } from './launcher.ts';

/** One JSON line a fact on standard error, in the form of the agent's own log. */
function say(fact: Readonly<Record<string, unknown>>, sentence: string): void {
  const level = fact['code'] === undefined ? 30 : 50;
  console.error(JSON.stringify({ level, time: Date.now(), name: 'agent-launcher', ...fact, msg: sentence }));
}

try {
  const { softwareDir, trialMs, parentWatch } = readLauncherEnvironment(process.env);
  const launcher = new Launcher({ softwareDir, trialMs, args: process.argv.slice(2), env: process.env, say });
  const stop = () => launcher.stop();
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (parentWatch) endWithParent(stop);
  process.exitCode = await launcher.run();
  process.stdin.destroy();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
