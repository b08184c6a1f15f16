import type { OwnDoor } from '@gatecast/cloud-api/client';
import { Icon, type IconName } from '../../kit/ui/icon.tsx';
import { useDoorWords } from './door-words.ts';
import type { Opening } from './opening.ts';

interface OpenButtonProps {
  readonly door: OwnDoor;
  readonly opening: Opening;
  readonly disabled: boolean;
  readonly onOpen: () => void;
}

const icons: Readonly<Record<Opening['kind'], IconName>> = {
  idle: 'door',
  opening: 'door',
  opened: 'doorOpen',
  failed: 'door',
};

/** The one that a thumb finds without looking: a third of the screen, its state in colour, picture and word. */
export function OpenButton({ door, opening, disabled, onOpen }: OpenButtonProps) {
  const words = useDoorWords();
  const { kind } = opening;
  const saying = { idle: words.open, failed: words.open, opening: words.opening, opened: words.opened };
  return (
    <button
      type="button"
      className={`open-button is-${kind}`}
      // Stays in place for the keyboard and for screen readers: what is pressed while it works does nothing.
      aria-disabled={disabled}
      onClick={disabled ? undefined : onOpen}
    >
      <Icon name={icons[kind]} size={76} />
      <b>{saying[kind]}</b>
      <span>{door.name}</span>
    </button>
  );
}
