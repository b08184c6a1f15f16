import type { Clip } from '@gatecast/cloud-api/client';
import { Link } from 'wouter';
import { useWrite } from '../../kit/api/api-context.tsx';
import { useCategoryWords } from '../../kit/content/category-words.ts';
import { pageWords } from '../../kit/i18n/page-words.ts';
import { Icon } from '../../kit/ui/icon.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';

const useWords = pageWords({
  zh: { noticed: '自动检查提示', permits: '去提交资质', again: '再次送审' },
  en: { noticed: 'The automatic checks say', permits: 'Hand in a permit', again: 'Send for review again' },
});

/** What a permit would help with. */
const forPermits: readonly string[] = ['permit-missing', 'permit-gone'];

/** What the checks found, for whoever can still change it; and the way to another look. */
export function ReviewHelp({ clip }: { readonly clip: Clip }) {
  const words = useWords();
  const { findings: names } = useCategoryWords();
  const found = clip.status === 'in-review' ? (clip.findings ?? []) : [];
  const codes = [...found.map(({ code }) => code), clip.reason ?? ''];
  return (
    <>
      {found.length > 0 && (
        <p className="notice is-warn">
          <span>
            {words.noticed}
            {': '}
            {found
              .map((one) => [names[one.code] ?? one.code, ...(one.article ? (one.words ?? []) : [])].join(' '))
              .join(' · ')}
          </span>
        </p>
      )}
      {codes.some((code) => forPermits.includes(code)) && (
        <Link href="/permits" className="button">
          <Icon name="shield" /> {words.permits}
        </Link>
      )}
      {(clip.status === 'rejected' || clip.status === 'expired') && <Again clipId={clip.id} />}
    </>
  );
}

function Again({ clipId }: { readonly clipId: string }) {
  const words = useWords();
  const again = useWrite('POST /v1/clips/:id/review-again', ['GET /v1/clips']);
  return (
    <>
      <button
        type="button"
        className="button"
        disabled={again.isPending}
        onClick={() => again.mutate({ params: { id: clipId } })}
      >
        {words.again}
      </button>
      <ProblemNotice error={again.error} />
    </>
  );
}
