import { useEffect, useRef, useState } from 'react';
import { pointOfDegrees, pointOfText, textOfPoint } from '../../kit/geo-point.ts';
import { Field } from '../../kit/ui/field.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { askPlace, type PlaceFault } from './ask-place.ts';
import { usePlaceWords } from './place-words.ts';

interface PlaceFieldProps {
  /** As typed; empty: not said. */
  readonly text: string;
  readonly onChange: (text: string) => void;
}

/** Where a store is: typed, or taken from the phone where it allows that. */
export function PlaceField({ text, onChange }: PlaceFieldProps) {
  const words = usePlaceWords();
  const [state, setState] = useState<'idle' | 'finding' | 'found' | PlaceFault>('idle');
  const isHere = useRef(true);
  useEffect(() => () => void (isHere.current = false), []);
  const ask = async (): Promise<void> => {
    setState('finding');
    const answer = await askPlace(navigator.geolocation);
    // Whoever has left the page does not get an answer any more.
    if (!isHere.current) return;
    if (typeof answer === 'string') return setState(answer);
    onChange(textOfPoint(pointOfDegrees(answer.latitude, answer.longitude)));
    setState('found');
  };
  const isWrong = text.trim() !== '' && pointOfText(text) === undefined;
  const isFault = state === 'refused' || state === 'unavailable' || state === 'timeout';
  return (
    <div className="stack-tight">
      <Field
        label={words.label}
        hint={words.hint}
        fault={isWrong ? words.wrong : null}
        inputMode="text"
        autoComplete="off"
        maxLength={40}
        value={text}
        onChange={(event) => {
          setState('idle');
          onChange(event.currentTarget.value);
        }}
      />
      <button type="button" className="button" disabled={state === 'finding'} onClick={() => void ask()}>
        <Icon name="place" /> {state === 'finding' ? words.finding : words.use}
      </button>
      <div aria-live="polite">
        {state === 'found' && <p className="notice is-good">{words.found}</p>}
        {isFault && <p className="notice is-warn">{words[state]}</p>}
      </div>
      <p className="soft">{words.why}</p>
    </div>
  );
}
