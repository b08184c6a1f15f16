import type { Community } from '@gatecast/cloud-api/client';
import { instant } from '@gatecast/firmware-protocol';
import { useMemo } from 'react';
import { useApi } from '../../kit/api/api-context.tsx';
import { pageWords } from '../../kit/i18n/page-words.ts';
import { unsoldZones } from '../../kit/unsold-zones.ts';

const zh = {
  unsold: (zone: string) =>
    `这个小区的时区 ${zone} 与整半点差一刻钟，这里的屏幕时段卖不出去，也就没有广告收入；开门不受影响。时区填错了的话，请告诉平台运营方。`,
};
const en: typeof zh = {
  unsold: (zone) =>
    `This community is in the time zone ${zone}, whose clocks are a quarter of an hour off the half-hour: its screens sell nothing and bring no advert income. Doors open as ever. If the zone is wrong, tell the operator of the platform.`,
};
const useZoneWords = pageWords({ zh, en });

/** Why a community brings nothing, where it is its zone. */
export function UnsoldZone({ community }: { readonly community: Community }) {
  const m = useZoneWords();
  const { clock } = useApi();
  const isUnsold = useMemo(() => unsoldZones([community], instant(clock.now())).size > 0, [community, clock]);
  return isUnsold && <p className="notice is-warn">{m.unsold(community.zone)}</p>;
}
