import type { Clock } from '../units/time.ts';
import type { LineEngine } from './line-runner.ts';
import type { ByteLink } from './link.ts';

/** An engine that has an end. */
export interface SweepEngine extends Pick<LineEngine, 'nextTransmission' | 'receive' | 'nextDeadlineMs'> {
  readonly isDone: boolean;
}

/**
 * Runs a sweep on one link until it is done, and closes the link. Rejects when the line broke before, with the link's error if it has
 * one. An `interrupt` ends it as if it were done.
 */
export function sweepLine(link: ByteLink, engine: SweepEngine, clock: Clock, interrupt?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const pump = (): void => {
      clearTimeout(timer);
      const bytes = engine.nextTransmission(clock.mono());
      if (bytes !== undefined) {
        link.write(bytes);
      }
      if (engine.isDone || interrupt?.aborted === true) {
        link.close();
        return;
      }
      const dueMs = engine.nextDeadlineMs();
      timer = dueMs === undefined ? undefined : setTimeout(pump, Math.max(0, Math.ceil(dueMs - clock.mono())));
    };
    interrupt?.addEventListener('abort', pump, { once: true });
    link.onData((bytes) => {
      engine.receive(bytes, clock.mono());
      pump();
    });
    link.onClose((error) => {
      clearTimeout(timer);
      interrupt?.removeEventListener('abort', pump);
      if (engine.isDone || interrupt?.aborted === true) {
        resolve();
      } else {
        reject(error ?? new Error('the link closed'));
      }
    });
    pump();
  });
}
