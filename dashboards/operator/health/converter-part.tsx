import type { ConverterHealth } from '@gatecast/cloud-api/client';
import { useRead } from '../../kit/api/api-context.tsx';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { Loaded } from '../../kit/ui/states.tsx';
import { useHealthWords } from './health-words.ts';

const refetchMs = 10_000;

/** Which ffmpeg makes the clips, what does not hold it, and how many clips wait for it. */
export function ConverterPart() {
  const m = useHealthWords();
  const query = useRead('GET /v1/converter', {}, { refetchInterval: refetchMs });
  return (
    <section className="health-part">
      <h2>{m.converter}</h2>
      <Loaded query={query}>{(converter) => <Converter converter={converter} />}</Loaded>
    </section>
  );
}

function Converter({ converter: { found, tried, holds, waiting, atOnce } }: { readonly converter: ConverterHealth }) {
  const m = useHealthWords();
  const format = useFormats();
  const limits = Object.keys(m.looseWords) as (keyof typeof m.looseWords)[];
  const loose = holds === null ? [] : limits.filter((limit) => !holds[limit]);
  return (
    <>
      {found === null ? (
        <div className="notice is-bad">
          <Icon name="alert" />
          <div>
            <p>{m.converterNone}</p>
            <Lines lines={tried.map(({ candidate, fault }) => `${candidate}: ${fault}`)} />
          </div>
        </div>
      ) : (
        <p className={`notice ${found.isAged ? 'is-warn' : 'is-good'}`}>
          <Icon name={found.isAged ? 'alert' : 'check'} />
          <span>
            {m.converterWorks(versionOf(found.version), found.from)} {found.isAged && m.converterAged}
          </span>
        </p>
      )}
      {loose.length > 0 && (
        <div className="notice is-warn">
          <Icon name="alert" />
          <div>
            <p>{m.converterLoose}</p>
            <Lines lines={loose.map((limit) => m.looseWords[limit])} />
          </div>
        </div>
      )}
      <div className="vital-facts">
        <p className="card vital-fact">
          <span>{m.converterWaiting}</span>
          <strong className="digits">{format.number(waiting)}</strong>
          <span className="soft">{m.converterAtOnce(format.number(atOnce))}</span>
        </p>
      </div>
    </>
  );
}

const Lines = ({ lines }: { readonly lines: readonly string[] }) => (
  <ul>
    {lines.map((line) => (
      <li key={line}>{line}</li>
    ))}
  </ul>
);

/** `ffmpeg version 7.1.1 Copyright …` says more than fits. */
const versionOf = (line: string): string => line.split(/\s+/).slice(0, 3).join(' ');
