import { Select } from 'antd';
import type { Community } from '@gatecast/cloud-api/client';
import { createContext, useContext, useMemo, useState, type ReactNode } from 'react';
import { useRead } from '../kit/api/api-context.tsx';
import { Loaded } from '../kit/ui/states.tsx';
import { useMessages } from './messages/zh.ts';

interface CommunityChoice {
  /** Null while the company has none. */
  readonly community: Community | null;
  readonly all: readonly Community[];
  readonly choose: (id: string) => void;
}
const CommunityContext = createContext<CommunityChoice | null>(null);

/** A company may look after more communities than a page can show at once; no list is longer than this. */
const communitiesShownMax = 200;

/** The community that all pages are about: the first one until another is chosen. */
export function CommunityProvider({ children }: { readonly children: ReactNode }) {
  const query = useRead('GET /v1/communities', { query: { limit: communitiesShownMax } });
  return <Loaded query={query}>{(page) => <Choice all={page.items}>{children}</Choice>}</Loaded>;
}

function Choice({ all, children }: { readonly all: readonly Community[]; readonly children: ReactNode }) {
  const [chosenId, choose] = useState<string | null>(null);
  const choice = useMemo(
    () => ({ community: all.find(({ id }) => id === chosenId) ?? all[0] ?? null, all, choose }),
    [all, chosenId],
  );
  return <CommunityContext.Provider value={choice}>{children}</CommunityContext.Provider>;
}

export function useCommunity(): CommunityChoice {
  const choice = useContext(CommunityContext);
  if (!choice) throw new Error('useCommunity outside CommunityProvider');
  return choice;
}

export function CommunityPicker() {
  const m = useMessages();
  const { community, all, choose } = useCommunity();
  if (!community) return null;
  if (all.length === 1) return <b className="community-name">{community.name}</b>;
  return (
    <Select
      aria-label={m.allCommunities}
      value={community.id}
      onChange={choose}
      showSearch={{ optionFilterProp: 'label' }}
      options={all.map(({ id, name }) => ({ value: id, label: name }))}
      className="community-picker"
    />
  );
}
