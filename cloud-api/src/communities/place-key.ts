const digitsMax = 8;

/** A text that sorts as people count: `3 栋` before `12 栋`, `0203` after `203`. */
const counted = (text: string): string => text.replace(/\d+/g, (digits) => digits.padStart(digitsMax, '0'));

/** Where a unit stands among those of its community: by building, then by number, both as people count. */
export const placeKey = (building: string, unit: string): string => `${counted(building)} ${counted(unit)}`;

/** What a search for somebody looks through: name, place and the end of the phone, all in small letters. */
export const searchText = (one: {
  readonly name: string;
  readonly building: string;
  readonly unit: string;
  readonly phoneMasked: string;
}): string =>
  `${one.name} ${one.building} ${one.unit} ${one.building}-${one.unit} ${one.phoneMasked.slice(-4)}`.toLowerCase();

/** What was typed, as it stands in `searchText`; signs that mean something to LIKE are left out. */
export const searchedText = (typed: string): string =>
  typed
    .replace(/[%_\\]/g, '')
    .trim()
    .toLowerCase();
