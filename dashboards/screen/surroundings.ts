import type { ScreenState } from '@gatecast/firmware-protocol/messages';
import { element } from './element.ts';
import { language, messages } from './messages.ts';

const noticeMs = 10_000;

export interface Surroundings {
  show(state: ScreenState): void;
  /** The agent's wall clock, UTC ms: the terminal's time counts, not the browser's. */
  setTime(now: number): void;
}

/** Community, clock and notices. */
export function createSurroundings(): Surroundings {
  const community = element('.community');
  const clock = element('.clock');
  const greeting = element('.greeting');
  const greetingMore = element('.greeting-more');
  const notice = element('.notice');
  const noticeText = element('.notice-text');
  element('.notice-mark').textContent = messages.notice;
  greeting.textContent = messages.greeting;
  let format = clockIn('UTC');
  let zone = '';
  let offsetMs = 0;
  let notices: readonly string[] = [];
  let turn = 0;

  function tick(): void {
    clock.textContent = zone === '' ? '' : format.format(Date.now() + offsetMs);
  }
  function nextNotice(): void {
    const text = notices[turn % Math.max(1, notices.length)];
    turn += 1;
    notice.hidden = text === undefined;
    noticeText.textContent = text ?? '';
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
      if (state.notices.join('\n') === notices.join('\n')) return;
      notices = state.notices;
      turn = 0;
      nextNotice();
    },
  };
}

const clockIn = (timeZone: string) =>
  new Intl.DateTimeFormat(language, { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
