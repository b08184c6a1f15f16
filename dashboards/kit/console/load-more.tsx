import { Button } from 'antd';
import type { Pages } from '../api/api-context.tsx';
import { useWords } from '../i18n/language-context.tsx';

export function LoadMore({ pages: { query } }: { readonly pages: Pages<unknown> }) {
  const { kit } = useWords();
  if (!query.hasNextPage) return null;
  return (
    <div className="load-more">
      <Button size="large" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        {kit.loadMore}
      </Button>
    </div>
  );
}
