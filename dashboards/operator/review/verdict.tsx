import { App, Button, Checkbox, Input, Select } from 'antd';
import { useQueryClient } from '@tanstack/react-query';
import { ApiError, type Category, type CategoryInfo, type Clip } from '@gatecast/cloud-api/client';
import { useId, useState } from 'react';
import { Link } from 'wouter';
import { useRead, useWrite } from '../../kit/api/api-context.tsx';
import { useCategoryWords } from '../../kit/content/category-words.ts';
import { homeZone } from '../../kit/format.ts';
import { dayText, momentOf } from '../../kit/local-moment.ts';
import { Icon } from '../../kit/ui/icon.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useNow } from '../../kit/use-now.ts';
import { ReasonDialog } from './reason-dialog.tsx';
import { useReviewKeys } from './review-keys.ts';
import { useReviewWords } from './review-words.ts';

const rejectionReasons = [
  'misleading',
  'absolute-words',
  'health-claims',
  'gain-promises',
  'permit-missing',
  'wrong-category',
  'unclear-terms',
  'banned-goods',
  'rights',
  'indecent',
  'quality',
  'other',
] as const;

/** The reason that goes with a finding. */
const reasonOf: Readonly<Record<string, (typeof rejectionReasons)[number]>> = {
  'absolute-words': 'absolute-words',
  'medical-words': 'health-claims',
  'cure-promises': 'health-claims',
  'gain-promises': 'gain-promises',
  'pass-promises': 'gain-promises',
  'permit-missing': 'permit-missing',
  'category-banned': 'banned-goods',
  'tobacco-words': 'banned-goods',
  'loudness-off': 'quality',
  'black-picture': 'quality',
};

/** A colleague has decided, or is about to. */
const isTaken = (code: string): boolean => code === 'clip-state' || code === 'clip-claimed';

interface VerdictProps {
  readonly clip: Clip;
  readonly categories: readonly CategoryInfo[];
  readonly onPlay: () => void;
  /** A decision is on its way; `isGone`: it did not arrive. */
  readonly onDecide: (isGone?: boolean) => void;
  readonly onSkip: () => void;
}

/** The person's half of a review: category, checklist, permits, until when; yes or no. */
export function Verdict({ clip, categories, onPlay, onDecide, onSkip }: VerdictProps) {
  const m = useReviewWords();
  const { message } = App.useApp();
  const [category, setCategory] = useState<Category | null>(clip.category);
  const [ticked, setTicked] = useState<readonly string[]>([]);
  const [until, setUntil] = useState('');
  const [isRejecting, setRejecting] = useState(false);
  const approve = useWrite('POST /v1/clips/:id/approve', ['GET /v1/clips']);
  const queries = useQueryClient();
  const reject = useWrite('POST /v1/clips/:id/reject', ['GET /v1/clips']);
  const info = categories.find((one) => one.category === category);
  const checklist = info?.checklist ?? categories[0]?.checklist ?? [];
  // Ticked for another category: not what was asked here.
  const answered = checklist.filter((item) => ticked.includes(item));
  const isWhole = answered.length === checklist.length;
  const canApprove = isWhole && (category !== null || clip.house !== null) && info?.standing !== 'banned';

  // What the checks found is most often why.
  const likely = rejectionReasons.find((reason) => clip.findings?.some(({ code }) => reasonOf[code] === reason));

  const toggle = (item: string | undefined): void => {
    if (item === undefined) return;
    setTicked(ticked.includes(item) ? ticked.filter((one) => one !== item) : [...ticked, item]);
  };
  /** The list has gone on by the time that the answer is told: what is said then must not hang on this clip. */
  const decide = async (answer: Promise<unknown>, said: string): Promise<void> => {
    onDecide();
    try {
      await answer;
      void message.success(said);
    } catch (error) {
      if (!(error instanceof ApiError) || !isTaken(error.problem.code)) return onDecide(true);
      void message.info(m.takenByColleague(clip.title));
      void queries.invalidateQueries({ queryKey: ['GET /v1/clips'] });
    }
  };
  const submit = (): void => {
    if (!canApprove || approve.isPending) return;
    // To the end of the day that was chosen.
    const end = until === '' ? null : momentOf(`${until}T23:59`, homeZone);
    const body = { ticked: answered, ...(category !== null && { category }), ...(end !== null && { until: end }) };
    void decide(approve.mutateAsync({ params: { id: clip.id }, body }), m.approved(clip.title));
  };
  useReviewKeys({
    tick: (index) => toggle(checklist[index]),
    play: onPlay,
    approve: submit,
    reject: () => setRejecting(true),
    skip: onSkip,
  });

  return (
    <div className="stack">
      <CategoryField value={category} categories={categories} onChange={setCategory} />
      <fieldset className="stack review-checklist">
        <legend>
          <h3>{m.checklist}</h3>
        </legend>
        {checklist.map((item, index) => (
          <Checkbox key={item} checked={ticked.includes(item)} onChange={() => toggle(item)}>
            {index < 9 && <kbd>{index + 1}</kbd>} {m.checks[item] ?? item}
          </Checkbox>
        ))}
      </fieldset>
      {info?.needsPermit && clip.merchantId !== null && (
        <PermitsBeside merchantId={clip.merchantId} category={info.category} />
      )}
      <UntilField clip={clip} value={until} onChange={setUntil} withPermit={info?.needsPermit ?? false} />
      <ProblemNotice error={approve.error} />
      <div className="verdict-buttons">
        <Button danger size="large" icon={<Icon name="cross" />} onClick={() => setRejecting(true)}>
          {m.reject}
        </Button>
        <Button
          type="primary"
          size="large"
          icon={<Icon name="check" />}
          disabled={!canApprove}
          loading={approve.isPending}
          onClick={submit}
        >
          {m.approve}
        </Button>
        <Button size="large" onClick={onSkip}>
          {m.skip}
        </Button>
      </div>
      <p className="soft review-keys">{m.keys}</p>
      <ReasonDialog
        open={isRejecting}
        title={m.rejectTitle(clip.title)}
        reasons={rejectionReasons}
        {...(likely !== undefined && { likely })}
        action={m.reject}
        isPending={reject.isPending}
        error={reject.error}
        onClose={() => setRejecting(false)}
        onSubmit={(body) => void decide(reject.mutateAsync({ params: { id: clip.id }, body }), m.rejected(clip.title))}
      />
    </div>
  );
}

interface CategoryFieldProps {
  readonly value: Category | null;
  readonly categories: readonly CategoryInfo[];
  readonly onChange: (category: Category) => void;
}

function CategoryField({ value, categories, onChange }: CategoryFieldProps) {
  const words = useCategoryWords();
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{words.category}</label>
      <Select
        id={id}
        size="large"
        showSearch={{ optionFilterProp: 'label' }}
        placeholder={words.findings['category-missing']}
        value={value}
        onChange={onChange}
        options={categories.map(({ category, standing }) => ({
          value: category,
          label: [words.categories[category], words.standing[standing]].filter(Boolean).join(' · '),
        }))}
      />
    </div>
  );
}

function PermitsBeside({ merchantId, category }: { readonly merchantId: string; readonly category: Category }) {
  const m = useReviewWords();
  const permits = useRead('GET /v1/permits', { query: { merchantId, status: 'accepted', limit: 100 } });
  const now = useNow(minuteMs);
  const own = permits.data?.items.filter((one) => one.category === category && one.validTo > now) ?? [];
  return (
    <section className="stack" aria-label={m.permits}>
      <h3>{m.permits}</h3>
      {!permits.data && <ProblemNotice error={permits.error} />}
      {permits.data && own.length === 0 && (
        <p className="notice is-bad">
          <span>
            {m.noPermit} <Link href="/permits">{m.toPermits}</Link>
          </span>
        </p>
      )}
      {own.map((one) => (
        <p key={one.id}>
          {m.permitUntil(one.number, dayText(one.validTo, homeZone))}{' '}
          {one.fileUrl !== null && (
            <a href={one.fileUrl} target="_blank" rel="noreferrer">
              {m.openScan}
            </a>
          )}
        </p>
      ))}
    </section>
  );
}

const minuteMs = 60_000;
/** An advert is looked at again after that long at the latest. */
const yearMs = 365 * 24 * 60 * minuteMs;

interface UntilFieldProps {
  readonly clip: Clip;
  readonly value: string;
  readonly withPermit: boolean;
  readonly onChange: (day: string) => void;
}

function UntilField({ clip, value, withPermit, onChange }: UntilFieldProps) {
  const m = useReviewWords();
  const id = useId();
  const now = useNow(minuteMs);
  const hint = withPermit ? m.untilPermit : clip.house !== null ? m.untilNone : m.untilYear;
  return (
    <div className="field">
      <label htmlFor={id}>{m.until}</label>
      <Input
        id={id}
        type="date"
        size="large"
        min={dayText(now, homeZone)}
        {...(clip.house === null && { max: dayText(now + yearMs, homeZone) })}
        value={value}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <span id={`${id}-hint`} className="hint">
        {hint}
      </span>
    </div>
  );
}
