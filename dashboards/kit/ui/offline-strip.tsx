import { useOnline } from '../use-online.ts';
import { Icon } from './icon.tsx';
import './offline-strip.css';

/** `says` while the device has no network; what was loaded stays on the page. */
export function OfflineStrip({ says }: { readonly says: string }) {
  if (useOnline()) return null;
  return (
    <output className="offline-strip">
      <Icon name="wifi" size={18} /> {says}
    </output>
  );
}
