import { useSyncExternalStore } from 'react';
import { Icon } from '../kit/ui/icon.tsx';
import { useMessages } from './messages/use-messages.ts';

function subscribe(listener: () => void): () => void {
  addEventListener('online', listener);
  addEventListener('offline', listener);
  return () => {
    removeEventListener('online', listener);
    removeEventListener('offline', listener);
  };
}

/** Says so while the phone has no network; what was loaded stays on the page. */
export function OfflineStrip() {
  const words = useMessages();
  const online = useSyncExternalStore(subscribe, () => navigator.onLine);
  if (online) return null;
  return (
    <output className="offline-strip">
      <Icon name="wifi" size={18} /> {words.offlineStrip}
    </output>
  );
}
