import type { ScreenEnrolment } from '@gatecast/firmware-protocol/messages';
import { element } from './element.ts';
import styles from './enrolment.css?url';
import { wordsOf } from './enrolment-words.ts';
import { loadStyles } from './later-styles.ts';

export interface EnrolmentView {
  /** Null: the terminal is in service, and the view is gone. */
  show(enrolment: ScreenEnrolment | null): void;
}

/** How to claim this terminal, or why it is out: over the picture, under the door's band. */
export async function createEnrolmentView(): Promise<EnrolmentView> {
  await loadStyles(styles);
  const view = element('.enrolment');
  const title = element('.enrolment-title');
  const more = element('.enrolment-more');
  const qr = element('.enrolment-qr', HTMLImageElement);
  const code = element('.enrolment-code');
  const hint = element('.enrolment-hint');
  let told = 'null';

  return {
    show(enrolment) {
      const text = JSON.stringify(enrolment);
      if (text === told) return;
      told = text;
      view.hidden = enrolment === null;
      document.documentElement.classList.toggle('enrolling', enrolment !== null);
      if (!enrolment) return;
      const words = wordsOf(enrolment);
      view.dataset['state'] = enrolment.state;
      title.textContent = words.title;
      more.textContent = words.more;
      hint.textContent = words.hint;
      code.textContent = enrolment.state === 'waiting' ? grouped(enrolment.code) : digitsOf(enrolment);
      qr.hidden = enrolment.state !== 'waiting';
      if (enrolment.state === 'waiting') qr.src = `data:image/svg+xml,${encodeURIComponent(enrolment.qr)}`;
      else qr.removeAttribute('src');
    },
  };
}

/** `ABCD 2345`: read aloud in two breaths. */
const grouped = (code: string): string => `${code.slice(0, 4)} ${code.slice(4)}`;
const digitsOf = (enrolment: ScreenEnrolment): string => (enrolment.state === 'compare' ? enrolment.digits : '');
