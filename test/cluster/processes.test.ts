import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { processesWith } from '../local/kit.js';
import { makeFolder, removeFolder } from './folder.js';

let started: ChildProcess | undefined;

/** `npm run cluster:up`, as a process of its own. @returns the cluster's folder, once it is ready */
function up(): Promise<string> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'up.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started = child;
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => {
      reject(new Error(`ended with ${String(code)} before it was ready`));
    });
    child.stdout.on('data', (data: Buffer) => {
      const file = /KUBECONFIG=(\S+)/.exec(data.toString())?.[1];
      if (file !== undefined) resolve(dirname(file));
    });
  });
}

async function ended(signal: NodeJS.Signals): Promise<void> {
  const gone = new Promise((resolve) => started?.once('exit', resolve));
  started?.kill(signal);
  await gone;
}

const programsOf = (folder: string) => processesWith(folder).filter(({ command }) => !command.includes('tied.py'));

/** Local addresses of a process's listening sockets, in the kernel's hexadecimal form. */
function listeningAddresses(pid: number): string[] {
  const own = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return [/^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? ''];
      } catch {
        return []; // closed meanwhile
      }
    }),
  );
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => state === '0A' && own.has(inode ?? ''))
      .map(([, local = '']) => local.replace(/:.*/, '')),
  );
}

afterEach(() => {
  started?.kill('SIGKILL');
});

describe('the programs of a cluster', () => {
  it('listen on loopback only, and end with whoever started them, even when that is killed', async () => {
    const folder = await up();
    const programs = programsOf(folder);
    expect(programs).toHaveLength(5);
    // 127.0.0.1, also as a mapped address of IPv6.
    const addresses = programs.flatMap(({ pid }) => listeningAddresses(pid));
    expect(addresses.length).toBeGreaterThanOrEqual(programs.length);
    expect(addresses.filter((address) => !/^(0{16}F{4}0{4})?0100007F$/i.test(address))).toEqual([]);

    await ended('SIGKILL');
    await expect.poll(() => processesWith(folder), { timeout: 60_000 }).toEqual([]);
    // The folder cannot be removed by one who was killed; the next one does it.
    expect(existsSync(folder)).toBe(true);
    removeFolder(makeFolder());
    expect(existsSync(folder)).toBe(false);
  });

  it('end when they are asked to, and leave no folder', async () => {
    const folder = await up();
    await ended('SIGTERM');
    expect(processesWith(folder)).toEqual([]);
    expect(existsSync(folder)).toBe(false);
  });
});
