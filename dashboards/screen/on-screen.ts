import type { ScreenDecision } from '@gatecast/firmware-protocol/messages';
import { element } from './element.ts';
import { messages } from './messages.ts';

const legal = element('.legal');
const offer = element('.offer');
const qr = element('.qr', HTMLImageElement);
element('.call').textContent = messages.scan;
element('.call-more').textContent = messages.scanMore;
qr.alt = messages.scan;

/** What stands beside a clip: the legal mark of paid ones, and the code that leads to the deal. */
export function showBeside(decision: ScreenDecision | null): void {
  const { dataset } = document.documentElement;
  delete dataset['firstFrameMs'];
  dataset['decision'] = decision?.decision ?? '';
  dataset['clip'] = decision?.clip ?? '';
  dataset['campaign'] = decision?.campaign ?? '';
  dataset['occasion'] = decision?.occasion ?? '';

  const isPaid = decision?.campaign !== null && decision !== null;
  legal.hidden = !isPaid;
  legal.textContent = isPaid ? [messages.legal, decision.advertiser].filter(Boolean).join(' · ') : '';
  const code = decision?.qr ?? null;
  offer.hidden = code === null;
  if (code !== null) qr.src = `data:image/svg+xml,${encodeURIComponent(code)}`;
}
