import type { CampaignResult } from '@gatecast/cloud-api/client';
import { useCostWords } from './cost-words.ts';

/** What touches of groups are, where something was booked for any: parts that are expected, and nobody who was recognised. */
export function ExpectedPart({ segments }: { readonly segments: readonly CampaignResult['segments'][number][] }) {
  const words = useCostWords();
  if (segments.length === 0) return null;
  const who = segments.map((segment) => words.groups[segment]).join(words.between);
  return <p className="soft small">{words.expectedPart(who)}</p>;
}
