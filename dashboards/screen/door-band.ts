import type { ScreenDoor } from '@gatecast/firmware-protocol/messages';
import { element } from './element.ts';
import { messages } from './messages.ts';

/** How long each message stands; longer where there is something to read. */
const openedMs = 6_000;
const refusedMs = 6_000;
const helpMs = 10_000;
/** The reader forgets what was typed after ten seconds without a key. */
const typingMs = 10_000;

/** As many as stand beside the words. */
const dotsMax = 12;

type BandState = 'starting' | 'idle' | 'typing' | 'opened' | 'refused' | 'help' | 'offline';

export interface DoorBand {
  tell(door: ScreenDoor): void;
  setLink(isUp: boolean): void;
}

/** The band above the picture: what the door says. Only a refusal covers a part of the picture; `covers` is told. */
export function createDoorBand(covers: (isCovered: boolean) => void): DoorBand {
  const root = document.documentElement;
  const title = element('.title');
  const subtitle = element('.subtitle');
  const dots = element('.dots');
  const advice = element('.advice');
  element('.how').textContent = messages.how;
  let isLinked = false;
  let settle = 0;

  function set(state: BandState, words: readonly [string, string] = ['', ''], more = ''): void {
    root.dataset['state'] = state;
    [title.textContent, subtitle.textContent] = words;
    advice.textContent = more;
    covers(state === 'refused');
    if (state !== 'typing') dots.textContent = '';
  }
  const rest = () => set(isLinked ? 'idle' : 'offline', [messages.offline, messages.offlineMore]);

  function until(ms: number): void {
    clearTimeout(settle);
    settle = window.setTimeout(rest, ms);
  }

  set('starting', [messages.starting, messages.startingMore]);
  return {
    tell(door) {
      if (door.kind === 'opened') {
        set('opened', [messages.opened, messages.openedMore]);
        until(openedMs);
      } else if (door.kind === 'refused') {
        set('refused', [messages.refused, messages.refusedMore], messages.advice[door.advice]);
        until(refusedMs);
      } else if (door.kind === 'help') {
        set('help', [messages.help, messages.helpMore]);
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
      clearTimeout(settle);
      rest();
    },
  };
}
