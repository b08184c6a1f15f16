import type { Tx } from '../platform/db/store.ts';
import type { Communities } from '../communities/service.ts';
import type { Platform } from '../platform/platform.ts';
import type { TerminalsService } from '../terminals/service.ts';
import { createCards, type Cards } from './cards.ts';
import type { Revocation } from './credential-contract.ts';
import { createCredentials, type Credentials } from './credentials.ts';
import { createLearnedCards, type LearnedCards } from './learned-cards.ts';
import { followResidents } from './leaving.ts';
import { createAccessLists, type AccessLists } from './lists.ts';
import { forgetOldNames } from './log-retention.ts';
import { createOwnDoors, type OwnDoors } from './own-doors.ts';
import { createOwnPasses, type OwnPasses } from './own-passes.ts';
import { createPassKeys, type PassKeyBook } from './pass-keys.ts';
import {
  adPseudonymBook,
  countGroups,
  countNamed,
  followOptIns,
  noticeNameBook,
  republishNames,
} from './opt-in-names.ts';
import { createPasses, type Passes } from './passes.ts';
import { registerAccessData } from './personal-data.ts';
import { createPhones, type Phones } from './phones.ts';
import { createPickupWords, type PickupWords } from './pickup-words.ts';
import { createPins, type Pins } from './pins.ts';
import { revocationOf } from './revocation.ts';
import { createSchedules, type Schedules } from './schedules.ts';
import { countUses } from './uses.ts';

export interface Access {
  readonly lists: AccessLists;
  readonly passKeys: PassKeyBook;
  readonly pins: Pins;
  readonly cards: Cards;
  readonly learned: LearnedCards;
  readonly phones: Phones;
  readonly credentials: Credentials;
  readonly schedules: Schedules;
  readonly passes: Passes;
  readonly ownPasses: OwnPasses;
  readonly ownDoors: OwnDoors;
  readonly pickupWords: PickupWords;
  /** What somebody said they are has changed: it stands beside their name in the lists, where they have one. */
  groupChanged(q: Tx, residentId: string): Promise<void>;
  /** Rejects with `not-found` for somebody who lives here. */
  revocation(residentId: string): Promise<Revocation>;
}

export function createAccess(platform: Platform, communities: Communities, terminals: TerminalsService): Access {
  const { store, clock } = platform;
  const passKeys = createPassKeys(platform);
  const lists = createAccessLists(platform, communities, terminals, passKeys);
  const learned = createLearnedCards(platform, terminals);
  const schedules = createSchedules(platform, communities, lists);
  const passes = createPasses(platform, { communities, lists, keys: passKeys, schedules });
  followResidents(platform, { communities, lists });
  const pickupWords = createPickupWords();
  followOptIns(platform, { communities, lists }, adPseudonymBook);
  platform.privacy.seatOptedIn(countNamed);
  platform.privacy.seatGroups(countGroups);
  followOptIns(platform, { communities, lists }, { ...noticeNameBook, changed: pickupWords.namesChanged });
  countUses(platform, lists);
  registerAccessData(platform);

  forgetOldNames(platform);
  communities.onPlacesChanged((q, communityId) => lists.publish(q, communityId, []));

  return {
    lists,
    passKeys,
    groupChanged: (q, residentId) => republishNames(q, { communities, lists }, residentId),
    pins: createPins(platform, communities, lists),
    cards: createCards(platform, { communities, terminals, lists, learned }),
    learned,
    phones: createPhones(platform, communities, lists),
    credentials: createCredentials(platform, lists),
    schedules,
    passes,
    ownPasses: createOwnPasses(platform, communities, passes),
    ownDoors: createOwnDoors(platform, communities, terminals),
    pickupWords,
    revocation: (residentId) => revocationOf(store.read, { communities, terminals, lists }, residentId, clock.now()),
  };
}
