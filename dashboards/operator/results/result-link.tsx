import { Link } from 'wouter';
import { useOperatorResultWords } from './result-words.ts';

interface ResultLinkProps {
  readonly campaignId: string;
  readonly name: string;
}

/** To what a campaign brought; lists have many of them, so each says whose. */
export function ResultLink({ campaignId, name }: ResultLinkProps) {
  const m = useOperatorResultWords();
  return (
    <Link href={`/campaigns/${campaignId}/result`} className="button market-result" aria-label={m.seeOf(name)}>
      {m.see}
    </Link>
  );
}
