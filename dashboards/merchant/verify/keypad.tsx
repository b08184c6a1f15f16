import { Icon } from '../../kit/ui/icon.tsx';
import { useVerifyWords } from './verify-words.ts';
import type { CodeKey } from './code-entry.ts';

interface KeypadProps {
  readonly disabled: boolean;
  readonly onPress: (key: CodeKey) => void;
}

const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];

export function Keypad({ disabled, onPress }: KeypadProps) {
  const words = useVerifyWords();
  const key = (digit: string) => (
    <button key={digit} type="button" disabled={disabled} onClick={() => onPress({ kind: 'digit', digit })}>
      {digit}
    </button>
  );
  return (
    <div className="keypad digits">
      {digits.map(key)}
      <button type="button" className="is-word" disabled={disabled} onClick={() => onPress({ kind: 'clear' })}>
        {words.clear}
      </button>
      {key('0')}
      <button type="button" aria-label={words.eraseOne} disabled={disabled} onClick={() => onPress({ kind: 'erase' })}>
        <Icon name="erase" size={30} />
      </button>
    </div>
  );
}
