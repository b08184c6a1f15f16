import type { ScreenEvents } from '@gatecast/firmware-protocol/messages';
import { agentUrl } from './agent-url.ts';

type Listeners = { readonly [E in keyof ScreenEvents]: (data: ScreenEvents[E]) => void };

/** Three beats. */
const silenceMsMax = 12_000;
/** A short break is none that anybody needs to know of. */
const breakMsMax = 1_500;

/** Listens to the agent for good: the browser reconnects by itself, and a connection that fell silent is made anew. */
export function listenToAgent(listeners: Listeners, linked: (isUp: boolean) => void): void {
  let source: EventSource;
  let silence = 0;
  let broken = 0;

  const alive = () => {
    clearTimeout(broken);
    broken = 0;
    clearTimeout(silence);
    silence = window.setTimeout(connect, silenceMsMax);
    linked(true);
  };
  const lost = () => {
    // The browser tries again and again, and fails each time: the first failure counts.
    if (broken === 0) broken = window.setTimeout(() => linked(false), breakMsMax);
    // A refusal closes the source for good: it may have been a passing one.
    if (source.readyState === EventSource.CLOSED) silence = window.setTimeout(connect, breakMsMax);
  };

  function on<E extends keyof ScreenEvents>(name: E, listener: (data: ScreenEvents[E]) => void): void {
    source.addEventListener(name, (event: MessageEvent<string>) => {
      alive();
      listener(JSON.parse(event.data) as ScreenEvents[E]);
    });
  }

  function connect(): void {
    if (source) source.close();
    clearTimeout(silence);
    source = new EventSource(agentUrl('events'));
    on('state', listeners.state);
    on('decision', listeners.decision);
    on('withdrawn', listeners.withdrawn);
    on('door', listeners.door);
    on('beat', listeners.beat);
    on('capture', listeners.capture);
    on('tone', listeners.tone);
    source.addEventListener('error', lost);
  }
  connect();
}
