import type { ScreenDecision } from '@gatecast/firmware-protocol/messages';
import { element } from './element.ts';
import { messages } from './messages.ts';

const legal = element('.legal');
const offer = element('.offer');
const qr = element('.qr', HTMLImageElement);
element('.call').textContent = messages.scan;
element('.call-more').textContent = messages.scanMore;
qr.alt = messages.scan;

/** What stands beside a clip: the legal mark of paid ones, the notice to who opted in, and the code that leads to the deal. */
export function showBeside(decision: ScreenDecision | null): void {
  const { dataset } = document.documentElement;
  delete dataset['firstFrameMs'];
  dataset['decision'] = decision?.decision ?? '';
  dataset['clip'] = decision?.clip ?? '';
  dataset['campaign'] = decision?.campaign ?? '';
  dataset['occasion'] = decision?.occasion ?? '';

  legal.textContent = legalOf(decision);
  legal.hidden = legal.textContent === '';
  const code = decision?.qr ?? null;
  offer.hidden = code === null;
  if (code !== null) qr.src = `data:image/svg+xml,${encodeURIComponent(code)}`;
}

/** The mark and the advertiser; to who opted in also that this had a part in it. Empty for what nobody paid for. */
function legalOf(decision: ScreenDecision | null): string {
  if (!decision?.campaign) return '';
  const mark = [messages.legal, decision.advertiser].filter(Boolean).join(' · ');
  return decision.optedIn ? `${mark}\n${messages.optedIn}` : mark;
}
