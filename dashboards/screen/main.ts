import './screen.css';
import type { ScreenDecision, ScreenEnrolment, ScreenState } from '@gatecast/firmware-protocol/messages';
import { listenToAgent } from './agent-feed.ts';
import type { Care } from './care.ts';
import { createDoorBand } from './door-band.ts';
import { element } from './element.ts';
import type { EnrolmentView } from './enrolment.ts';
import type * as Lasting from './lasting.ts';
import { language } from './messages.ts';
import { showBeside } from './on-screen.ts';
import { sendPulses } from './pulse.ts';
import { createSound } from './sound.ts';
import { Stage } from './stage.ts';
import { createSurroundings } from './surroundings.ts';

document.documentElement.lang = language;

const sound = createSound();
const stage = new Stage({
  videos: [element('.clip-a', HTMLVideoElement), element('.clip-b', HTMLVideoElement)],
  frozen: element('.frozen', HTMLCanvasElement),
  sound,
  onAir: showBeside,
});
/** What hides the picture now. */
const covers = new Set<'refusal' | 'emergency'>();
const coverBy = (cover: 'refusal' | 'emergency') => (isCovered: boolean) => {
  if (isCovered) covers.add(cover);
  else covers.delete(cover);
  stage.setCovered(covers.size > 0);
};
/** How loud the door itself may be now. */
let feedbackPercent = 0;
const band = createDoorBand({
  covers: coverBy('refusal'),
  says: (feedback) => lasting?.say(feedback, feedbackPercent),
});
const surroundings = createSurroundings(coverBy('emergency'));
stage.start();
sendPulses(() => stage.presentedAtMs);

function onState(state: ScreenState): void {
  careFor(state.page);
  surroundings.show(state);
  band.setOffice(state.officePhone);
  ({ feedbackPercent, complaintQr } = state);
  lasting?.showAbout(complaintQr);
  showEnrolment(state.enrolment);
  sound.set(state.muted, state.volumePercent);
  stage.refreshSound();
  stage.setAmbient(state.ambient);
  stage.setNext(state.nextClip);
  if (state.touch) stage.show(state.touch);
}

/** Nobody reads it at the door; whoever holds a keyboard to the kiosk does. */
const tell = (error: unknown): void => console.error(error);

/** Nobody types in the first moment: the door's sounds, and what cares for a panel that is on for months, come right after what is seen. */
let lasting: typeof Lasting | undefined;
let complaintQr: string | null = null;
import('./lasting.ts').then((module) => {
  lasting = module;
  module.showAbout(complaintQr);
}, tell);

/** Needed after minutes at the earliest: it does not come with the first load either. */
let care: Promise<Care> | undefined;

function careFor(page: string): void {
  care ??= import('./care.ts').then((module) => module.careFor(stage));
  care.then(
    (taken) => taken.servedBy(page),
    (error: unknown) => {
      care = undefined;
      tell(error);
    },
  );
}

/** A terminal shows it before it is claimed, and seldom again: it does not come with the first load. */
let enrolment: Promise<EnrolmentView> | undefined;

function showEnrolment(view: ScreenEnrolment | null): void {
  if (view === null && !enrolment) return;
  enrolment ??= import('./enrolment.ts').then((module) => module.createEnrolmentView());
  enrolment.then(
    (shown) => shown.show(view),
    (error: unknown) => {
      enrolment = undefined;
      tell(error);
    },
  );
}

function onDecision(decision: ScreenDecision): void {
  if (decision.occasion === 'touch') stage.show(decision);
  else stage.setAmbient(decision);
}

listenToAgent(
  {
    state: onState,
    decision: onDecision,
    withdrawn: ({ clip }) => stage.withdraw(clip),
    door: (door) => band.tell(door),
    beat: ({ now }) => surroundings.setTime(now),
    // Seldom asked for: the page starts without it.
    capture: (probe) => void import('./probes.ts').then(({ answerCapture }) => answerCapture(probe)).catch(tell),
    tone: (probe) => void import('./probes.ts').then(({ answerTone }) => answerTone(probe)).catch(tell),
  },
  (isUp) => band.setLink(isUp),
);
