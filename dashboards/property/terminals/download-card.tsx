import { Button, Input, Select, Switch } from 'antd';
import type { Terminal, TerminalSettings } from '@gatecast/cloud-api/client';
import { useId, useState, type FormEvent } from 'react';
import { useWrite } from '../../kit/api/api-context.tsx';
import { clockText, minuteOfClock } from '../../kit/format.ts';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useDownloadWords } from './download-words.ts';

type MediaTerms = TerminalSettings['media'];
type DailyWindow = MediaTerms['windows'][number];

/** By night and between the peaks at the door. */
const usualWindows: readonly DailyWindow[] = [
  { fromMinute: 0, toMinute: 6 * 60 },
  { fromMinute: 10 * 60, toMinute: 15 * 60 },
];
const anotherWindow: DailyWindow = { fromMinute: 22 * 60, toMinute: 23 * 60 };
const windowsMax = 4;
const kilobyte = 1_024;
const usualSpeeds = [128, 256, 512, 1_024, 2_048].map((kilobytes) => kilobytes * kilobyte);

const sameTerms = (a: MediaTerms, b: MediaTerms): boolean =>
  a.bytesPerSecondMax === b.bytesPerSecondMax &&
  a.windows.length === b.windows.length &&
  a.windows.every(({ fromMinute, toMinute }, n) => {
    const other = b.windows[n];
    return fromMinute === other?.fromMinute && toMinute === other.toMinute;
  });

/** When and how fast a terminal fetches what nobody waits for. */
export function DownloadCard({ terminal: { id, settings } }: { readonly terminal: Terminal }) {
  const m = useDownloadWords();
  const [edited, setEdited] = useState<MediaTerms | null>(null);
  const save = useWrite('PATCH /v1/terminals/:id/config', ['GET /v1/terminals', 'GET /v1/terminals/:id']);
  const terms = edited ?? settings.media;
  const isChanged = !sameTerms(terms, settings.media);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate({ params: { id }, body: { media: terms } }, { onSuccess: () => setEdited(null) });
  };
  return (
    <section className="card">
      <h2>{m.title}</h2>
      <form className="settings-form" onSubmit={submit}>
        <p className="soft">{m.intro}</p>
        <Windows windows={terms.windows} onChange={(windows) => setEdited({ ...terms, windows })} />
        <SpeedLimit
          bytesPerSecond={terms.bytesPerSecondMax}
          onChange={(bytesPerSecondMax) => setEdited({ ...terms, bytesPerSecondMax })}
        />
        <ProblemNotice error={save.error} />
        <Button type="primary" htmlType="submit" size="large" disabled={!isChanged} loading={save.isPending}>
          {isChanged || save.isPending ? m.save : m.same}
        </Button>
      </form>
    </section>
  );
}

interface WindowsProps {
  readonly windows: readonly DailyWindow[];
  readonly onChange: (windows: DailyWindow[]) => void;
}

function Windows({ windows, onChange }: WindowsProps) {
  const m = useDownloadWords();
  const id = useId();
  const replace = (at: number, window: DailyWindow) => onChange(windows.map((each, n) => (n === at ? window : each)));
  return (
    <fieldset className="field">
      <legend className="visually-hidden">{m.onlyThen}</legend>
      <span className="row">
        <Switch
          checked={windows.length > 0}
          aria-labelledby={id}
          onChange={(isOn) => onChange(isOn ? [...usualWindows] : [])}
        />
        <span id={id} className="field-label">
          {m.onlyThen}
        </span>
      </span>
      {windows.map((window, n) => (
        <div className="row quiet-ends" key={n}>
          <Clock
            label={m.from(n + 1)}
            minute={window.fromMinute}
            onChange={(fromMinute) => replace(n, { ...window, fromMinute })}
          />
          <Clock
            label={m.to(n + 1)}
            minute={window.toMinute}
            onChange={(toMinute) => replace(n, { ...window, toMinute })}
          />
          {windows.length > 1 && (
            <Button onClick={() => onChange(windows.filter((_, other) => other !== n))}>{m.remove(n + 1)}</Button>
          )}
        </div>
      ))}
      {windows.length > 0 && windows.length < windowsMax && (
        <Button onClick={() => onChange([...windows, anotherWindow])}>{m.add}</Button>
      )}
    </fieldset>
  );
}

interface ClockProps {
  readonly label: string;
  readonly minute: number;
  readonly onChange: (minute: number) => void;
}

function Clock({ label, minute, onChange }: ClockProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <Input
        id={id}
        type="time"
        size="large"
        required
        value={clockText(minute)}
        onChange={(event) => {
          const next = minuteOfClock(event.currentTarget.value);
          if (next !== null) onChange(next);
        }}
      />
    </div>
  );
}

const speedText = (bytes: number): string =>
  bytes < kilobyte * kilobyte ? `${Math.round(bytes / kilobyte)} KB` : `${bytes / kilobyte / kilobyte} MB`;

interface SpeedLimitProps {
  readonly bytesPerSecond: number | null;
  readonly onChange: (bytesPerSecond: number | null) => void;
}

function SpeedLimit({ bytesPerSecond, onChange }: SpeedLimitProps) {
  const m = useDownloadWords();
  const id = useId();
  // A limit that was set elsewhere is shown as it is.
  const speeds = [...new Set([...usualSpeeds, ...(bytesPerSecond === null ? [] : [bytesPerSecond])])].sort(
    (a, b) => a - b,
  );
  return (
    <div className="field">
      <label htmlFor={id}>{m.speed}</label>
      <Select<number>
        id={id}
        size="large"
        value={bytesPerSecond ?? 0}
        aria-describedby={`${id}-hint`}
        style={{ width: 200 }}
        options={[
          ...speeds.map((bytes) => ({ value: bytes, label: m.perSecond(speedText(bytes)) })),
          { value: 0, label: m.unlimited },
        ]}
        onChange={(bytes) => onChange(bytes === 0 ? null : bytes)}
      />
      <span className="hint" id={`${id}-hint`}>
        {m.speedHint}
      </span>
    </div>
  );
}
