import type { Campaign, Clip } from '@gatecast/cloud-api/client';
import { useState, type FormEvent } from 'react';
import { useReadPages, useWrite } from '../../kit/api/api-context.tsx';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { Field } from '../../kit/ui/field.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useBookWords } from './book-words.ts';

interface NewCampaignProps {
  /** Approved ones; at least one. */
  readonly clips: readonly Clip[];
  /** The clip to begin with. */
  readonly clipId: string | null;
  readonly onMade: (campaign: Campaign) => void;
  /** Null where there is no other campaign to go back to. */
  readonly onCancel: (() => void) | null;
}

/** Frequency caps that a shop has use for. */
const caps = [
  { plays: 1, days: 1 },
  { plays: 3, days: 1 },
  { plays: 3, days: 7 },
] as const;

/** A campaign ties a clip to the deal that its QR code leads to. */
export function NewCampaign({ clips, clipId, onMade, onCancel }: NewCampaignProps) {
  const words = useBookWords();
  const { kit } = useWords();
  const deals = useReadPages('GET /v1/deals', { query: { limit: 200 } });
  const offered = deals.items.filter((deal) => deal.status !== 'closed');
  const create = useWrite('POST /v1/campaigns', ['GET /v1/campaigns']);
  const first = clips.find((clip) => clip.id === clipId) ?? clips[0];
  const [clip, setClip] = useState(first?.id ?? '');
  const [deal, setDeal] = useState<string | null>(null);
  const [name, setName] = useState<string | null>(null);
  const [cap, setCap] = useState('');
  const dealId = deal ?? offered[0]?.id ?? '';
  const ownName = name ?? clips.find((each) => each.id === clip)?.title ?? '';

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (create.isPending) return;
    const body = { name: ownName.trim(), clipId: clip, dealId: dealId || null, cap: caps[Number(cap || -1)] ?? null };
    create.mutate({ body }, { onSuccess: onMade });
  };
  return (
    <form className="card stack" onSubmit={submit}>
      <h2 className="section-title">{words.newCampaign}</h2>
      <label className="field">
        <span className="field-label">{words.whichClip}</span>
        <select className="input" value={clip} onChange={(event) => setClip(event.currentTarget.value)}>
          {clips.map((each) => (
            <option key={each.id} value={each.id}>
              {each.title}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span className="field-label">{words.whichDeal}</span>
        <select className="input" value={dealId} onChange={(event) => setDeal(event.currentTarget.value)}>
          {offered.map((each) => (
            <option key={each.id} value={each.id}>
              {each.title}
            </option>
          ))}
          <option value="">{words.noDeal}</option>
        </select>
      </label>
      <label className="field">
        <span className="field-label">{words.cap}</span>
        <select className="input" value={cap} onChange={(event) => setCap(event.currentTarget.value)}>
          <option value="">{words.noCap}</option>
          {caps.map(({ plays, days }, index) => (
            <option key={`${plays} ${days}`} value={index}>
              {words.capOption(plays, days)}
            </option>
          ))}
        </select>
        <span className="soft">{words.capHint}</span>
      </label>
      <Field
        label={words.campaignName}
        required
        maxLength={60}
        value={ownName}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <ProblemNotice error={create.error} />
      <div className="row">
        {onCancel && (
          <button type="button" className="button is-large" onClick={onCancel}>
            {kit.cancel}
          </button>
        )}
        <button
          type="submit"
          className="button is-primary is-large grow"
          disabled={create.isPending || deals.query.isLoading}
        >
          {words.createCampaign}
        </button>
      </div>
    </form>
  );
}
