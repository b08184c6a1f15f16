import { useRead } from '../../kit/api/api-context.tsx';
import { DealFace } from '../../kit/deal/deal-face.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useDealWords } from './merchant-deal-words.ts';
import { fenOfYuan, type DealDraft } from './deal-draft.ts';

interface DealPreviewProps {
  readonly draft: DealDraft;
  readonly closesAt: number;
}

const lookMs = 60_000;

/** The resident's own page, drawn from what has been typed so far. Its picture will be the poster of the clip that advertises it. */
export function DealPreview({ draft, closesAt }: DealPreviewProps) {
  const words = useDealWords();
  const now = useNow(lookMs);
  const clips = useRead('GET /v1/clips', { query: { status: 'approved', limit: 1 } });
  const size = Math.max(2, Number(draft.groupSize) || 0);
  return (
    <aside className="preview" aria-label={words.preview}>
      <h2 className="section-title">{words.preview}</h2>
      <div className="preview-phone">
        <DealFace
          heading="h3"
          deal={{
            title: draft.title.trim() || words.previewTitle,
            description: draft.description.trim(),
            imageUrl: clips.data?.items[0]?.posterUrl ?? null,
            singlePriceFen: fenOfYuan(draft.singlePrice) ?? 0,
            groupPriceFen: fenOfYuan(draft.groupPrice) ?? 0,
            left: Number(draft.stock) || 0,
            status: 'open',
            opensAt: now,
            closesAt,
          }}
          group={{
            kind: 'join',
            paid: 1,
            size,
            missing: size - 1,
            expiresAt: now + (Number(draft.groupHours) || 1) * 3_600_000,
          }}
        />
      </div>
    </aside>
  );
}
