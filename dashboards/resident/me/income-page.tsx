import { useRead } from '../../kit/api/api-context.tsx';
import { pageWords } from '../../kit/i18n/page-words.ts';
import { Quarters } from '../../kit/income/quarters.tsx';
import { Empty, Loaded } from '../../kit/ui/states.tsx';
import { AccountPage } from './account-page.tsx';

const useWords = pageWords({
  zh: {
    why: '屏幕装在业主共有的地方，广告收入扣除管理成本后归全体业主。每个季度结束后在这里公布，公布后不再改动。',
    none: '还没有公布过',
    noneHint: '有广告收入的季度结束后，会在这里公布。',
  },
  en: {
    why: 'The screens hang in places that belong to all owners: what adverts bring, less the cost of managing it, is theirs. It is published here after each quarter and not changed afterwards.',
    none: 'Nothing published yet',
    noneHint: 'It appears here after the first quarter in which adverts brought something.',
  },
});

/** What the screens of one's own community brought: sums alone. */
export function IncomePage() {
  const words = useWords();
  const income = useRead('GET /v1/me/ad-income', {});
  return (
    <AccountPage page="income">
      <Loaded query={income}>
        {({ quarters }) =>
          quarters.length === 0 ? (
            <Empty icon="money" title={words.none}>
              <p>{words.noneHint}</p>
            </Empty>
          ) : (
            <Quarters quarters={quarters} />
          )
        }
      </Loaded>
      <p className="soft">{words.why}</p>
    </AccountPage>
  );
}
