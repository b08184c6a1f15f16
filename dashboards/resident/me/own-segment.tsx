import type { OwnSegment } from '@gatecast/cloud-api/client';
import { useRead, useWrite } from '../../kit/api/api-context.tsx';
import { pageWords } from '../../kit/i18n/page-words.ts';
import { Choice } from '../../kit/ui/choice.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';

const zh = {
  legend: '我更像哪一类？（可以不说）',
  segments: { families: '带孩子的家庭', commuters: '上班族', elderly: '老人', none: '不说' },
  hint: '只和其他住户合在一起算人数，每一类满 10 人才用，用来估计什么时候谁会经过。关掉上面的开关，这一项也一起删除。',
};
const en: typeof zh = {
  legend: 'Which is most like me? (I need not say)',
  segments: {
    families: 'A family with children',
    commuters: 'Going to work',
    elderly: 'Retired',
    none: 'I do not say',
  },
  hint: 'Only counted together with other residents, and only once each group has ten, to estimate who passes when. It is deleted when the switch above is turned off.',
};
const useSegmentWords = pageWords({ zh, en });

type Said = NonNullable<OwnSegment['segment']> | 'none';
const choices: readonly Said[] = ['families', 'commuters', 'elderly', 'none'];

/** What somebody who agreed to personal offers may say of themselves. */
export function OwnSegmentChoice() {
  const m = useSegmentWords();
  const { data, error } = useRead('GET /v1/me/segment', {});
  const write = useWrite('PUT /v1/me/segment', ['GET /v1/me/segment']);
  if (!data) return <ProblemNotice error={error} />;
  const shown = write.isPending ? write.variables.body.segment : data.segment;
  return (
    <>
      <Choice
        legend={m.legend}
        options={choices.map((value) => ({ value, label: m.segments[value] }))}
        value={shown ?? 'none'}
        onChange={(said) => write.mutate({ body: { segment: said === 'none' ? null : said } })}
      />
      <p className="account-soft">{m.hint}</p>
      <ProblemNotice error={write.error} />
    </>
  );
}
