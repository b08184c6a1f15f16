import type { ScreenDoor } from '@gatecast/firmware-protocol/messages';
import { element } from './element.ts';
import type { Feedback } from './feedback-notes.ts';
import { messages } from './messages.ts';

/** How long each message stands; longer where there is something to read. */
const openedMs = 6_000;
const refusedMs = 6_000;
const helpMs = 10_000;
/** The reader forgets what was typed after ten seconds without a key. */
const typingMs = 10_000;
/** Whoever stands before a screen that is still away then needs somebody to call. */
const awayMs = 30_000;

/** As many as stand in one line. */
const dotsMax = 12;

type BandState = 'starting' | 'idle' | 'typing' | 'opened' | 'refused' | 'wait' | 'help' | 'offline';

export interface DoorBand {
  tell(door: ScreenDoor): void;
  setLink(isUp: boolean): void;
  /** Whom somebody at the door can call; null: nobody knows a number. */
  setOffice(phone: string | null): void;
}

interface BandParts {
  /** Words that stand below the band cover a part of the picture. */
  readonly covers: (isCovered: boolean) => void;
  /** What is shown is to be heard too. */
  readonly says: (feedback: Feedback) => void;
}

/** The band above the picture: what the door says. */
export function createDoorBand({ covers, says }: BandParts): DoorBand {
  const root = document.documentElement;
  const title = element('.title');
  const subtitle = element('.subtitle');
  const dots = element('.dots');
  const advice = element('.advice');
  const callHelp = element('.call-help');
  element('.how').textContent = messages.how;
  let isLinked = false;
  let settle = 0;
  let office = '';

  function set(state: BandState, words: readonly [string, string] = ['', ''], more = ''): void {
    root.dataset['state'] = state;
    [title.textContent, subtitle.textContent] = words;
    advice.textContent = more;
    covers(more !== '');
    if (state !== 'typing') dots.textContent = '';
  }
  function rest(): void {
    set(isLinked ? 'idle' : 'offline', [messages.offline, messages.offlineMore]);
    clearTimeout(settle);
    if (!isLinked && office !== '') settle = window.setTimeout(() => (subtitle.textContent = office), awayMs);
  }

  function until(ms: number): void {
    clearTimeout(settle);
    settle = window.setTimeout(rest, ms);
  }

  function refuse({ advice: why }: Extract<ScreenDoor, { kind: 'refused' }>): void {
    const words = messages.advice[why];
    if (why === 'wait') set('wait', [messages.wait, messages.waitMore], words);
    else
      set('refused', [messages.refused, messages.refusedMore], why === 'call-property' ? `${words}\n${office}` : words);
    says(why === 'wait' ? 'wait' : 'wrong');
    until(refusedMs);
  }

  set('starting', [messages.starting, messages.startingMore]);
  return {
    tell(door) {
      if (door.kind === 'opened') {
        set('opened', [messages.opened, door.word ? messages.pickUp : messages.openedMore]);
        says('right');
        until(openedMs);
      } else if (door.kind === 'refused') {
        refuse(door);
      } else if (door.kind === 'help') {
        set('help', [messages.help, messages.helpMore], office);
        says('help');
        until(helpMs);
      } else if (door.dots > 0) {
        set('typing', [messages.typing, messages.typingMore]);
        dots.textContent = '●'.repeat(Math.min(door.dots, dotsMax));
        until(typingMs);
      } else if (root.dataset['state'] === 'typing') rest();
    },
    setLink(isUp) {
      if (isUp === isLinked) return;
      isLinked = isUp;
      rest();
    },
    setOffice(phone) {
      office = phone === null ? '' : messages.office(phone);
      callHelp.textContent = `${messages.callHelp}\n${office}`;
    },
  };
}
