import { useSyncExternalStore } from 'react';
import { Icon } from '../../kit/ui/icon.tsx';
import { useMessages } from '../messages/use-messages.ts';
import { isSoundOn, onSoundTurned, turnSound } from './sound.ts';

export function SoundSwitch() {
  const words = useMessages();
  const isOn = useSyncExternalStore(onSoundTurned, isSoundOn);
  return (
    <button
      type="button"
      className={`button is-quiet ${isOn ? '' : 'is-off'}`}
      aria-pressed={isOn}
      aria-label={isOn ? words.soundOn : words.soundOff}
      onClick={() => turnSound(!isOn)}
    >
      <Icon name="volume" size={22} />
    </button>
  );
}
