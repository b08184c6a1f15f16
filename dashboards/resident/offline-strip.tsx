import { Icon } from '../kit/ui/icon.tsx';
import { useOnline } from '../kit/use-online.ts';
import { useMessages } from './messages/use-messages.ts';

/** Says so while the phone has no network; what was loaded stays on the page. */
export function OfflineStrip() {
  const words = useMessages();
  const online = useOnline();
  if (online) return null;
  return (
    <output className="offline-strip">
      <Icon name="wifi" size={18} /> {words.offlineStrip}
    </output>
  );
}
