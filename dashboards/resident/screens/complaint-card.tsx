import type { OwnComplaint } from '@gatecast/cloud-api/client';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { useScreenWords } from './screen-words.ts';

/** One's own words, and the answer or until when it comes. */
export function ComplaintCard({ complaint }: { readonly complaint: OwnComplaint }) {
  const m = useScreenWords();
  const format = useFormats();
  const { about, entrance, clipTitle, words, at, answerBy, answer, zone } = complaint;
  return (
    <section className="card screen-complaint">
      <h2>
        {m.about[about]} · {entrance}
      </h2>
      <p className="screen-soft">{format.dateTime(at, zone)}</p>
      {clipTitle !== null && <p>《{clipTitle}》</p>}
      {words !== '' && <q>{words}</q>}
      {answer === null ? (
        <p>
          <b>{m.waiting}</b> {m.answerBy(format.dateTime(answerBy, zone))}
        </p>
      ) : (
        <p>
          <b>{m.answered}</b> {answer}
        </p>
      )}
    </section>
  );
}
