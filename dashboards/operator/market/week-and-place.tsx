import type { HeatMap } from '@gatecast/cloud-api/client';
import { Segmented, Select } from 'antd';
import { homeZone } from '../../kit/format.ts';
import { dayText } from '../../kit/local-moment.ts';
import { useNow } from '../../kit/use-now.ts';
import { useMarketWords } from './market-words.ts';
import { mondayOf } from './weeks.ts';

export interface Chosen {
  /** Its Monday. */
  readonly week: string;
  readonly place: HeatMap['place'];
}

const minuteMs = 60_000;
const places = ['all', 'gate', 'unit-door', 'lift'] as const;

/** As an address names it; whatever else stands there means all of them. */
export const placeOf = (text: string | null): Chosen['place'] => places.find((one) => one === text) ?? 'all';

/** The Monday of this week. */
export const useThisWeek = (): string => mondayOf(dayText(useNow(minuteMs), homeZone));

export function WeekAndPlace({
  chosen,
  onChange,
}: {
  readonly chosen: Chosen;
  readonly onChange: (to: Chosen) => void;
}) {
  const m = useMarketWords();
  const now = useThisWeek();
  const weeks = [
    { value: mondayOf(now, -1), label: m.weeks.last },
    { value: now, label: m.weeks.now },
    { value: mondayOf(now, 1), label: m.weeks.next },
  ];
  return (
    <div className="market-tools">
      <Segmented
        size="large"
        aria-label={m.week}
        value={chosen.week}
        options={weeks}
        onChange={(week) => onChange({ ...chosen, week })}
      />
      <ChoosePlace place={chosen.place} onChange={(place) => onChange({ ...chosen, place })} />
    </div>
  );
}

interface ChoosePlaceProps {
  readonly place: HeatMap['place'];
  readonly onChange: (place: HeatMap['place']) => void;
}

export function ChoosePlace({ place, onChange }: ChoosePlaceProps) {
  const m = useMarketWords();
  return (
    <Select
      size="large"
      aria-label={m.placement}
      value={place}
      options={places.map((value) => ({ value, label: m.placements[value] }))}
      onChange={onChange}
    />
  );
}
