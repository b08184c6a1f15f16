import { useWords } from '../../kit/i18n/language-context.tsx';
import { LiveProvider, useLiveState, type LiveRefreshes } from '../../kit/live/live-context.tsx';
import { LanguageSwitch } from '../../kit/ui/language-switch.tsx';
import { TraceFeed } from './trace-feed.tsx';
import { useMessages } from '../messages/zh.ts';
import './trace-page.css';

const refreshes: LiveRefreshes = { clip: ['GET /v1/clips'] };

/** The trace alone, as a pane in another page. */
export default function TracePage() {
  return (
    <LiveProvider refreshes={refreshes}>
      <div className="trace-page">
        <TraceHead />
        <main>
          <TraceFeed />
        </main>
      </div>
    </LiveProvider>
  );
}

function TraceHead() {
  const m = useMessages().trace;
  const { kit } = useWords();
  const isLive = useLiveState() === 'live';
  return (
    <header className="trace-head">
      <h1>{m.title}</h1>
      <output className={`badge ${isLive ? 'is-good' : 'is-warn'}`}>
        <span className={`live-dot ${isLive ? 'is-live' : ''}`} />
        {isLive ? kit.live : kit.reconnecting}
      </output>
      <LanguageSwitch />
    </header>
  );
}
