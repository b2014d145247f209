import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheRoot, EnvironmentError } from '../../../src/local/index.js';
import type { Processes } from '../../../src/local/processes.js';
import { PACKAGE_ROOT } from '../../../src/spec/index.js';
import { pythonPath } from '../python.js';
import { arrange } from './image-files.js';

/** Debian with Python; and the same with what the project's programs need: TensorFlow, ONNX Runtime, Triton, perf_analyzer, Node. */
export const IMAGES = { base: 'hps-bench.local/base:1', cpu: 'hps-bench.local/cpu:1' } as const;

const SUITE = 'bookworm';
/** The suite's Python: the wheels are chosen for it, whatever Python this machine has. */
export const PYTHON = '3.11';
const PACKAGES = ['ca-certificates', 'libpython3.11', 'libstdc++6', 'python3'];
const REQUIREMENTS = ['local.txt', 'triton.txt'].map((name) => join(PACKAGE_ROOT, 'requirements', name));
const SOURCES = [...REQUIREMENTS, join(import.meta.dirname, 'image.ts'), join(import.meta.dirname, 'image-files.ts')];

/**
 * An archive with both images, as `ctr images import` takes it, made without a container runtime unless the cache has it:
 * debootstrap's root folder is one layer, the wheels of `requirements/` and this machine's Node another. Needs root.
 * @throws EnvironmentError with the last words of the program that failed
 */
export async function imageArchive(processes: Processes, say: (text: string) => void): Promise<string> {
  const key = createHash('sha256').update(process.version).update(process.arch);
  for (const file of SOURCES) key.update(readFileSync(file));
  const archive = join(cacheRoot(), 'cluster', `images-${key.digest('hex').slice(0, 12)}.tar`);
  if (existsSync(archive)) return archive;

  const work = `${archive}.${process.pid}.partial`;
  const run = async (command: string, ...args: string[]): Promise<void> => {
    const ended = await processes.run({ command, args, environment: { ...process.env, LC_ALL: 'C' }, cwd: work });
    if (ended.code === 0) return;
    throw new EnvironmentError(
      `${command} ended with ${ended.code ?? ended.signal ?? '?'}:\n  ${ended.tail.join('\n  ')}`,
    );
  };
  mkdirSync(work, { recursive: true });
  try {
    say('making the base of the image with debootstrap');
    await run('debootstrap', '--variant=minbase', `--include=${PACKAGES.join(',')}`, SUITE, 'base');
    say('unpacking TensorFlow and Triton into the image');
    const site = join('programs', 'usr', 'local', 'lib', `python${PYTHON}`, 'dist-packages');
    await run(pythonPath(), ...wheelsInto(site));
    arrange(work, site);
    say('writing the image');
    for (const layer of ['base', 'programs'])
      await run(
        'tar',
        '--numeric-owner',
        '--owner=0',
        '--group=0',
        '--sort=name',
        '-cf',
        `${layer}.tar`,
        '-C',
        layer,
        '.',
      );
    await describeImages(work);
    await run('tar', '-cf', 'images.tar', 'manifest.json', 'base.json', 'cpu.json', 'base.tar', 'programs.tar');
    renameSync(join(work, 'images.tar'), archive);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return archive;
}

function wheelsInto(site: string): string[] {
  const target = ['--target', site, '--python-version', PYTHON, '--implementation', 'cp', '--only-binary', ':all:'];
  const pinned = ['--no-deps', '--require-hashes', ...REQUIREMENTS.flatMap((file) => ['-r', file])];
  return [
    '-m',
    'pip',
    'install',
    '-q',
    '--no-input',
    '--disable-pip-version-check',
    '--no-compile',
    ...target,
    ...pinned,
  ];
}

/** Writes manifest.json and a configuration for each image. A sandbox of a pod runs the base's own command. */
async function describeImages(work: string): Promise<void> {
  const base = await digest(join(work, 'base.tar'));
  const programs = await digest(join(work, 'programs.tar'));
  const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  const images = [
    { name: 'base', layers: ['base.tar'], digests: [base] },
    { name: 'cpu', layers: ['base.tar', 'programs.tar'], digests: [base, programs] },
  ] as const;
  for (const { name, digests } of images) {
    const config = { Env: [`PATH=${path}`, 'LD_LIBRARY_PATH=/usr/local/lib/hps-bench'], Cmd: ['sleep', 'infinity'] };
    const image = { architecture: 'amd64', os: 'linux', config, rootfs: { type: 'layers', diff_ids: digests } };
    writeFileSync(join(work, `${name}.json`), JSON.stringify(image));
  }
  const manifest = images.map(({ name, layers }) => ({
    Config: `${name}.json`,
    RepoTags: [IMAGES[name]],
    Layers: layers,
  }));
  writeFileSync(join(work, 'manifest.json'), JSON.stringify(manifest));
}

async function digest(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return `sha256:${hash.digest('hex')}`;
}
