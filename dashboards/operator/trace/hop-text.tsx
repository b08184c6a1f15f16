import type { LiveEvent } from '@gatecast/cloud-api/client';
import type { ReactNode } from 'react';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { useMessages, type Messages } from '../messages/zh.ts';
import { textFact, type TraceNames } from './names.ts';
import type { Hop } from './trace-items.ts';

interface HopTextProps {
  readonly hop: Hop;
  readonly names: TraceNames;
}

/** One step in words, with the picture of the clip or the deal where there is one. */
export function HopText({ hop: { kind, event }, names }: HopTextProps) {
  const m = useMessages().trace;
  const format = useFormats();
  const { facts } = event;
  switch (kind) {
    case 'door':
      return <Step title={m.door}>{wordOf(m.via, facts['via'])}</Step>;
    case 'touch':
      return <Step title={m.touch}>{touchText(event, m)}</Step>;
    case 'play': {
      const clip = names.clip(event);
      return (
        <Step title={clip?.title ?? m.play} picture={clip?.posterUrl ?? null} tall>
          <Counters facts={facts} />
        </Step>
      );
    }
    case 'visit': {
      const deal = names.deal(event);
      return (
        <Step title={m.visit} picture={deal?.imageUrl ?? null}>
          {deal?.title}
        </Step>
      );
    }
    case 'order':
      return (
        <Step title={m.order}>
          {[typeof facts['totalFen'] === 'number' && format.money(facts['totalFen']), names.deal(event)?.title]
            .filter(Boolean)
            .join(' · ')}
        </Step>
      );
    case 'paid':
      return <Step title={m.paid}>{typeof facts['totalFen'] === 'number' && format.money(facts['totalFen'])}</Step>;
    case 'group':
      return <Step title={groupText(event, m)} />;
    case 'pickup':
      return <Step title={m.pickup}>{textFact(event, 'storeName') ?? names.deal(event)?.title}</Step>;
  }
}

interface StepProps {
  readonly title: string;
  readonly picture?: string | null;
  /** The picture stands upright, as clips do. */
  readonly tall?: boolean;
  readonly children?: ReactNode;
}

function Step({ title, picture, tall, children }: StepProps) {
  return (
    <div className="hop-text">
      {picture && <img className={tall ? 'is-tall' : ''} src={picture} alt="" loading="lazy" />}
      <div>
        <b>{title}</b>
        {children && <span className="soft">{children}</span>}
      </div>
    </div>
  );
}

/** The three counters, side by side and never mixed. */
function Counters({ facts }: { readonly facts: LiveEvent['facts'] }) {
  const m = useMessages().trace;
  return (
    <span className="counters">
      {(['rendered', 'viewable', 'completed'] as const).map((name) => (
        <span key={name} className={`badge ${facts[name] === true ? 'is-good' : ''}`}>
          <Icon name={facts[name] === true ? 'check' : 'cross'} size={11} />
          {m[name]}
        </span>
      ))}
    </span>
  );
}

export const wordOf = (words: Readonly<Record<string, string>>, name: unknown): string =>
  typeof name === 'string' ? (words[name] ?? name) : '';

function touchText({ facts }: LiveEvent, m: Messages['trace']): string {
  const reason = facts['unbillable'];
  return typeof reason === 'string' ? m.unbillable(wordOf(m.unbillableReason, reason)) : m.billable;
}

function groupText({ facts }: LiveEvent, m: Messages['trace']): string {
  const { paid, size } = facts;
  if (typeof paid !== 'number' || typeof size !== 'number') return m.group;
  return paid >= size ? m.groupFull(size) : m.groupWaits(paid, size);
}
