import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Processes } from '../../src/local/processes.js';
import { goPrograms } from './go.js';

/** Programs of Argo CD: one binary, called by name. */
const PROGRAMS = ['argocd-application-controller', 'argocd-applicationset-controller', 'argocd-repo-server'] as const;

/** The folder with Argo CD's programs, from a Go module of its own. @throws EnvironmentError as `goPrograms` */
export function argocdPrograms(processes: Processes, say: (text: string) => void): Promise<string> {
  return goPrograms(
    'argocd',
    {
      module: join(import.meta.dirname, 'argocd'),
      sources: ['go.mod', 'go.sum'],
      // GOBIN is the folder; the program is called after its package, `cmd`.
      arguments: () => ['install', '-trimpath', '-ldflags', '-s -w', 'tool'],
      finish: (folder) => {
        for (const name of PROGRAMS) symlinkSync('cmd', join(folder, name));
      },
    },
    processes,
    say,
  );
}

/** The folder with Kueue's controller, `kueue`, from a Go module of its own. @throws EnvironmentError as `goPrograms` */
export function kueuePrograms(processes: Processes, say: (text: string) => void): Promise<string> {
  return goPrograms(
    'kueue',
    {
      module: join(import.meta.dirname, 'kueue'),
      sources: ['go.mod', 'go.sum'],
      arguments: () => ['install', '-trimpath', '-ldflags', '-s -w', 'tool'],
    },
    processes,
    say,
  );
}
