import { useEffect, useState } from 'react';
import { Failed } from './states.tsx';
import { qrModules, qrPath, quietModules } from './qr-modules.ts';

interface QrCodeProps {
  readonly text: string;
  /** What it opens, for a screen reader. */
  readonly label: string;
}

interface Drawn {
  readonly path: string;
  readonly edge: number;
}

/** A QR code as sharp as the screen, black on white whatever the page's colours are. The last one stays until the next is drawn. */
export function QrCode({ text, label }: QrCodeProps) {
  const [drawn, setDrawn] = useState<Drawn | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    let current = true;
    qrModules(text).then(
      (modules) => current && setDrawn({ path: qrPath(modules), edge: modules.size + 2 * quietModules }),
      (fault: unknown) => current && setError(fault),
    );
    return () => {
      current = false;
    };
  }, [text]);
  if (error) return <Failed error={error} />;
  return (
    <svg
      className="qr-code"
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- drawn here, so that no image has to be made every half minute
      role="img"
      aria-label={label}
      viewBox={`0 0 ${drawn?.edge ?? 1} ${drawn?.edge ?? 1}`}
      shapeRendering="crispEdges"
    >
      <rect width="100%" height="100%" fill="#fff" />
      {drawn && <path d={drawn.path} fill="#000" />}
    </svg>
  );
}
