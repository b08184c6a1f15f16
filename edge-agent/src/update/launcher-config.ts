import { DomainError } from '@gatecast/firmware-protocol';
import { z } from 'zod';

/** Above what the agent gives itself to prove a release, so that the reason that it finds is the one that is told. */
const marginMs = 60_000;
export const trialSecondsDefault = 600;

/** What the launcher reads of the environment, which it hands on to the agent. */
const environment = z.object({
  /** The two slots and what belongs to them. */
  GATECAST_SOFTWARE_DIR: z.string().min(1),
  /** How long a new release may take to prove itself. */
  GATECAST_TRIAL_SECONDS: z.coerce.number().int().min(1).max(86_400).default(trialSecondsDefault),
  GATECAST_PARENT_WATCH: z.enum(['0', '1']).default('0'),
});

/** Throws DomainError `bad-configuration` that names every fault at once. */
export function readLauncherEnvironment(variables: Readonly<Record<string, string | undefined>>) {
  const parsed = environment.safeParse(variables);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new DomainError(
      'bad-configuration',
      `The launcher cannot start with this configuration:\n${faults.join('\n')}`,
    );
  }
  const { GATECAST_SOFTWARE_DIR: softwareDir, GATECAST_TRIAL_SECONDS, GATECAST_PARENT_WATCH } = parsed.data;
  return {
    softwareDir,
    trialMs: GATECAST_TRIAL_SECONDS * 1_000 + marginMs,
    parentWatch: GATECAST_PARENT_WATCH === '1',
  };
}
