import type { ScreenNotice, ScreenState } from '@gatecast/firmware-protocol/messages';
import { element } from './element.ts';
import { language, messages } from './messages.ts';

const noticeMs = 10_000;

export interface Surroundings {
  show(state: ScreenState): void;
  /** The agent's wall clock, UTC ms: the terminal's time counts, not the browser's. */
  setTime(now: number): void;
}

/** Community, clock, light and notices. An emergency hides the picture; `covers` is told. */
export function createSurroundings(covers: (isCovered: boolean) => void): Surroundings {
  const root = document.documentElement;
  const community = element('.community');
  const clocks = [element('.clock'), element('.still-clock')];
  const greetingMore = element('.greeting-more');
  const notice = element('.notice');
  const noticeText = element('.notice-text');
  const emergency = element('.emergency');
  const emergencyTitle = element('.emergency-title');
  const emergencyText = element('.emergency-text');
  element('.notice-mark').textContent = messages.notice;
  element('.emergency-mark').textContent = messages.emergency;
  element('.greeting').textContent = messages.greeting;
  element('.still-how').textContent = messages.how;
  let format = clockIn('UTC');
  let zone = '';
  let offsetMs = 0;
  let notices: readonly ScreenNotice[] = [];
  let turn = 0;

  function tick(): void {
    const time = zone === '' ? '' : format.format(Date.now() + offsetMs);
    for (const clock of clocks) if (clock.textContent !== time) clock.textContent = time;
  }
  function nextNotice(): void {
    const announcements = notices.filter(({ level }) => level === 'announcement');
    const emergencies = notices.filter(({ level }) => level === 'emergency');
    showIn(notice, announcements[turn % Math.max(1, announcements.length)], ({ title, text }) => {
      noticeText.textContent = [title, text].filter(Boolean).join(' · ');
    });
    showIn(emergency, emergencies[turn % Math.max(1, emergencies.length)], ({ title, text }) => {
      emergencyTitle.textContent = title;
      emergencyText.textContent = text;
      emergency.classList.toggle('is-long', isLong(title, text));
    });
    root.classList.toggle('in-emergency', !emergency.hidden);
    covers(!emergency.hidden);
    turn += 1;
  }
  setInterval(tick, 1_000);
  setInterval(nextNotice, noticeMs);

  const setTime = (now: number) => {
    offsetMs = now - Date.now();
    tick();
  };
  return {
    setTime,
    show(state) {
      community.textContent = state.community;
      greetingMore.textContent = state.community;
      root.classList.toggle('is-quiet', state.isQuiet);
      root.style.setProperty('--dimmed', String(1 - state.brightnessPercent / 100));
      if (state.zone !== zone) format = clockIn(state.zone);
      zone = state.zone;
      setTime(state.now);
      if (JSON.stringify(state.notices) === JSON.stringify(notices)) return;
      notices = state.notices;
      turn = 0;
      nextNotice();
    },
  };
}

/** As many lines as stand in large letters, of Chinese ones. */
const isLong = (title: string, text: string): boolean =>
  Math.ceil(title.length / 6) * 11 + Math.ceil(text.length / 11) * 8 > 80;

const clockIn = (timeZone: string) =>
  new Intl.DateTimeFormat(language, { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

function showIn(place: HTMLElement, notice: ScreenNotice | undefined, fill: (notice: ScreenNotice) => void): void {
  place.hidden = notice === undefined;
  if (notice) fill(notice);
}
