import { useEffect, useState } from 'react';
import { useApi } from '../../kit/api/api-context.tsx';
import { phoneStep, phoneStepMs } from '../../kit/phone-code.ts';
import { doorNow, meetCloudClock } from './door-clock.ts';
import { codeFor } from './phone-key.ts';

export type ShownCode =
  | { readonly kind: 'making' }
  /** `endsInMs` from when it was made. */
  | { readonly kind: 'shown'; readonly text: string; readonly endsInMs: number }
  /** The key is gone from this phone, or the browser will not sign with it. */
  | { readonly kind: 'lost' };

/** The code of this half minute; a new one when it ends, and whenever the page comes to the front again. */
export function usePhoneCode(): ShownCode {
  const { clock } = useApi();
  const [code, setCode] = useState<ShownCode>({ kind: 'making' });
  useEffect(() => {
    let current = true;
    let timer: ReturnType<typeof setTimeout>;
    const show = (shown: ShownCode): void => {
      if (current) setCode(shown);
    };
    const renew = (): void => {
      if (!current) return;
      clearTimeout(timer);
      const now = doorNow();
      const endsInMs = (phoneStep(now) + 1) * phoneStepMs - now;
      codeFor(now).then(
        (text) => show(text === undefined ? { kind: 'lost' } : { kind: 'shown', text, endsInMs }),
        () => show({ kind: 'lost' }),
      );
      timer = setTimeout(renew, endsInMs);
    };
    const seen = (): void => {
      if (document.visibilityState === 'visible') renew();
    };
    renew();
    // The clocks may never meet, in a basement; if they do, the code is made again by the better one.
    void meetCloudClock(clock).then(renew);
    document.addEventListener('visibilitychange', seen);
    return () => {
      current = false;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', seen);
    };
  }, [clock]);
  return code;
}
