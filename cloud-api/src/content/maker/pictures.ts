import sharp, { type Sharp } from 'sharp';
import type { Drawing } from './drawing.ts';
import { canvas, lineBox, looks, priceBox, type Box } from './templates.ts';
import type { Template } from './recipe.ts';

/** The camera moves by whole pixels, so it moves over a larger picture. */
export const cameraScale = 1.4;
/** Larger photos are no photos: what a phone of 50 megapixels takes, and some. */
export const photoPixelsMax = 64_000_000;

export const scaled = (box: Box, scale: number): Box => ({
  x: even(box.x * scale),
  y: even(box.y * scale),
  width: even(box.width * scale),
  height: even(box.height * scale),
});
/** Chroma is halved, so that edges lie on even pixels. */
const even = (pixels: number): number => Math.round(pixels / 2) * 2;

/** Of a photo that was taken in before. */
export async function sizeOfPhoto(photo: Buffer): Promise<{ readonly width: number; readonly height: number }> {
  const { width, height } = await sharp(photo, { limitInputPixels: photoPixelsMax }).metadata();
  return { width, height };
}

/** A photo as it covers its place, cut to where the eye is drawn. */
const cover = (photo: Buffer, { width, height }: Pick<Box, 'width' | 'height'>): Sharp =>
  sharp(photo, { limitInputPixels: photoPixelsMax }).resize(width, height, { fit: 'cover', position: 'attention' });

/** A photo for the camera to move over. */
export const photoPicture = (photo: Buffer, template: Template, scale: number): Promise<Buffer> =>
  cover(photo, scaled(looks[template].photos, scale * cameraScale))
    .jpeg({ quality: 92, chromaSubsampling: '4:4:4' })
    .toBuffer();

/** A piece with its transparency. */
export const layerPicture = (drawn: string, box: Box, scale: number): Promise<Buffer> => {
  const { width, height } = scaled(box, scale);
  return sharp(Buffer.from(drawn)).resize(width, height, { fit: 'fill' }).png({ compressionLevel: 3 }).toBuffer();
};

/** The whole picture with one photo, as the clip shows it once all words are there. A JPEG. */
export async function sheet(photo: Buffer, drawing: Drawing, template: Template, scale: number): Promise<Buffer> {
  const { ground, photos } = looks[template];
  const place = scaled(photos, scale);
  const size = scaled({ x: 0, y: 0, ...canvas }, scale);
  const pieces: readonly (readonly [Promise<Buffer>, Box])[] = [
    [cover(photo, place).toBuffer(), place],
    [layerPicture(drawing.veil, size, 1), size],
    [layerPicture(drawing.line, lineBox, scale), scaled(lineBox, scale)],
    ...(drawing.price === null
      ? []
      : [[layerPicture(drawing.price, priceBox, scale), scaled(priceBox, scale)] as const]),
  ];
  const layers = await Promise.all(pieces.map(async ([input, { x, y }]) => ({ input: await input, left: x, top: y })));
  return sharp({ create: { width: size.width, height: size.height, channels: 3, background: ground } })
    .composite(layers)
    .jpeg({ quality: 80 })
    .toBuffer();
}
