import type { Community } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { Link } from 'wouter';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Field } from '../../kit/ui/field.tsx';
import type { Choice } from './choice.ts';
import { roundedMetres, type Near } from './place-order.ts';
import { usePlanWords } from './plan-words.ts';
import { UnsoldPlaces } from './unsold-places.tsx';

interface PlaceListProps {
  /** In the order in which they are shown. */
  readonly near: readonly Near<Community>[];
  /** Communities that cannot be chosen. */
  readonly unsold: readonly Community[];
  readonly ownId: string | undefined;
  /** Whether the store has said where it is; otherwise distances are from its community, or there are none. */
  readonly isPlaced: boolean;
  readonly chosen: readonly string[];
  readonly onChange: (part: Partial<Choice>) => void;
}
/** From so many on a list is searched. */
const searchedFrom = 12;

/** Communities with their distance, and their size as a bar, to choose several of: a list where others show a map. */
export function PlaceList({ near, unsold, ownId, isPlaced, chosen, onChange }: PlaceListProps) {
  const words = usePlanWords();
  const [typed, setTyped] = useState('');
  const largest = Math.max(1, ...near.map(({ place }) => place.households));
  const part = typed.trim().toLowerCase();
  const shown = near.filter(({ place }) => chosen.includes(place.id) || place.name.toLowerCase().includes(part));
  const toggle = (id: string): void =>
    onChange({ communityIds: chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id] });
  return (
    <section className="stack-tight">
      <h2 className="section-title">{words.communities}</h2>
      {!isPlaced && (
        <p className="soft">
          {words.notPlaced} <Link href="/profile">{words.sayPlace}</Link>
        </p>
      )}
      {near.length >= searchedFrom && (
        <Field
          label={words.find}
          type="search"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      )}
      <fieldset className="place-list" aria-label={words.communities}>
        {shown.map((each) => (
          <Place
            key={each.place.id}
            near={each}
            isOwn={each.place.id === ownId}
            isChosen={chosen.includes(each.place.id)}
            part={each.place.households / largest}
            onToggle={() => toggle(each.place.id)}
          />
        ))}
      </fieldset>
      <UnsoldPlaces places={unsold} part={part} />
      {shown.length === 0 && !unsold.some(({ name }) => name.toLowerCase().includes(part)) && (
        <p className="soft">{words.noneFound}</p>
      )}
      <p className="soft digits">{words.placesChosen(chosen.length)}</p>
    </section>
  );
}

interface PlaceProps {
  readonly near: Near<Community>;
  readonly isOwn: boolean;
  readonly isChosen: boolean;
  /** Of the largest one's households. */
  readonly part: number;
  readonly onToggle: () => void;
}

function Place({ near: { place, metres }, isOwn, isChosen, part, onToggle }: PlaceProps) {
  const words = usePlanWords();
  const formats = useFormats();
  const rounded = metres === null ? null : roundedMetres(metres);
  const far = rounded === null ? words.farUnknown : words.far(rounded, formats.number);
  return (
    <button type="button" className="chip" aria-pressed={isChosen} onClick={onToggle}>
      <strong>{place.name}</strong>
      <span className="digits">
        {isOwn ? `${words.ownStore} · ` : ''}
        {far}
      </span>
      <span className="digits">{words.size(formats.number(place.households))}</span>
      <span className="place-size" style={{ width: `${part * 100}%` }} aria-hidden="true" />
    </button>
  );
}
