import { qrModules, quietModules, type QrModules } from '../../kit/ui/qr-modules.ts';

/** Everything that stands on the picture, in the sender's language. */
export interface PosterText {
  readonly community: string;
  readonly heading: string;
  readonly label: string;
  readonly scan: string;
  readonly orType: string;
  /** In groups. */
  readonly code: string;
  readonly thenHash: string;
  readonly window: string;
  readonly uses: string;
  readonly foot: string;
}

/** As chat programs show a tall picture whole; a QR code of 70 modules still gets eight pixels for each. */
const width = 900;
const height = 1360;
const margin = 64;
const qrEdge = 616;
const colours = { band: '#3346d3', ink: '#14182b', soft: '#4a5168', code: '#14182b', wash: '#eceffd' } as const;

/** Draws the pass as a PNG. Rejects where the browser cannot draw. */
export async function drawPoster(text: PosterText, qr: string | null): Promise<File> {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const paper = canvas.getContext('2d');
  if (!paper) throw new Error('no canvas to draw on');
  const modules = qr === null ? null : await qrModules(qr);
  drawHead(paper, text);
  if (modules) drawQr(paper, modules);
  drawCode(paper, text, modules ? 976 : 560);
  drawFoot(paper, text);
  return fileOf(canvas, `pass-${text.code.replaceAll(' ', '')}.png`);
}

function drawHead(paper: CanvasRenderingContext2D, { community, heading, label }: PosterText): void {
  paper.fillStyle = '#fff';
  paper.fillRect(0, 0, width, height);
  paper.fillStyle = colours.band;
  paper.fillRect(0, 0, width, 230);
  line(paper, { text: community, y: 86, size: 44, colour: '#d9deff', weight: 500 });
  line(paper, { text: `${heading} · ${label}`, y: 168, size: 68, colour: '#fff', weight: 700 });
}

function drawQr(paper: CanvasRenderingContext2D, { size, isDark }: QrModules): void {
  const unit = Math.floor(qrEdge / (size + 2 * quietModules));
  const edge = unit * size;
  const left = (width - edge) / 2;
  const top = 236 + (qrEdge - edge) / 2;
  paper.fillStyle = '#000';
  for (let y = 0; y < size; y += 1)
    for (let x = 0; x < size; x += 1) if (isDark(x, y)) paper.fillRect(left + x * unit, top + y * unit, unit, unit);
}

function drawCode(paper: CanvasRenderingContext2D, { scan, orType, code, thenHash }: PosterText, y: number): void {
  if (y > 900) line(paper, { text: scan, y: y - 92, size: 36, colour: colours.soft, weight: 500 });
  line(paper, { text: orType, y: y - 40, size: 36, colour: colours.soft, weight: 500 });
  paper.fillStyle = colours.wash;
  paper.fillRect(margin, y - 6, width - 2 * margin, 150);
  line(paper, { text: `${code} #`, y: y + 98, size: 96, colour: colours.code, weight: 800 });
  line(paper, { text: thenHash, y: y + 196, size: 36, colour: colours.soft, weight: 500 });
}

function drawFoot(paper: CanvasRenderingContext2D, { window, uses, foot }: PosterText): void {
  line(paper, { text: window, y: 1238, size: 42, colour: colours.ink, weight: 700 });
  line(paper, { text: `${uses} · ${foot}`, y: 1302, size: 32, colour: colours.soft, weight: 400 });
}

interface Line {
  readonly text: string;
  /** Of the base line. */
  readonly y: number;
  readonly size: number;
  readonly colour: string;
  readonly weight: number;
}

/** In the middle, smaller where it would not fit. */
function line(paper: CanvasRenderingContext2D, { text, y, size, colour, weight }: Line): void {
  const family = getComputedStyle(document.body).fontFamily;
  const room = width - 2 * margin;
  paper.font = `${weight} ${size}px ${family}`;
  const wanted = paper.measureText(text).width;
  if (wanted > room) paper.font = `${weight} ${Math.floor((size * room) / wanted)}px ${family}`;
  paper.fillStyle = colour;
  paper.textAlign = 'center';
  paper.fillText(text, width / 2, y);
}

function fileOf(canvas: HTMLCanvasElement, name: string): Promise<File> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(new File([blob], name, { type: 'image/png' }));
      else reject(new Error('the picture could not be made'));
    }, 'image/png');
  });
}
