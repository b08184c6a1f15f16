import { Form, InputNumber, Select } from 'antd';
import type { Community } from '@gatecast/cloud-api/client';
import { instant } from '@gatecast/firmware-protocol';
import { useMemo } from 'react';
import { useApi, useReadPages, useWrite } from '../../kit/api/api-context.tsx';
import { GeoInput } from '../../kit/console/geo-input.tsx';
import { homeZone } from '../../kit/format.ts';
import { pointOfText } from '../../kit/geo-point.ts';
import { useFormats, useWords } from '../../kit/i18n/language-context.tsx';
import { useMessages } from '../messages/zh.ts';
import { DeclinedAdverts } from './declined-adverts.tsx';
import { PartyForm, TextField } from './party-form.tsx';
import { PartyList } from './party-list.tsx';
import { unsoldZones } from '../../kit/unsold-zones.ts';

const groups = ['families', 'commuters', 'elderly'] as const;
type Group = (typeof groups)[number];

interface CommunityWish {
  name: string;
  zone: string;
  propertyCompanyId: string;
  households: number;
  /** Shares in percent, as people say them. */
  percent: Record<Group, number>;
  /** `30.2741, 120.1551` */
  place?: string;
}
const usual = { zone: homeZone, households: 1_000, percent: { families: 40, commuters: 30, elderly: 15 } };
const ppmOfPercent = 10_000;
const listMax = 200;
const fieldOf = { 'unknown-zone': 'zone', 'zone-off-half-hours': 'zone' };

export function Communities() {
  const m = useMessages().parties;
  const { clock } = useApi();
  const pages = useReadPages('GET /v1/communities', { query: {} });
  const { items } = pages;
  const unsold = useMemo(() => unsoldZones(items, instant(clock.now())), [items, clock]);
  return (
    <PartyList
      pages={pages}
      icon="place"
      empty={m.noCommunities}
      add={m.addCommunity}
      nameOf={(community) => community.name}
      keyOf={(community) => community.id}
      about={aboutAmong(unsold)}
      renderForm={(close) => <CommunityForm onDone={close} />}
    />
  );
}

const aboutAmong = (unsold: ReadonlySet<string>) => (community: Community) => (
  <About community={community} isUnsold={unsold.has(community.zone)} />
);

interface AboutProps {
  readonly community: Community;
  readonly isUnsold: boolean;
}

function About({ community: { id, name, zone, households, profile }, isUnsold }: AboutProps) {
  const m = useMessages().parties;
  const format = useFormats();
  const facts = [
    m.householdCount(format.number(households)),
    ...groups.map((group) => `${m.groups[group]} ${format.percent(profile[group] / 1_000_000)}`),
  ];
  return (
    <>
      {facts.join(' · ')} <DeclinedAdverts communityId={id} name={name} />
      {isUnsold && <span className="notice is-warn">{m.zoneUnsold(zone)}</span>}
    </>
  );
}

function CommunityForm({ onDone }: { readonly onDone: () => void }) {
  const m = useMessages().parties;
  const { kit } = useWords();
  const { items: companies } = useReadPages('GET /v1/property-companies', { query: { limit: listMax } });
  const create = useWrite('POST /v1/communities', ['GET /v1/communities']);
  const rules = [{ required: true, message: kit.requiredField }];
  const submit = ({ percent, place, ...community }: CommunityWish) =>
    create.mutateAsync({
      body: {
        ...community,
        location: pointOfText(place ?? '') ?? null,
        profile: {
          families: percent.families * ppmOfPercent,
          commuters: percent.commuters * ppmOfPercent,
          elderly: percent.elderly * ppmOfPercent,
        },
      },
    });
  return (
    <PartyForm<CommunityWish> initial={usual} write={create} onSubmit={submit} onDone={onDone} fieldOf={fieldOf}>
      <TextField name="name" label={m.communityName} />
      <Form.Item name="propertyCompanyId" label={m.company} rules={rules}>
        <Select options={companies.map(({ id, name }) => ({ value: id, label: name }))} />
      </Form.Item>
      <TextField name="zone" label={m.zone} />
      <Form.Item name="households" label={m.households} rules={rules}>
        <InputNumber min={1} max={100_000} style={{ width: '100%' }} />
      </Form.Item>
      <GeoInput />
      <div className="party-shares">
        {groups.map((group) => (
          <Form.Item key={group} name={['percent', group]} label={m.groups[group]} rules={rules}>
            <InputNumber min={0} max={100} precision={0} suffix="%" style={{ width: '100%' }} />
          </Form.Item>
        ))}
      </div>
    </PartyForm>
  );
}
