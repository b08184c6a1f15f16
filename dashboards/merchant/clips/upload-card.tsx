import { UploadPanel } from '../../kit/upload/upload-panel.tsx';
import { useUploadWords } from '../../kit/upload/upload-words.ts';

/** A merchant's next video. */
export function UploadCard() {
  const words = useUploadWords();
  return (
    <section className="card stack upload-card" aria-labelledby="upload-title">
      <h2 id="upload-title" className="section-title">
        {words.title}
      </h2>
      <UploadPanel />
    </section>
  );
}
