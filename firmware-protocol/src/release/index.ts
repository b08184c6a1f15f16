export * from './archive.ts';
export * from './pack-folder.ts';
export * from './release-fault.ts';
export * from './release-file.ts';
export * from './update-keys.ts';
