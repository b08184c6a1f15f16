import type { OwnDoor } from '@gatecast/cloud-api/client';
import { Link } from 'wouter';
import { Icon, type IconName } from '../../kit/ui/icon.tsx';
import { useDoorWords } from './door-words.ts';
import type { Opening } from './opening.ts';

interface DoorAdviceProps {
  readonly door: OwnDoor;
  readonly opening: Opening;
  /** Whether the phone has a network. */
  readonly online: boolean;
  readonly isIdle: boolean;
}

interface Said {
  readonly tone: 'good' | 'warn' | 'bad';
  readonly icon: IconName;
  readonly title?: string;
  readonly text: string;
  /** Another way in is wanted. */
  readonly showsQr: boolean;
}

/** What happens now, or what to do instead; read out as it changes. */
export function DoorAdvice(props: DoorAdviceProps) {
  const words = useDoorWords();
  const said = useSaid(props);
  return (
    <output className="door-advice">
      {said && (
        <p className={`notice is-${said.tone}`}>
          <Icon name={said.icon} size={28} />
          <span>
            {said.title && <b>{said.title}</b>} {said.text}
          </span>
        </p>
      )}
      {said?.showsQr && (
        <Link href="/door/qr" className="button is-large is-wide">
          <Icon name="qr" /> {words.myQr}
        </Link>
      )}
    </output>
  );
}

function useSaid({ door, opening, online, isIdle }: DoorAdviceProps): Said | null {
  const words = useDoorWords();
  if (opening.kind === 'opened')
    return { tone: 'good', icon: 'check', title: words.opened, text: words.openedHint, showsQr: false };
  if (opening.kind === 'failed') {
    const showsQr = !['lockdown', 'not-allowed', 'lock-offline', 'sign-in'].includes(opening.advice);
    return { tone: 'bad', icon: 'alert', title: words.failed, text: words.advice[opening.advice], showsQr };
  }
  if (!online) return { tone: 'warn', icon: 'wifi', title: words.noNetwork, text: words.noNetworkHint, showsQr: true };
  if (!isIdle) return null;
  if (door.mode === 'lockdown') return { tone: 'bad', icon: 'lock', text: words.modes.lockdown, showsQr: false };
  if (!door.online) return { tone: 'warn', icon: 'wifi', text: words.advice['door-offline'], showsQr: true };
  if (door.mode === 'free-passage')
    return { tone: 'good', icon: 'unlock', text: words.modes['free-passage'], showsQr: false };
  return null;
}
