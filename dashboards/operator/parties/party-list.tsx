import { Button, Modal } from 'antd';
import { useState, type ReactNode } from 'react';
import type { Pages } from '../../kit/api/api-context.tsx';
import { LoadMore } from '../../kit/console/load-more.tsx';
import { Icon, type IconName } from '../../kit/ui/icon.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty } from '../../kit/ui/states.tsx';

interface PartyListProps<T> {
  readonly pages: Pages<T>;
  readonly icon: IconName;
  readonly empty: string;
  readonly add: string;
  readonly nameOf: (item: T) => string;
  readonly keyOf: (item: T) => string;
  readonly about: (item: T) => ReactNode;
  /** The form in the dialog; `close` when it is done. */
  readonly renderForm: (close: () => void) => ReactNode;
}

/** A list of parties with a button that opens the form for another one. */
export function PartyList<T>({ pages, icon, empty, add, nameOf, keyOf, about, renderForm }: PartyListProps<T>) {
  const [adding, setAdding] = useState(false);
  const close = (): void => setAdding(false);
  const addButton = (
    <Button type="primary" size="large" icon={<Icon name="plus" />} onClick={() => setAdding(true)}>
      {add}
    </Button>
  );
  return (
    <div className="stack">
      {pages.items.length > 0 && <div className="party-add">{addButton}</div>}
      <LoadedPages
        pages={pages}
        empty={
          <Empty icon={icon} title={empty}>
            {addButton}
          </Empty>
        }
      >
        {(items) => (
          <ul className="party-rows card">
            {items.map((item) => (
              <li key={keyOf(item)} className="party-row">
                <span className="party-mark">
                  <Icon name={icon} size={22} />
                </span>
                <b>{nameOf(item)}</b>
                <span className="soft">{about(item)}</span>
              </li>
            ))}
          </ul>
        )}
      </LoadedPages>
      <LoadMore pages={pages} />
      <Modal open={adding} title={add} footer={null} width={520} destroyOnHidden onCancel={close}>
        {renderForm(close)}
      </Modal>
    </div>
  );
}
