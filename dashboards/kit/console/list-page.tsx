import { Button } from 'antd';
import type { ReactNode } from 'react';
import type { Pages } from '../api/api-context.tsx';
import { Icon, type IconName } from '../ui/icon.tsx';
import { LoadedPages } from '../ui/loaded-pages.tsx';
import { Empty } from '../ui/states.tsx';
import { LoadMore } from './load-more.tsx';

interface ListPageProps<T> {
  readonly title: string;
  readonly intro: string;
  /** What one does here. It stands in the head, or, as long as there is nothing, in the middle of the page. */
  readonly add: { readonly label: string; readonly icon: IconName; readonly onClick: () => void };
  readonly pages: Pages<T>;
  readonly empty: { readonly icon: IconName; readonly title: string; readonly hint: string };
  readonly children: (items: readonly T[]) => ReactNode;
}

/** A page that is a list to which one adds. */
export function ListPage<T>({ title, intro, add, pages, empty, children }: ListPageProps<T>) {
  const button = (
    <Button type="primary" size="large" icon={<Icon name={add.icon} />} onClick={add.onClick}>
      {add.label}
    </Button>
  );
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{title}</h1>
          <p>{intro}</p>
        </div>
        {pages.items.length > 0 && button}
      </div>
      <LoadedPages
        pages={pages}
        empty={
          <Empty icon={empty.icon} title={empty.title}>
            <p>{empty.hint}</p>
            {button}
          </Empty>
        }
      >
        {children}
      </LoadedPages>
      <LoadMore pages={pages} />
    </>
  );
}
