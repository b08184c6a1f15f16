import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import type { Scene } from './scenes.ts';

export const drawingFile = ({ name }: Pick<Scene, 'name'>): string =>
  fileURLToPath(new URL(`./drawings/${name}.jpg`, import.meta.url));

/** How much nearer the second and third photo are. */
const closer = [1.35, 1.6] as const;

/** Three photos of a drawing, as somebody would take them: the whole, nearer, and a little aside of that. */
export async function photosOf(scene: Pick<Scene, 'name' | 'focus'>): Promise<Buffer[]> {
  const file = drawingFile(scene);
  const { width, height } = await sharp(file).metadata();
  const details = closer.map((nearer, index) => {
    const [across, down] = [Math.round(width / nearer), Math.round(height / nearer)];
    const aside = index === 0 ? -0.06 : 0.06;
    const start = (size: number, part: number, at: number) =>
      Math.round(Math.min(size - part, Math.max(0, size * at - part / 2)));
    const left = start(width, across, scene.focus.x + aside);
    return sharp(file).extract({ left, top: start(height, down, scene.focus.y), width: across, height: down });
  });
  return Promise.all([sharp(file), ...details].map((photo) => photo.jpeg({ quality: 92 }).toBuffer()));
}
