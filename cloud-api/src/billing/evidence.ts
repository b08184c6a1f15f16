import type { Exposures } from '../exposure/service.ts';
import type { Reads } from '../platform/db/store.ts';
import type { Plays } from '../plays/service.ts';
import { rowProof } from '../terminals/row-proof.ts';
import type { Evidence } from './contract.ts';
import { filteredOf } from './line-view.ts';
import type { LineRow } from './store.ts';

export interface EvidenceParts {
  readonly exposures: Pick<Exposures, 'reports'>;
  readonly plays: Pick<Plays, 'of' | 'keptSince'>;
}

/** What is known of the half-hour behind a line: every report, and which rows of which screens' chains its plays are. */
export async function evidenceOf(q: Reads, { exposures, plays }: EvidenceParts, line: LineRow): Promise<Evidence> {
  const { campaignId, communityId, at } = line;
  const reports = [...(await exposures.reports(q, [{ campaignId, communityId, at }])).values()].flat();
  const versions = reports.map(
    ({ version, madeAt, rendered, viewable, verifiedMilliTouches, people, filtered, missing }) => ({
      version,
      madeAt,
      rendered,
      viewable,
      verifiedMilliTouches,
      people: people?.[line.bookingId] ?? 0,
      filtered: filteredOf(filtered),
      missingScreens: missing,
    }),
  );
  if (at < plays.keptSince()) return { versions, screens: null };
  const found = await plays.of(q, [{ campaignId, communityId, halfHour: at }]);
  const chains = [...Map.groupBy(found, ({ id }) => id.slice(0, id.lastIndexOf(':')))].toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  );
  const screens = [];
  for (const [n, [chain, played]] of chains.entries()) {
    const [terminal = '', epoch = '0'] = chain.split(':');
    const seqs = played.map(({ id }) => Number(id.slice(id.lastIndexOf(':') + 1)));
    const lastSeq = Math.max(...seqs);
    screens.push({
      screen: n + 1,
      plays: played.length,
      viewable: played.filter(({ viewable }) => viewable).length,
      firstSeq: Math.min(...seqs),
      lastSeq,
      ...(await rowProof(q, { terminal, epoch: Number(epoch), stream: 'play' }, lastSeq)),
    });
  }
  return { versions, screens };
}
