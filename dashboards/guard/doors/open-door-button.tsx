import { Icon } from '../../kit/ui/icon.tsx';
import { useMessages } from '../messages/use-messages.ts';
import { useDoorOpening } from './use-door-opening.ts';

interface OpenDoorButtonProps {
  readonly terminalId: string;
  /** Its name, for a screen reader. */
  readonly door: string;
  /** The terminal is away: pressing would do nothing. */
  readonly isAway?: boolean;
}

/** Opens at the second press, so that no pocket opens a gate. */
export function OpenDoorButton({ terminalId, door, isAway = false }: OpenDoorButtonProps) {
  const words = useMessages();
  const { opening, press } = useDoorOpening(terminalId);
  const { kind } = opening;
  const saying = {
    idle: words.open,
    failed: words.open,
    asked: words.openSure,
    opening: words.opening,
    opened: words.opened,
  };
  const isDisabled = isAway || kind === 'opening';
  return (
    <div className="door-button">
      <button
        type="button"
        className={`button is-large is-wide is-${kind}`}
        aria-disabled={isDisabled}
        onClick={isDisabled ? undefined : press}
      >
        <Icon name={kind === 'opened' ? 'check' : 'key'} size={24} />
        <span>{saying[kind]}</span>
        <span className="visually-hidden">{door}</span>
      </button>
      <output className="door-failed">{kind === 'failed' && words.failed[opening.failure]}</output>
    </div>
  );
}
