import { Launcher } from './launcher.ts';

/** The launcher as a program, with a trial as short as a test wants it. */
const launcher = new Launcher({
  softwareDir: process.env['GATECAST_SOFTWARE_DIR'] ?? '',
  trialMs: Number(process.env['LAUNCHER_TRIAL_MS']),
  args: [],
  env: process.env,
  say: () => undefined,
});
process.once('SIGTERM', () => launcher.stop());
process.exitCode = await launcher.run();
