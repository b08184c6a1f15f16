import type { OwnDoor } from '@gatecast/cloud-api/client';
import { Icon } from '../../kit/ui/icon.tsx';
import { useDoorWords } from './door-words.ts';

interface OtherDoorsProps {
  readonly doors: readonly OwnDoor[];
  readonly disabled: boolean;
  readonly onOpen: (entranceId: string) => void;
}

/** Each opens at one press, and has the large button from then on. */
export function OtherDoors({ doors, disabled, onOpen }: OtherDoorsProps) {
  const words = useDoorWords();
  return (
    <>
      <h2 className="other-doors-title">{words.otherDoors}</h2>
      <ul className="other-doors">
        {doors.map(({ entranceId, name, placement, online }) => (
          <li key={entranceId}>
            <button type="button" aria-disabled={disabled} onClick={disabled ? undefined : () => onOpen(entranceId)}>
              <Icon name={placement === 'lift' ? 'lift' : 'door'} size={28} />
              <b>{name}</b>
              <span>{online ? words.open : words.doorOffline}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
