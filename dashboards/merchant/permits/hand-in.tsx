import type { Category } from '@gatecast/cloud-api/client';
import { useEffect, useId, useMemo, useState, type FormEvent } from 'react';
import { useRead, useWrite } from '../../kit/api/api-context.tsx';
import { useCategoryWords } from '../../kit/content/category-words.ts';
import { homeZone } from '../../kit/format.ts';
import { momentOf } from '../../kit/local-moment.ts';
import { Field } from '../../kit/ui/field.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { Failed, ProblemNotice } from '../../kit/ui/states.tsx';
import { useNow } from '../../kit/use-now.ts';
import { usePermitWords } from './permit-words.ts';

const scanBytesMax = 10 * 1024 * 1024;
const minuteMs = 60_000;

interface Wish {
  readonly category: Category | '';
  readonly number: string;
  readonly from: string;
  readonly to: string;
  readonly scan: File | null;
}
const nothing: Wish = { category: '', number: '', from: '', to: '', scan: null };

/** Which permit, its number and validity, and a picture of it. */
export function HandIn() {
  const words = usePermitWords();
  const [wish, setWish] = useState<Wish>(nothing);
  const now = useNow(minuteMs);
  const handIn = useWrite('POST /v1/permits', ['GET /v1/permits']);
  const set = (change: Partial<Wish>): void => setWish({ ...wish, ...change });
  const from = momentOf(`${wish.from}T00:00`, homeZone);
  // A permit is valid to the end of its last day.
  const to = momentOf(`${wish.to}T23:59`, homeZone);
  const isWrong = from !== null && to !== null && (to <= from || to <= now);
  const isLarge = wish.scan !== null && wish.scan.size > scanBytesMax;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const { category, number, scan } = wish;
    if (category === '' || !scan || from === null || to === null || isWrong || isLarge) return;
    handIn.mutate(
      { query: { category, number: number.trim(), validFrom: from, validTo: to }, body: scan },
      { onSuccess: () => setWish(nothing) },
    );
  };
  return (
    <form className="card stack" onSubmit={submit}>
      <h2 className="section-title">{words.handIn}</h2>
      <CategoryChoice value={wish.category} onChange={(category) => set({ category })} />
      <Field
        label={words.number}
        required
        minLength={3}
        maxLength={80}
        value={wish.number}
        onChange={(event) => set({ number: event.currentTarget.value })}
      />
      <div className="permit-dates">
        <Field
          label={words.validFrom}
          type="date"
          required
          value={wish.from}
          onChange={(event) => set({ from: event.currentTarget.value })}
        />
        <Field
          label={words.validTo}
          type="date"
          required
          value={wish.to}
          fault={isWrong ? words.wrongDates : null}
          onChange={(event) => set({ to: event.currentTarget.value })}
        />
      </div>
      <ScanPicker scan={wish.scan} onChoose={(scan) => set({ scan })} />
      {isLarge && (
        <p className="notice is-bad" role="alert">
          <Icon name="alert" /> <span>{words.scanTooLarge}</span>
        </p>
      )}
      <ProblemNotice error={handIn.error} />
      {handIn.isSuccess && wish === nothing && (
        <output className="notice is-good">
          <Icon name="check" /> <span>{words.handedIn}</span>
        </output>
      )}
      <button
        type="submit"
        className="button is-primary is-large"
        disabled={handIn.isPending || !wish.scan || isWrong || isLarge}
      >
        <Icon name="upload" /> {handIn.isPending ? words.sending : words.submit}
      </button>
    </form>
  );
}

function CategoryChoice({
  value,
  onChange,
}: {
  readonly value: Category | '';
  readonly onChange: (category: Category) => void;
}) {
  const words = usePermitWords();
  const { categories } = useCategoryWords();
  const id = useId();
  const known = useRead('GET /v1/clip-categories', {});
  const needing = known.data?.items.filter(({ needsPermit }) => needsPermit) ?? [];
  if (known.error && !known.data) return <Failed error={known.error} retry={known.refetch} />;
  return (
    <div className="field">
      <label htmlFor={id}>{words.category}</label>
      <select
        id={id}
        className="input"
        required
        value={value}
        onChange={(event) => onChange(event.currentTarget.value as Category)}
      >
        <option value="" disabled>
          {words.choose}
        </option>
        {needing.map(({ category }) => (
          <option key={category} value={category}>
            {categories[category]}
          </option>
        ))}
      </select>
    </div>
  );
}

function ScanPicker({
  scan,
  onChoose,
}: {
  readonly scan: File | null;
  readonly onChoose: (scan: File | null) => void;
}) {
  const words = usePermitWords();
  const id = useId();
  const picture = usePicture(scan);
  return (
    <div className="file-picker">
      <input
        id={id}
        type="file"
        accept="image/jpeg,image/png,application/pdf"
        className="visually-hidden"
        onChange={(event) => onChoose(event.currentTarget.files?.[0] ?? null)}
      />
      <label htmlFor={id}>
        {picture === null ? (
          <Icon name={scan ? 'card' : 'camera'} size={32} />
        ) : (
          <img className="permit-scan" src={picture} alt="" />
        )}
        <strong>{scan ? words.chooseOther : words.scan}</strong>
        <span>{scan ? scan.name : words.scanHint}</span>
      </label>
    </div>
  );
}

/** What was chosen, to see whether it can be read; null of a PDF. */
function usePicture(scan: File | null): string | null {
  const url = useMemo(() => (scan?.type.startsWith('image/') ? URL.createObjectURL(scan) : null), [scan]);
  useEffect(() => () => void (url !== null && URL.revokeObjectURL(url)), [url]);
  return url;
}
