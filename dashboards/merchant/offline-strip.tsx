import { pageWords } from '../kit/i18n/page-words.ts';
import { Icon } from '../kit/ui/icon.tsx';
import { useOnline } from '../kit/use-online.ts';
import './offline-strip.css';

const useOfflineWords = pageWords({
  zh: { offline: '网络断开了，下面是断开前的数字，恢复后会自动更新' },
  en: { offline: 'You are offline. The figures are from before, and update when you are back' },
});

/** Says that figures stand still while the phone has no network: nobody should watch them as if they were live. */
export function OfflineStrip() {
  const words = useOfflineWords();
  if (useOnline()) return null;
  return (
    <output className="offline-strip">
      <Icon name="wifi" size={18} /> {words.offline}
    </output>
  );
}
