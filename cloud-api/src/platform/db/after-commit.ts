import type { Logger } from 'pino';

export interface Effects {
  readonly add: (effect: () => void | Promise<void>) => void;
  /** Starts all of them in order; a failure of one is logged. */
  run(): void;
}

/** What waits for a commit. */
export function afterCommitEffects(log: Logger): Effects {
  const effects: (() => void | Promise<void>)[] = [];
  return {
    add: (effect) => void effects.push(effect),
    run() {
      for (const effect of effects) void settle(effect, log);
    },
  };
}

async function settle(effect: () => void | Promise<void>, log: Logger): Promise<void> {
  try {
    await effect();
  } catch (err) {
    log.error({ err }, 'an effect after a commit failed');
  }
}
