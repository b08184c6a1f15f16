import type { Pass } from '@gatecast/cloud-api/client';
import { useEffect, useState } from 'react';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { useSession } from '../../kit/session/session-context.tsx';
import { copyText } from '../../kit/ui/copy-text.ts';
import { Icon } from '../../kit/ui/icon.tsx';
import { inGroups, type PassSecrets } from './made-passes.ts';
import { drawPoster, type PosterText } from './poster.ts';
import { useVisitorWords } from './visitor-words.ts';

interface SharePassProps {
  readonly pass: Pass;
  readonly secrets: PassSecrets;
}

/** The picture and the words that let a visitor in, and the ways to hand them on. */
export function SharePass({ pass, secrets }: SharePassProps) {
  const words = useVisitorWords();
  const texts = useTexts(pass, secrets);
  const poster = usePoster(texts.poster, secrets.qr);
  return (
    <section className="pass-share">
      <p>{words.readyLead}</p>
      {poster.kind === 'drawn' ? (
        <img className="poster" src={poster.url} alt={words.poster.alt(inGroups(secrets.code))} />
      ) : (
        <div className="poster is-waiting" />
      )}
      {poster.kind === 'failed' && <p className="notice is-warn">{words.posterFailed}</p>}
      <p className="pass-type-it">{words.typeIt(inGroups(secrets.code))}</p>
      <ShareButtons text={texts.message} {...(poster.kind === 'drawn' && { poster })} />
    </section>
  );
}

function useTexts({ label, from, to, uses }: Pass, { code }: PassSecrets): { message: string; poster: PosterText } {
  const words = useVisitorWords();
  const formats = useFormats();
  const { session } = useSession();
  const community = session?.me.scope?.name ?? '';
  const end = to === null ? '' : formats.timeOrDate(to, from, homeZone);
  const window = words.window(formats.dateTime(from, homeZone), end);
  const message = words.text(community, window, code) + (uses === 1 ? words.textOnce : '');
  const { heading, scan, orType, thenHash, once, many, foot } = words.poster;
  const standing = { heading, scan, orType, thenHash, foot };
  const poster = { ...standing, community, label, window, code: inGroups(code), uses: uses === 1 ? once : many };
  return { message, poster };
}

interface DrawnPoster {
  readonly kind: 'drawn';
  readonly url: string;
  readonly file: File;
}
type Poster = DrawnPoster | { readonly kind: 'drawing' | 'failed' };

function usePoster(text: PosterText, qr: string | null): Poster {
  const [poster, setPoster] = useState<Poster>({ kind: 'drawing' });
  const content = JSON.stringify(text);
  useEffect(() => {
    let current = true;
    let url: string | undefined;
    drawPoster(JSON.parse(content) as PosterText, qr).then(
      (file) => {
        if (!current) return;
        url = URL.createObjectURL(file);
        setPoster({ kind: 'drawn', url, file });
      },
      () => current && setPoster({ kind: 'failed' }),
    );
    return () => {
      current = false;
      if (url !== undefined) URL.revokeObjectURL(url);
    };
  }, [content, qr]);
  return poster;
}

function ShareButtons({ text, poster }: { readonly text: string; readonly poster?: DrawnPoster }) {
  const words = useVisitorWords();
  const [outcome, setOutcome] = useState<'none' | 'copied' | 'by-hand'>('none');
  const copy = async (): Promise<void> => setOutcome((await copyText(text)) ? 'copied' : 'by-hand');
  const files = poster && canShareFile(poster.file) ? [poster.file] : [];
  const share = async (): Promise<void> => {
    if (!(await shareSheet({ text, ...(files.length > 0 && { files }) }))) await copy();
  };
  return (
    <>
      <button type="button" className="button is-primary is-large is-wide" onClick={() => void share()}>
        <Icon name="share" /> {words.share}
      </button>
      <div className="pass-share-more">
        {poster && (
          <a className="button" href={poster.url} download={poster.file.name}>
            {words.download}
          </a>
        )}
        <button type="button" className="button" onClick={() => void copy()}>
          {words.copyText}
        </button>
      </div>
      <output className="pass-share-outcome">
        {outcome === 'copied' && words.copied}
        {outcome === 'by-hand' && words.byHand}
      </output>
      {outcome === 'by-hand' && <p className="pass-share-text">{text}</p>}
      {poster && <p className="pass-share-hint">{words.longPress}</p>}
    </>
  );
}

const canShareFile = (file: File): boolean => 'canShare' in navigator && navigator.canShare({ files: [file] });

/** True if the share sheet was opened: somebody who closes it wants nothing more. */
async function shareSheet(data: ShareData): Promise<boolean> {
  if (!('share' in navigator)) return false;
  return navigator.share(data).then(
    () => true,
    (error: unknown) => error instanceof DOMException && error.name === 'AbortError',
  );
}
