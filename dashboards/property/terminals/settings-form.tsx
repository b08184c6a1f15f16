import { Button, Input, InputNumber, Slider, Switch } from 'antd';
import type { Terminal, TerminalSettings } from '@gatecast/cloud-api/client';
import { useId, useState, type FormEvent } from 'react';
import { useApi, useWrite } from '../../kit/api/api-context.tsx';
import { clockText, minuteOfClock } from '../../kit/format.ts';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/zh.ts';
import { SettingsProgress } from './settings-progress.tsx';

/** What a fresh switch of "quiet hours" starts with. */
const usualQuiet = { fromMinute: 20 * 60, toMinute: 8 * 60 };
const noQuiet = { fromMinute: 0, toMinute: 0 };

/** What this form is about; the rest is the installer's. */
type Settings = Pick<
  TerminalSettings,
  'openMs' | 'heldOpenMs' | 'quiet' | 'volumePercent' | 'brightnessPercent' | 'dimPercent'
>;

const sameSettings = (a: Settings, b: Settings): boolean =>
  a.openMs === b.openMs &&
  a.heldOpenMs === b.heldOpenMs &&
  a.volumePercent === b.volumePercent &&
  a.brightnessPercent === b.brightnessPercent &&
  a.dimPercent === b.dimPercent &&
  a.quiet.fromMinute === b.quiet.fromMinute &&
  a.quiet.toMinute === b.quiet.toMinute;

/** Opening time, quiet hours and volume; below it, how far the last change has come. */
export function SettingsForm({ terminal }: { readonly terminal: Terminal }) {
  const m = useMessages().settings;
  const { clock } = useApi();
  const [edited, setEdited] = useState<Settings | null>(null);
  const [savedAt, setSavedAt] = useState<number | null>(null);
  const save = useWrite('PATCH /v1/terminals/:id/config', ['GET /v1/terminals', 'GET /v1/terminals/:id']);
  const { openMs, heldOpenMs, quiet, volumePercent, brightnessPercent, dimPercent } = terminal.settings;
  const settings = edited ?? { openMs, heldOpenMs, quiet, volumePercent, brightnessPercent, dimPercent };
  const changed = !sameSettings(settings, terminal.settings);
  const edit = (change: Partial<Settings>): void => setEdited({ ...settings, ...change });

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const at = clock.now();
    save.mutate(
      { params: { id: terminal.id }, body: settings },
      {
        onSuccess: () => {
          setSavedAt(at);
          setEdited(null);
        },
      },
    );
  };

  return (
    <section className="card">
      <h2>{m.title}</h2>
      <form className="settings-form" onSubmit={submit}>
        <OpenTime openMs={settings.openMs} onChange={(next) => edit({ openMs: next })} />
        <HeldOpen heldOpenMs={settings.heldOpenMs} onChange={(next) => edit({ heldOpenMs: next })} />
        <QuietHours quiet={settings.quiet} onChange={(next) => edit({ quiet: next })} />
        <Percent
          label={m.volume}
          hint={m.volumeHint}
          min={0}
          percent={settings.volumePercent}
          onChange={(next) => edit({ volumePercent: next })}
        />
        <Percent
          label={m.brightness}
          min={10}
          percent={settings.brightnessPercent}
          onChange={(next) => edit({ brightnessPercent: next })}
        />
        <Percent
          label={m.dim}
          hint={m.dimHint}
          min={10}
          percent={settings.dimPercent}
          onChange={(next) => edit({ dimPercent: next })}
        />
        <ProblemNotice error={save.error} />
        <Button type="primary" htmlType="submit" size="large" disabled={!changed} loading={save.isPending}>
          {changed || save.isPending ? m.save : m.same}
        </Button>
      </form>
      <SettingsProgress terminal={terminal} savedAt={savedAt} />
    </section>
  );
}

function OpenTime({ openMs, onChange }: { readonly openMs: number; readonly onChange: (openMs: number) => void }) {
  const m = useMessages().settings;
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{m.openTime}</label>
      <InputNumber
        id={id}
        size="large"
        min={0.5}
        max={30}
        step={0.5}
        precision={1}
        value={openMs / 1_000}
        aria-describedby={`${id}-hint`}
        style={{ width: 160 }}
        onChange={(seconds) => seconds !== null && onChange(Math.round(seconds * 10) * 100)}
      />
      <span className="hint" id={`${id}-hint`}>
        {m.openTimeHint}
      </span>
    </div>
  );
}

interface HeldOpenProps {
  readonly heldOpenMs: number;
  readonly onChange: (heldOpenMs: number) => void;
}

function HeldOpen({ heldOpenMs, onChange }: HeldOpenProps) {
  const m = useMessages().settings;
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{m.heldOpen}</label>
      <InputNumber
        id={id}
        size="large"
        min={5}
        max={600}
        step={5}
        precision={0}
        value={heldOpenMs / 1_000}
        aria-describedby={`${id}-hint`}
        style={{ width: 160 }}
        onChange={(seconds) => seconds !== null && onChange(seconds * 1_000)}
      />
      <span className="hint" id={`${id}-hint`}>
        {m.heldOpenHint}
      </span>
    </div>
  );
}

interface QuietHoursProps {
  readonly quiet: TerminalSettings['quiet'];
  readonly onChange: (quiet: TerminalSettings['quiet']) => void;
}

function QuietHours({ quiet, onChange }: QuietHoursProps) {
  const m = useMessages().settings;
  const id = useId();
  const on = quiet.fromMinute !== quiet.toMinute;
  const change = (end: 'fromMinute' | 'toMinute', text: string): void => {
    const minute = minuteOfClock(text);
    if (minute !== null) onChange({ ...quiet, [end]: minute });
  };
  const clock = (end: 'fromMinute' | 'toMinute', label: string) => (
    <div className="field">
      <label htmlFor={`${id}-${end}`}>{label}</label>
      <Input
        id={`${id}-${end}`}
        type="time"
        size="large"
        required
        value={clockText(quiet[end])}
        onChange={(event) => change(end, event.currentTarget.value)}
      />
    </div>
  );
  return (
    <fieldset className="field">
      <legend className="visually-hidden">{m.quietOn}</legend>
      <span className="row">
        <Switch checked={on} aria-labelledby={`${id}-on`} onChange={(next) => onChange(next ? usualQuiet : noQuiet)} />
        <span id={`${id}-on`} className="field-label">
          {m.quietOn}
        </span>
      </span>
      {on && (
        <div className="row quiet-ends">
          {clock('fromMinute', m.quietFrom)}
          {clock('toMinute', m.quietTo)}
        </div>
      )}
      <span className="hint">{m.quietHint}</span>
    </fieldset>
  );
}

interface PercentProps {
  readonly label: string;
  readonly hint?: string;
  readonly min: number;
  readonly percent: number;
  readonly onChange: (percent: number) => void;
}

function Percent({ label, hint, min, percent, onChange }: PercentProps) {
  return (
    <div className="field">
      <span className="field-label">
        {label} <span className="digits">{percent}%</span>
      </span>
      <Slider min={min} max={100} step={5} value={percent} ariaLabelForHandle={label} onChange={onChange} />
      {hint && <span className="hint">{hint}</span>}
    </div>
  );
}
