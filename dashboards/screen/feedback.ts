import { notesMs, notesOf, type Feedback } from './feedback-notes.ts';
import { lastingWords } from './lasting-words.ts';
import { language } from './messages.ts';

/** The notes swell and fade in so long: without it they click. */
const edgeSeconds = 0.015;

let context: AudioContext | undefined;
let pending = 0;

/**
 * The door's own voice: notes, then words where this machine has a voice for them. It does not wait for anything and is heard over no other: a new
 * one ends the one before. A browser that plays nothing yet leaves it at the light.
 */
export function say(feedback: Feedback, percent: number): void {
  clearTimeout(pending);
  globalThis.speechSynthesis?.cancel();
  const { dataset } = document.documentElement;
  dataset['said'] = feedback;
  if (percent <= 0) return;
  playNotes(feedback, percent / 100);
  const voice = voiceFor(language);
  if (voice)
    pending = window.setTimeout(() => speak(lastingWords.voice[feedback], voice, percent / 100), notesMs(feedback));
}

function playNotes(feedback: Feedback, volume: number): void {
  context ??= new AudioContext();
  const { currentTime, destination } = context;
  // Refused until somebody has touched the page; kiosks are started without that rule.
  if (context.state !== 'running') context.resume().catch(() => undefined);
  for (const { hz, atSeconds, forSeconds } of notesOf[feedback]) {
    const from = currentTime + atSeconds;
    const gain = context.createGain();
    gain.gain.setValueAtTime(0, from);
    gain.gain.linearRampToValueAtTime(volume, from + edgeSeconds);
    gain.gain.setValueAtTime(volume, from + forSeconds - edgeSeconds);
    gain.gain.linearRampToValueAtTime(0, from + forSeconds);
    gain.connect(destination);
    const note = context.createOscillator();
    note.type = 'triangle';
    note.frequency.value = hz;
    note.connect(gain);
    note.start(from);
    note.stop(from + forSeconds);
  }
}

/** Only a voice of the machine itself: words at a door go to no server, and come at once. */
function voiceFor(lang: string): SpeechSynthesisVoice | undefined {
  const voices = globalThis.speechSynthesis?.getVoices() ?? [];
  const family = lang.slice(0, 2);
  return voices.find((voice) => voice.localService && voice.lang.replace('_', '-').startsWith(family));
}

function speak(words: string, voice: SpeechSynthesisVoice, volume: number): void {
  const said = new SpeechSynthesisUtterance(words);
  said.voice = voice;
  said.lang = voice.lang;
  // Speech is quieter than a note of the same level.
  said.volume = Math.min(1, volume * 2);
  globalThis.speechSynthesis.speak(said);
}
