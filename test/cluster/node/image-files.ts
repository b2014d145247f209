import { chmodSync, copyFileSync, mkdirSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { EnvironmentError } from '../../../src/local/index.js';

/** Folders of Debian and of the wheels (half of all their files) that only fill the image. */
const NOT_NEEDED = ['var/cache/apt', 'var/lib/apt/lists', 'usr/share/doc', 'usr/share/man', 'usr/share/locale'];
const NOT_NEEDED_WHEELS = ['onnx/backend/test', 'tensorflow/include'];

/**
 * Puts things where NVIDIA's images have them: `/opt/tritonserver`, `perf_analyzer` and Node on PATH.
 * @param work holds `base/` and `programs/`, the two layers
 * @param site where the wheels are, from `work`
 */
export function arrange(work: string, site: string): void {
  for (const folder of NOT_NEEDED) rmSync(join(work, 'base', folder), { recursive: true, force: true });
  for (const folder of NOT_NEEDED_WHEELS) rmSync(join(work, site, folder), { recursive: true, force: true });
  const bin = join(work, 'programs', 'usr', 'local', 'bin');
  const libraries = join(work, 'programs', 'usr', 'local', 'lib', 'hps-bench');
  for (const folder of [bin, libraries, join(work, 'programs', 'opt')]) mkdirSync(folder, { recursive: true });
  copyFileSync(realpathSync(process.execPath), join(bin, 'node'));
  const inImage = `/${relative(join(work, 'programs'), join(work, site))}`;

  const triton = join(work, site, 'pytriton', 'tritonserver');
  const python = /python(\d+\.\d+)/.exec(site)?.[1] ?? '';
  const stub = join(triton, 'backends', 'python', 'triton_python_backend_stub');
  copyFileSync(join(triton, 'python_backend_stubs', python, 'triton_python_backend_stub'), stub);
  symlinkSync(`${inImage}/pytriton/tritonserver`, join(work, 'programs', 'opt', 'tritonserver'));
  symlinkSync(`${inImage}/bin/perf_analyzer`, join(bin, 'perf_analyzer'));
  symlinkSync(`${inImage}/pytriton/tritonserver/bin/tritonserver`, join(bin, 'tritonserver'));
  const programs = [
    join(bin, 'node'),
    stub,
    join(triton, 'bin', 'tritonserver'),
    join(work, site, 'bin', 'perf_analyzer'),
  ];
  for (const file of programs) chmodSync(file, 0o755);

  // The wheel has them under names with a hash.
  const bundled = readdirSync(join(work, site, 'nvidia_pytriton.libs'));
  for (const [pattern, link] of [
    [/^libb64-.*\.so\.0d$/, 'libb64.so.0d'],
    [/^libcudart-.*\.so\.12\./, 'libcudart.so.12'],
  ] as const) {
    const file = bundled.find((name) => pattern.test(name));
    if (file === undefined) throw new EnvironmentError(`the Triton wheel holds no library like ${link}`);
    symlinkSync(`${inImage}/nvidia_pytriton.libs/${file}`, join(libraries, link));
  }
}
