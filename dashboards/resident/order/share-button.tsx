import type { Order } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { copyText } from '../../kit/ui/copy-text.ts';
import { Icon } from '../../kit/ui/icon.tsx';
import { useOrderWords } from './order-words.ts';

interface ShareButtonProps {
  readonly order: Order;
  /** People that the group still wants. */
  readonly missing: number;
}

/** Hands the deal on: by the phone's own share sheet, else as text on the clipboard, else as text to copy by hand. */
export function ShareButton({ order, missing }: ShareButtonProps) {
  const words = useOrderWords();
  const formats = useFormats();
  const [outcome, setOutcome] = useState<'none' | 'copied' | 'by-hand'>('none');
  const url = `${location.origin}/h5/deals/${order.dealId}`;
  const price = formats.money(Math.round(order.totalFen / order.quantity));
  const text = words.shareText(order.dealTitle, price, missing);

  async function share(): Promise<void> {
    // Somebody who closes the share sheet wants nothing more; where there is none, or it fails, the text is copied.
    const shared = await shareSheet({ title: order.dealTitle, text, url });
    if (shared) return;
    setOutcome((await copyText(`${text}${url}`)) ? 'copied' : 'by-hand');
  }

  return (
    <>
      <button type="button" className="button is-primary is-large is-wide" onClick={() => void share()}>
        <Icon name="share" /> {words.share}
      </button>
      <output className="share-outcome">
        {outcome === 'copied' && words.shareCopied}
        {outcome === 'by-hand' && words.shareManual}
      </output>
      {outcome === 'by-hand' && <p className="share-text">{`${text}${url}`}</p>}
    </>
  );
}

/** True if the share sheet was opened. */
async function shareSheet(data: ShareData): Promise<boolean> {
  if (!('share' in navigator)) return false;
  return navigator.share(data).then(
    () => true,
    (error: unknown) => error instanceof DOMException && error.name === 'AbortError',
  );
}
