import { seconds } from '@gatecast/firmware-protocol';
import { vi } from 'vitest';
import type { TestApp } from '../test-app.ts';
import { wantPlan, wishes } from './store.ts';

/** Wants a plan, as a sale does, and waits for one that knows all that has happened so far: some seconds of the app's time. */
export async function planned({ store, clock }: TestApp): Promise<void> {
  await store.tx((q) => wantPlan(q));
  const { wanted } = await wishes(store.read);
  await vi.waitFor(
    async () => {
      clock.advance(seconds(1));
      const { planned: known } = await wishes(store.read);
      if (known < wanted) throw new Error('not planned yet');
    },
    { timeout: 30_000, interval: 50 },
  );
}
