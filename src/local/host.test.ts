import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cacheRoot } from './cache.js';
import { checkDisk, checkHost, thisHost, thisMachine } from './host.js';
import { findPython } from './python.js';

describe('the host', () => {
  it.each([
    [{ platform: 'darwin', arch: 'arm64', glibc: undefined }, 'this is darwin arm64'],
    [{ platform: 'linux', arch: 'x64', glibc: undefined }, 'this system has another'],
    [{ platform: 'linux', arch: 'x64', glibc: '2.31' }, 'glibc 2.31 is too old: Triton 2.51 needs 2.35 or newer'],
  ])('%j is refused with the reason', (host, reason) => {
    expect(() => {
      checkHost(host);
    }).toThrow(reason);
  });

  it.each(['2.35', '2.39', '3.0'])('with glibc %s is fine', (glibc) => {
    expect(() => {
      checkHost({ platform: 'linux', arch: 'x64', glibc });
    }).not.toThrow();
  });

  it('says what it is', () => {
    expect(thisHost()).toMatchObject({ platform: process.platform, arch: process.arch });
  });

  it('says what a run may take of it, for a folder that is not there yet as well', async () => {
    const machine = await thisMachine(join(tmpdir(), 'hps-bench-not-there', 'deeper'));
    expect(machine.diskFree).toBeGreaterThan(0);
    expect(machine.memoryAvailable).toBeGreaterThan(0);
    expect(machine.shm).toBeGreaterThanOrEqual(0);
  });

  it('is refused before anything is written when the disk is too small, also for a folder that is not there yet', async () => {
    await expect(checkDisk(join(tmpdir(), 'not', 'there'), 1e18, 'the model')).rejects.toThrow(
      /the model needs 1000000000\.00 GB in .*not\/there, .* GB is free/,
    );
    await expect(checkDisk(tmpdir(), 1, 'a byte')).resolves.toBeUndefined();
  });
});

describe('the search for Python', () => {
  function fakePython(answer: object): string {
    const folder = mkdtempSync(join(tmpdir(), 'hps-bench-python-'));
    const file = join(folder, 'python');
    writeFileSync(file, `#!/bin/sh\necho '${JSON.stringify(answer)}'\n`);
    chmodSync(file, 0o755);
    return file;
  }

  it.each([
    [{ major: 3, minor: 13, library: '/lib', venv: true }, 'is not 3.9 to 3.12'],
    [{ major: 3, minor: 11, library: null, venv: true }, 'has no libpython3.11.so.1.0'],
    [{ major: 3, minor: 11, library: '/lib', venv: false }, 'has no venv module'],
  ])('says of %j why it will not do', (answer, reason) => {
    const file = fakePython({ ...answer, path: 'somewhere/python' });
    try {
      expect(() => findPython({ HPS_BENCH_PYTHON: file })).toThrow(reason);
    } finally {
      rmSync(join(file, '..'), { recursive: true });
    }
  });

  it('says that there is none, and what to install', () => {
    expect(() => findPython({ HPS_BENCH_PYTHON: 'no-such-python' })).toThrow(
      /none found among no-such-python[\s\S]*apt-get install python3/,
    );
  });
});

it('keeps its cache where the user says, else where the system says', () => {
  expect(cacheRoot({ HPS_BENCH_CACHE: '/x' })).toBe('/x');
  expect(cacheRoot({ XDG_CACHE_HOME: '/c' })).toBe('/c/hps-bench');
  expect(cacheRoot({})).toMatch(/\.cache\/hps-bench$/);
});
