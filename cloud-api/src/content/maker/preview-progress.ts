import type { Platform } from '../../platform/platform.ts';
import type { Author } from './owner.ts';

const stepPercent = 10;

/** How far a preview is; given the share that is done. */
export type TellProgress = (share: number) => void;

/**
 * Tells whoever waits for a preview how far it is, as live events about the name that they gave it (`watch`). Without a name nobody listens. What comes
 * too fast, and what cannot be told, is left out: the preview itself does not wait for it.
 */
export function previewProgress(
  { store, events, log }: Platform,
  who: Author,
  watch: string | undefined,
): TellProgress {
  if (watch === undefined) return () => undefined;
  let told = 0;
  let isTelling = false;
  const scope = who.role === 'merchant' ? { merchantId: who.merchantId } : {};
  return (share) => {
    const percent = Math.floor(share * 100);
    if (isTelling || percent < told + stepPercent) return;
    told = percent;
    isTelling = true;
    void store
      .tx((q) => events.emit(q, { type: 'clip-preview', subject: watch, facts: { percent }, ...scope }))
      .catch((err: unknown) => log.warn({ err }, 'cannot tell how far a preview is'))
      .finally(() => (isTelling = false));
  };
}
