import { Button, Input, Radio } from 'antd';
import type { Community, PassPerson } from '@gatecast/cloud-api/client';
import { useId, useState, type FormEvent } from 'react';
import { useApi } from '../../kit/api/api-context.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useMessages } from '../messages/zh.ts';
import { HowOften } from './how-often.tsx';
import { passKinds, passPersons } from './pass-kinds.ts';
import { MoreOptions, noOptions, type PassOptions } from './more-options.tsx';
import { SchedulePicker } from './schedule-picker.tsx';
import { localText, momentOf } from '../../kit/local-moment.ts';
import { mayWorkOffline, quickWindow, type PassWindow, type Until } from './pass-window.ts';
import { WhichDoors } from './which-doors.tsx';

interface PassWish extends PassWindow, PassOptions {
  readonly person: PassPerson;
  readonly label: string;
  readonly uses: number | null;
  readonly entranceIds: string[] | null;
  readonly scheduleId: string | null;
}

interface PassFormProps {
  readonly community: Community;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onSubmit: (pass: PassWish) => void;
}

const customSpanMs = 24 * 3_600_000;
const previewRefreshMs = 15_000;

/** One form for all kinds; each starts with what is usual for it. */
export function PassForm({ community, busy, error, onSubmit }: PassFormProps) {
  const m = useMessages().passes;
  const { zone } = community;
  const { clock } = useApi();
  const id = useId();
  const [person, setPerson] = useState<PassPerson>('visitor');
  const [label, setLabel] = useState('');
  const [until, setUntil] = useState<Until>(passKinds.visitor.until);
  const [custom, setCustom] = useState(() => ({
    from: localText(clock.now(), zone),
    to: localText(clock.now() + customSpanMs, zone),
  }));
  const [uses, setUses] = useState<number | null>(null);
  const [entranceIds, setEntranceIds] = useState<string[] | null>(null);
  const [scheduleId, setScheduleId] = useState<string | null>(null);
  const [options, setOptions] = useState<PassOptions>(noOptions);
  const [fault, setFault] = useState<string | null>(null);
  const kind = passKinds[person];

  const choosePerson = (next: PassPerson): void => {
    setPerson(next);
    setUntil(passKinds[next].until);
    setUses(null);
    setScheduleId(null);
  };
  const wishAt = (now: number): PassWish | null => {
    const window = until === 'custom' ? customWindow(custom, zone, now) : quickWindow(until, now, zone);
    return window && { person, label, uses, entranceIds, scheduleId, ...options, ...window };
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const wish = wishAt(clock.now());
    if (!wish) return setFault(m.endAfterStart);
    if (entranceIds?.length === 0) return setFault(m.pickDoor);
    setFault(null);
    onSubmit(wish);
  };

  return (
    <form className="stack" onSubmit={submit}>
      <Kinds person={person} onChange={choosePerson} />
      <div className="field">
        <label htmlFor={`${id}-label`}>{m.label}</label>
        <Input
          id={`${id}-label`}
          size="large"
          required
          maxLength={60}
          placeholder={m.labelPlaceholder[person]}
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
      </div>
      <fieldset className="field">
        <legend>{m.until}</legend>
        <Radio.Group
          size="large"
          optionType="button"
          buttonStyle="solid"
          value={until}
          onChange={(event) => setUntil(event.target.value as Until)}
          options={kind.untils.map((value) => ({ value, label: m.untils[value] }))}
        />
        {until === 'custom' && <CustomWindow value={custom} onChange={setCustom} />}
        <Preview wishAt={wishAt} zone={zone} />
      </fieldset>
      {kind.asksSchedule && <SchedulePicker communityId={community.id} value={scheduleId} onChange={setScheduleId} />}
      {kind.asksUses && <HowOften key={person} uses={uses} onChange={setUses} />}
      <WhichDoors communityId={community.id} chosen={entranceIds} onChange={setEntranceIds} />
      <MoreOptions options={options} onChange={setOptions} />
      {fault && (
        <p className="notice is-bad" role="alert">
          {fault}
        </p>
      )}
      <ProblemNotice error={error} />
      <Button type="primary" size="large" htmlType="submit" loading={busy}>
        {busy ? m.creating : m.create}
      </Button>
    </form>
  );
}

function Kinds({ person, onChange }: { readonly person: PassPerson; readonly onChange: (person: PassPerson) => void }) {
  const m = useMessages().passes;
  return (
    <fieldset className="field">
      <legend>{m.kind}</legend>
      <div className="pass-kinds">
        {passPersons.map((each) => (
          <label key={each}>
            <input type="radio" name="person" checked={each === person} onChange={() => onChange(each)} />
            <Icon name={passKinds[each].icon} size={24} />
            <span>{m.person[each]}</span>
          </label>
        ))}
      </div>
      <span className="hint" aria-live="polite">
        {m.personHint[person]}
      </span>
    </fieldset>
  );
}

/** From when to when in plain words, and whether doors without a network will know the code. */
function Preview({
  wishAt,
  zone = homeZone,
}: {
  readonly wishAt: (now: number) => PassWish | null;
  readonly zone?: string;
}) {
  const m = useMessages().passes;
  const format = useFormats();
  const now = useNow(previewRefreshMs);
  const wish = wishAt(now);
  if (!wish) return null;
  const offline = mayWorkOffline(wish);
  const begin = format.dateTime(wish.from, zone);
  const text =
    wish.to === null
      ? m.endsNever
      : wish.from > now
        ? m.window(begin, format.dateTime(wish.to, zone))
        : m.ends(format.dateTime(wish.to, zone));
  return (
    <span className="pass-preview">
      <span>{text}</span>
      <span className={`badge ${offline ? 'is-good' : ''}`}>{offline ? m.worksOffline : m.needsDelivery}</span>
    </span>
  );
}

function customWindow(text: { from: string; to: string }, zone: string, now: number): PassWindow | null {
  const from = momentOf(text.from, zone);
  const to = momentOf(text.to, zone);
  return from !== null && to !== null && to > from && to > now ? { from, to } : null;
}

interface CustomWindowProps {
  readonly value: { from: string; to: string };
  readonly onChange: (value: { from: string; to: string }) => void;
}

function CustomWindow({ value, onChange }: CustomWindowProps) {
  const m = useMessages().passes;
  const id = useId();
  const end = (name: 'from' | 'to', label: string) => (
    <div className="field">
      <label htmlFor={`${id}-${name}`}>{label}</label>
      <Input
        id={`${id}-${name}`}
        type="datetime-local"
        size="large"
        required
        value={value[name]}
        onChange={(event) => onChange({ ...value, [name]: event.currentTarget.value })}
      />
    </div>
  );
  return (
    <div className="row">
      {end('from', m.customFrom)}
      {end('to', m.customTo)}
    </div>
  );
}
