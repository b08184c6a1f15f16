import { Link } from 'wouter';
import { useRead } from '../../kit/api/api-context.tsx';
import { DoorPicture } from '../../kit/console/terminal/door-picture.tsx';
import { TagsCard } from '../../kit/console/rollouts/tags-card.tsx';
import { CommandsCard } from '../../kit/console/terminal/commands/commands-card.tsx';
import { NewClaimCode } from '../../kit/console/terminal/new-claim-code.tsx';
import { StatusWord } from '../../kit/console/terminal/status-word.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { Loaded } from '../../kit/ui/states.tsx';
import { RecentAccess } from '../access-log/recent-access.tsx';
import { useCommissioningWords } from '../commissioning/commissioning-words.ts';
import { DoorStanding } from '../doors/door-standing.tsx';
import { ModeCard } from '../doors/mode-card.tsx';
import { ScheduleEditor } from '../doors/schedule-editor.tsx';
import { useMessages } from '../messages/zh.ts';
import { DownloadCard } from './download-card.tsx';
import { DocumentTable } from './document-table.tsx';
import { ClonedNotice, IdentityCard } from './identity-card.tsx';
import { OpenDoorButton } from './open-door.tsx';
import { SettingsForm } from './settings-form.tsx';
import { WiringCard } from '../wiring/wiring-card.tsx';
import './terminals.css';

/** While a version is on its way; live events are faster when they come through. */
const pendingRefetchMs = 3_000;

export function TerminalPage({ id }: { readonly id: string }) {
  const m = useMessages();
  const commissioning = useCommissioningWords();
  const query = useRead('GET /v1/terminals/:id', { params: { id } }, { refetchInterval: pendingRefetchMs });
  return (
    <>
      <Link href="/" className="back-link">
        <Icon name="back" /> {m.terminals.back}
      </Link>
      <Loaded query={query}>
        {(terminal) => (
          <div className="terminal-page">
            <ClonedNotice terminal={terminal} />
            <section className="card terminal-hero">
              <DoorPicture terminal={terminal} words={m.terminals} />
              <div>
                <h1>{terminal.entranceName}</h1>
                <p className="soft">
                  {terminal.communityName} · {m.terminals.placement[terminal.placement]} · {terminal.name}
                </p>
                <StatusWord terminal={terminal} words={m.terminals} />
              </div>
              <OpenDoorButton terminal={terminal} />
              <Link href={`/terminals/${id}/commissioning`} className="more-link">
                {commissioning.link} <Icon name="forward" />
              </Link>
              <NewClaimCode terminalId={id} />
              <DoorStanding terminal={terminal} />
            </section>
            <div className="stack">
              <ModeCard terminal={terminal} />
              <ScheduleEditor terminal={terminal} />
              <DocumentTable terminal={terminal} />
            </div>
            <CommandsCard terminal={terminal} />
            <SettingsForm terminal={terminal} />
            <DownloadCard terminal={terminal} />
            <WiringCard terminal={terminal} />
            <TagsCard terminalId={id} />
            <IdentityCard terminal={terminal} />
            <RecentAccess terminal={terminal} />
          </div>
        )}
      </Loaded>
    </>
  );
}
