import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** A bare Git repository on this disk, and a clone of it to commit from. */
export class Repository {
  /** `file://…`, as Argo CD is told. */
  readonly address: string;
  private readonly clone: string;

  constructor(folder: string) {
    const root = mkdtempSync(join(folder, 'git-'));
    const bare = join(root, 'bench.git');
    this.clone = join(root, 'clone');
    this.address = `file://${bare}`;
    run(root, 'init', '--quiet', '--bare', '--initial-branch=main', bare);
    run(root, 'clone', '--quiet', bare, this.clone);
    run(this.clone, 'checkout', '--quiet', '-B', 'main');
    run(this.clone, 'config', 'user.name', 'test');
    run(this.clone, 'config', 'user.email', 'test@localhost');
  }

  /** Replaces a folder by the files of another, commits and pushes. @returns the commit */
  commit(path: string, from: string, message: string): string {
    const target = join(this.clone, path);
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { recursive: true });
    cpSync(from, target, { recursive: true });
    run(this.clone, 'add', '--all');
    run(this.clone, 'commit', '--quiet', '--message', message);
    run(this.clone, 'push', '--quiet', 'origin', 'main');
    return run(this.clone, 'rev-parse', 'HEAD').trim();
  }
}

function run(folder: string, ...args: string[]): string {
  const environment = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  return execFileSync('git', args, { cwd: folder, encoding: 'utf8', env: environment });
}
