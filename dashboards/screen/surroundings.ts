import type { ScreenNotice, ScreenState } from '@gatecast/firmware-protocol/messages';
import { element } from './element.ts';
import { language, messages } from './messages.ts';

const noticeMs = 10_000;

export interface Surroundings {
  show(state: ScreenState): void;
  /** The agent's wall clock, UTC ms: the terminal's time counts, not the browser's. */
  setTime(now: number): void;
}

/** Community, clock and notices. An emergency hides the picture; `covers` is told. */
export function createSurroundings(covers: (isCovered: boolean) => void): Surroundings {
  const community = element('.community');
  const clock = element('.clock');
  const greeting = element('.greeting');
  const greetingMore = element('.greeting-more');
  const notice = element('.notice');
  const noticeText = element('.notice-text');
  element('.notice-mark').textContent = messages.notice;
  const emergency = element('.emergency');
  const emergencyTitle = element('.emergency-title');
  const emergencyText = element('.emergency-text');
  element('.emergency-mark').textContent = messages.emergency;
  greeting.textContent = messages.greeting;
  let format = clockIn('UTC');
  let zone = '';
  let offsetMs = 0;
  let notices: readonly ScreenNotice[] = [];
  let turn = 0;

  function tick(): void {
    clock.textContent = zone === '' ? '' : format.format(Date.now() + offsetMs);
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
    });
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

const clockIn = (timeZone: string) =>
  new Intl.DateTimeFormat(language, { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

function showIn(place: HTMLElement, notice: ScreenNotice | undefined, fill: (notice: ScreenNotice) => void): void {
  place.hidden = notice === undefined;
  if (notice) fill(notice);
}
