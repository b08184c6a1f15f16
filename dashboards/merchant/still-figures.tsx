import { pageWords } from '../kit/i18n/page-words.ts';
import { OfflineStrip } from '../kit/ui/offline-strip.tsx';

const useOfflineWords = pageWords({
  zh: { offline: '网络断开了，下面是断开前的数字，恢复后会自动更新' },
  en: { offline: 'You are offline. The figures are from before, and update when you are back' },
});

/** Says that figures stand still while the phone has no network: nobody should watch them as if they were live. */
export function StillFigures() {
  return <OfflineStrip says={useOfflineWords().offline} />;
}
