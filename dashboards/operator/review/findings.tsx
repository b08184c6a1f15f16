import type { Clip } from '@gatecast/cloud-api/client';
import { useCategoryWords } from '../../kit/content/category-words.ts';
import { Icon } from '../../kit/ui/icon.tsx';
import { useReviewWords } from './review-words.ts';

type Finding = NonNullable<Clip['findings']>[number];

/** What the checks found, and the advert's own words with those marked that need a look. */
export function Findings({ clip }: { readonly clip: Clip }) {
  const m = useReviewWords();
  const { findings: words } = useCategoryWords();
  const found = clip.findings ?? [];
  const marked = found
    .filter(({ article, code }) => article !== undefined && !code.includes('category'))
    .flatMap((one) => one.words ?? []);
  return (
    <section className="stack" aria-label={m.findings}>
      <h3>{m.findings}</h3>
      {found.length === 0 && (
        <p className="notice is-good">
          <Icon name="check" /> <span>{m.noFindings}</span>
        </p>
      )}
      {found.map((one) => (
        <FindingNote key={one.code} finding={one} said={words[one.code] ?? one.code} />
      ))}
      {clip.lines.length > 0 && (
        <p>
          <span className="soft">{m.textInPicture}</span> <Marked text={clip.lines.join(' / ')} words={marked} />
        </p>
      )}
    </section>
  );
}

function FindingNote({ finding, said }: { readonly finding: Finding; readonly said: string }) {
  const m = useReviewWords();
  return (
    <div className="notice is-bad finding">
      <Icon name="alert" />
      <span>
        <strong>{said}</strong>
        {finding.words && finding.words.length > 0 && <mark>{finding.words.join(' · ')}</mark>}
        {finding.article !== undefined && <small>{m.article(finding.article)}</small>}
      </span>
    </div>
  );
}

/** A text with some of its words marked. */
export function Marked({ text, words }: { readonly text: string; readonly words: readonly string[] }) {
  const sought = words.filter((word) => word !== '' && text.includes(word));
  if (sought.length === 0) return <>{text}</>;
  const between = new RegExp(
    `(${sought.map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)).join('|')})`,
  );
  return (
    <>
      {text.split(between).map((part, i) =>
        // Parts of one text never change their order.
        // oxlint-disable-next-line react/no-array-index-key
        sought.includes(part) ? <mark key={i}>{part}</mark> : <span key={i}>{part}</span>,
      )}
    </>
  );
}
