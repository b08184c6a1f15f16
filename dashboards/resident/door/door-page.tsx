import type { OwnDoor } from '@gatecast/cloud-api/client';
import { useEffect } from 'react';
import { Link } from 'wouter';
import { useRead } from '../../kit/api/api-context.tsx';
import { useSession } from '../../kit/session/session-context.tsx';
import { Icon, type IconName } from '../../kit/ui/icon.tsx';
import { Bones } from '../../kit/ui/skeleton.tsx';
import { Empty, Failed } from '../../kit/ui/states.tsx';
import { useOnline } from '../../kit/use-online.ts';
import { SignedInPage } from '../signed-in-page.tsx';
import { TabBar } from '../tab-bar.tsx';
import { DoorAdvice } from './door-advice.tsx';
import { useDoorWords } from './door-words.ts';
import { bigDoorFirst, lastDoor, rememberDoors, rememberedDoors } from './known-doors.ts';
import { OpenButton } from './open-button.tsx';
import { OtherDoors } from './other-doors.tsx';
import { useOpenDoor } from './use-open-door.ts';
import './door.css';

const refreshMs = 20_000;

/** The page of a home-screen icon: one large button for the door that one comes home to. */
export function DoorPage() {
  const words = useDoorWords();
  const { session } = useSession();
  return (
    <>
      <header className="page-head door-head">
        <p>{session?.me.scope?.name}</p>
        <h1>{words.title}</h1>
      </header>
      <main className="page door-page">
        <SignedInPage icon="door" title={words.signedOut} lead={words.signedOutLead}>
          <MyDoors />
          <nav className="door-tiles" aria-label={words.title}>
            <Tile href="/door/qr" icon="qr" title={words.myQr} hint={words.myQrHint} />
            <Tile href="/door/visitors" icon="people" title={words.visitors} hint={words.visitorsHint} />
          </nav>
          <OnHomeScreen />
        </SignedInPage>
      </main>
      <TabBar />
    </>
  );
}

function MyDoors() {
  const words = useDoorWords();
  const query = useRead('GET /v1/me/doors', {}, { refetchInterval: refreshMs });
  const items = query.data?.items;
  useEffect(() => {
    if (items) rememberDoors(items);
  }, [items]);
  const doors = items ?? rememberedDoors();
  if (!doors) return query.error ? <Failed error={query.error} retry={query.refetch} /> : <Bones heights={[300, 72]} />;
  if (doors.length === 0) {
    return (
      <Empty icon="door" title={words.noDoors}>
        <p>{words.noDoorsHint}</p>
      </Empty>
    );
  }
  return <Doors doors={doors} />;
}

function Doors({ doors }: { readonly doors: readonly OwnDoor[] }) {
  const { entranceId, opening, open } = useOpenDoor();
  const online = useOnline();
  const { big, others } = bigDoorFirst(doors, lastDoor());
  if (!big) return null;
  const isIdle = opening.kind === 'idle';
  return (
    <section className="doors">
      <OpenButton
        door={big}
        opening={entranceId === big.entranceId ? opening : { kind: 'idle' }}
        disabled={!online || opening.kind === 'opening'}
        onOpen={() => open(big.entranceId)}
      />
      <DoorAdvice door={big} opening={opening} online={online} isIdle={isIdle} />
      {others.length > 0 && (
        <OtherDoors doors={others} disabled={!online || opening.kind === 'opening'} onOpen={open} />
      )}
    </section>
  );
}

interface TileProps {
  readonly href: string;
  readonly icon: IconName;
  readonly title: string;
  readonly hint: string;
}

function Tile({ href, icon, title, hint }: TileProps) {
  return (
    <Link href={href} className="door-tile">
      <Icon name={icon} size={34} />
      <b>{title}</b>
      <span>{hint}</span>
    </Link>
  );
}

/** How to get here faster; gone once the page was started from the home screen. */
function OnHomeScreen() {
  const words = useDoorWords();
  if (matchMedia('(display-mode: standalone)').matches) return null;
  return (
    <p className="door-home-hint">
      <b>{words.addToHome}</b> {words.addToHomeHint}
    </p>
  );
}
