import type { Terminal } from '@gatecast/cloud-api/client';
import { statusOf } from './terminal-status.ts';
import type { TerminalWords } from './words-zh.ts';
import './terminal.css';

const openStates: readonly Terminal['doors'][number]['state'][] = ['open', 'held-open', 'forced'];

/** A door with the screen beside it, open or shut: lit when the terminal is there, a red lock lamp when the lock is not. */
export function DoorPicture({ terminal, words }: { readonly terminal: Terminal; readonly words: TerminalWords }) {
  const { tone } = statusOf(terminal, words);
  const [door] = terminal.doors;
  const isOpen = terminal.online && door !== undefined && openStates.includes(door.state);
  return (
    <svg className={`door-picture is-${tone}`} viewBox="0 0 96 96" width="96" height="96" aria-hidden="true">
      <rect width="96" height="96" rx="18" className="wall" />
      <path d="M14 84V26a4 4 0 0 1 4-4h30a4 4 0 0 1 4 4v58" className="frame" />
      <path d={isOpen ? 'M20 90V24l15 6v54Z' : 'M20 84V30h26v54'} className="leaf" />
      <circle cx={isOpen ? 31 : 41} cy="58" r="2.6" className="knob" />
      <rect x="61" y="30" width="23" height="36" rx="4" className="screen" />
      {tone === 'good' && <path d="m69 41.5 9 6.5-9 6.5Z" className="playing" />}
      {tone === 'warn' && <path d="M72.5 40v9m0 5v.1" className="sign" />}
      {tone === 'bad' && <path d="m68.5 44 8 8m0-8-8 8" className="sign" />}
      <circle cx="72.5" cy="74" r="3" className="lamp" />
      <path d="M8 84h80" className="floor" />
    </svg>
  );
}
