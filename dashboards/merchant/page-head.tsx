import { Link } from 'wouter';
import { pageWords } from '../kit/i18n/page-words.ts';
import { Icon } from '../kit/ui/icon.tsx';

const useHeadWords = pageWords({ zh: { back: '返回账号' }, en: { back: 'Back to the account' } });

/** The title of a page below the account, with the way back there: no tab stands for it. */
export function AccountPageHead({ title }: { readonly title: string }) {
  const words = useHeadWords();
  return (
    <div className="page-head">
      <Link href="/account" className="round-button" aria-label={words.back}>
        <Icon name="back" size={24} />
      </Link>
      <h1 className="page-title">{title}</h1>
    </div>
  );
}
