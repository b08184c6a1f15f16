import { startDrift } from './burn-in.ts';
import { element } from './element.ts';
import { lastingWords } from './lasting-words.ts';
import { loadStyles } from './later-styles.ts';
import styles from './lasting.css?url';

export { say } from './feedback.ts';

/** The code for complaints stands beside the picture at every third step of the drift, and always where there is no picture. */
const aboutEvery = 3;

const styled = loadStyles(styles);
const about = element('.about');
const aboutQr = element('.about-qr', HTMLImageElement);
element('.about-what').textContent = lastingWords.about;
element('.about-more').textContent = lastingWords.aboutMore;
aboutQr.alt = lastingWords.about;
startDrift((step) => document.documentElement.classList.toggle('tells-about', step % aboutEvery === 0));

/** How to object to what the screen does: an SVG document; null: nowhere. */
export function showAbout(qr: string | null): void {
  void styled.then(() => (about.hidden = qr === null));
  const src = qr === null ? '' : `data:image/svg+xml,${encodeURIComponent(qr)}`;
  if (src !== '' && aboutQr.getAttribute('src') !== src) aboutQr.src = src;
}
