import { pageWords } from '../../kit/i18n/page-words.ts';

const zh = {
  unsold: (names: string) => `${names}：那里的时钟与整半点差一刻钟，屏幕时段还不能卖，所以选不了。`,
  between: '、',
  more: (names: string, n: number) => `${names} 等 ${n} 个小区`,
};
const en: typeof zh = {
  unsold: (names) =>
    `${names}: clocks there are a quarter of an hour off the half-hour. Screens there are not sold yet, so they cannot be chosen.`,
  between: ', ',
  more: (names, n) => `${names} and others, ${n} in all`,
};
const useUnsoldWords = pageWords({ zh, en });

/** So many are named; whoever looks for another one finds it by its name. */
const namedMax = 3;

interface UnsoldPlacesProps {
  readonly places: readonly { readonly name: string }[];
  /** What somebody looks for; empty: all. */
  readonly part?: string;
}

/** Why communities that are there cannot be chosen: whoever looks for one would think that it is not in the network. */
export function UnsoldPlaces({ places, part = '' }: UnsoldPlacesProps) {
  const words = useUnsoldWords();
  const found = places.filter(({ name }) => name.toLowerCase().includes(part));
  if (found.length === 0) return null;
  const named = found.slice(0, namedMax).map(({ name }) => name);
  const names = named.join(words.between);
  return <p className="notice">{words.unsold(found.length > namedMax ? words.more(names, found.length) : names)}</p>;
}
