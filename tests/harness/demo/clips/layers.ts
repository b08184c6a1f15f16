import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Scene } from './scenes.ts';

export const frame = { width: 720, height: 1280, perSecond: 25 } as const;

/** The pieces of a picture that move on their own: group id in the SVG, and the part of the frame that the group fills. */
export const movingLayers = {
  float: { x: 0, y: 240, width: 720, height: 800 },
  line: { x: 0, y: 0, width: 720, height: 400 },
  price: { x: 0, y: 980, width: 520, height: 300 },
} as const;
export type MovingLayer = keyof typeof movingLayers;

/** The still part is kept at 1.5 × the frame, so that the camera may start close. */
export const stillScale = 1.5;

const folder = fileURLToPath(new URL('./', import.meta.url));
export const artFile = (name: string): string => join(folder, 'art', `${name}.svg`);
export const layerFolder = (name: string): string => join(folder, 'layers', name);
export const preparedFolder = join(folder, 'prepared');

/** Files of a scene's layers, from the back to the front. */
export function layerFiles({ name, risePixels }: Scene): {
  readonly still: string;
  readonly moving: Readonly<Record<MovingLayer, string | undefined>>;
} {
  const file = (layer: string) => join(layerFolder(name), layer);
  return {
    still: file('scene.jpg'),
    moving: {
      float: risePixels === undefined ? undefined : file('float.webp'),
      line: file('line.webp'),
      price: file('price.webp'),
    },
  };
}
