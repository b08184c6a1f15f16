import { Icon } from '../ui/icon.tsx';
import { Countdown } from '../ui/countdown.tsx';
import type { GroupProgress } from './group-progress.ts';
import { useDealWords } from './deal-words.ts';

/** More than this many people are told in words only. */
const dotsMax = 8;

/** Who is in a group, as dots: a person for each that has paid, a gap for each still wanted. */
export function GroupDots({ group }: { readonly group: GroupProgress }) {
  const words = useDealWords();
  const shown = Math.min(group.size, dotsMax);
  const filled = group.size <= dotsMax ? group.paid : Math.floor((group.paid / group.size) * dotsMax);
  return (
    <span className="group-dots">
      <span className="visually-hidden">{words.joined(group.paid, group.size)}</span>
      {Array.from({ length: shown }, (_, index) => (
        <span key={index} aria-hidden="true" className={index < filled ? 'is-in' : ''}>
          <Icon name={index < filled ? 'person' : 'plus'} size={18} />
        </span>
      ))}
    </span>
  );
}

/** What a group still needs, in one sentence. */
export function useGroupSentence(): (group: GroupProgress) => string {
  const words = useDealWords();
  return ({ kind, missing, size }) => {
    if (kind === 'start') return words.youOpen(size);
    return kind === 'join' ? words.missing(missing) : words[kind];
  };
}

/** The sentence, the time that is left, and the dots. */
export function GroupLine({ group, onOver }: { readonly group: GroupProgress; readonly onOver?: () => void }) {
  const words = useDealWords();
  const sentence = useGroupSentence();
  const open = group.kind === 'join' && group.expiresAt !== null;
  return (
    <div className={`group-line is-${group.kind}`}>
      <div className="row spread">
        <strong aria-live="polite">{sentence(group)}</strong>
        {open && group.expiresAt !== null && (
          <span className="group-time">
            <Icon name="clock" size={16} /> {words.timeLeft[0]}
            <Countdown to={group.expiresAt} {...(onOver ? { onOver } : {})} />
            {words.timeLeft[1]}
          </span>
        )}
      </div>
      <GroupDots group={group} />
    </div>
  );
}
