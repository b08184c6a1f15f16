import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Stages the package as others would install it: compiled JavaScript with types, its bins, its README. The workspace runs from source, and Node
 * does not strip types inside `node_modules`, so a package has to carry what was compiled.
 */
const here = dirname(fileURLToPath(import.meta.url));
const stage = join(here, 'dist', 'package');

interface Manifest {
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string>>;
  readonly private?: boolean;
}

const compiled = (source: string): string => source.replace('./src/', './dist/').replace(/\.ts$/, '.js');
const typesOf = (source: string): string => compiled(source).replace(/\.js$/, '.d.ts');

function stagedManifest({ private: _, exports, ...manifest }: Manifest): object {
  const targets = Object.entries(exports).map(([path, source]) => [
    path,
    { types: typesOf(source), default: compiled(source) },
  ]);
  return { ...manifest, engines: { node: '>=22.22.0' }, exports: Object.fromEntries(targets), files: ['bin', 'dist'] };
}

function compile(): void {
  const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
  execFileSync(process.execPath, [join(typescript, 'bin', 'tsc'), '-p', join(here, 'tsconfig.pack.json')], {
    stdio: ['ignore', 2, 2],
  });
}

/** A bin of the workspace loads a source; a staged one loads what was compiled of it. */
function stageBin(path: string): void {
  const text = readFileSync(join(here, path), 'utf8');
  writeFileSync(join(stage, path), text.replace(/'\.\.\/src\/(.+)\.ts'/, "'../dist/$1.js'"), { mode: 0o755 });
}

rmSync(stage, { recursive: true, force: true });
mkdirSync(join(stage, 'bin'), { recursive: true });
compile();
cpSync(join(here, 'src', 'sim', 'page'), join(stage, 'dist', 'sim', 'page'), { recursive: true });
const manifest = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8')) as Manifest;
writeFileSync(join(stage, 'package.json'), `${JSON.stringify(stagedManifest(manifest), undefined, 2)}\n`);
for (const bin of Object.values(manifest.bin)) stageBin(bin);
cpSync(join(here, 'README.md'), join(stage, 'README.md'));
cpSync(join(here, '..', 'LICENSE'), join(stage, 'LICENSE'));
console.log(stage);
