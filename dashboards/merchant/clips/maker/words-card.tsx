import { Field } from '../../../kit/ui/field.tsx';
import { useMakerWords } from './maker-words.ts';
import { lineWidthMax, widthOf, type RecipeDraft } from './recipe-draft.ts';

interface WordsCardProps {
  readonly draft: RecipeDraft;
  readonly onChange: (change: Partial<RecipeDraft>) => void;
}

/** What is written into the picture. */
export function WordsCard({ draft, onChange }: WordsCardProps) {
  const words = useMakerWords();
  const left = Math.floor(lineWidthMax - widthOf(draft.line.trim()));
  const text = (name: 'line' | 'secondLine' | 'price' | 'oldPrice' | 'storeName') => ({
    value: draft[name],
    onChange: (event: { readonly currentTarget: HTMLInputElement }) => onChange({ [name]: event.currentTarget.value }),
  });
  return (
    <section className="card stack">
      <Field
        label={words.line}
        placeholder={words.linePlaceholder}
        maxLength={60}
        {...text('line')}
        hint={words.lineHint(left)}
        fault={left < 0 ? words.lineHint(left) : null}
      />
      <Field label={words.secondLine} placeholder={words.secondPlaceholder} maxLength={60} {...text('secondLine')} />
      <div className="maker-prices">
        <Field label={words.price} inputMode="decimal" placeholder="19.9" maxLength={9} {...text('price')} />
        <Field label={words.oldPrice} inputMode="decimal" placeholder="29.9" maxLength={9} {...text('oldPrice')} />
      </div>
      <Field label={words.storeName} maxLength={20} {...text('storeName')} />
      <label className="row maker-sound">
        <input
          type="checkbox"
          checked={draft.hasSound}
          onChange={(event) => onChange({ hasSound: event.currentTarget.checked })}
        />
        {words.sound}
      </label>
    </section>
  );
}
