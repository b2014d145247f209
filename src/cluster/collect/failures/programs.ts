/** What the program itself says: exit codes and last words of jobs/measure.py. */
import { exit, program, waits, type Row } from './facts.js';

export const PROGRAMS: readonly Row[] = [
  {
    kind: 'hps-error',
    fits: exit(4, /\bHPS\b/),
    what: program,
    fix: "read hps-errors.ndjson and Triton's log: after an error HPS answers from an unwritten output, so Triton must be started anew with the cause mended",
  },
  {
    kind: 'parity',
    fits: exit(4, /^parity/),
    what: program,
    fix: 'the variants do not give the same scores: build models and engines anew (delete their artifacts), then look at the largest difference in parity.json',
  },
  {
    kind: 'triton',
    fits: exit(4, /Triton/),
    what: program,
    fix: 'Triton ended or never became ready: read the log of its pod (kubectl logs -l hps-bench/stage=serve --previous) and its memory',
  },
  {
    kind: 'perf-analyzer',
    fits: exit(4, /perf_analyzer/),
    what: program,
    fix: 'the image lacks perf_analyzer or a library of it: use an image that has it (cluster.stages.measure.image)',
  },
  {
    kind: 'disk',
    fits: exit(4, /cannot be written|No space left|Read-only file system|quota/i),
    what: program,
    fix: 'free space on the volume, or make it larger (cluster.storage.size)',
  },
  {
    kind: 'environment',
    fits: exit(4, /.?/),
    what: program,
    fix: 'the node or image cannot do it: see the sentence above',
  },
  {
    kind: 'bad-settings',
    fits: exit(2),
    what: program,
    fix: 'render the manifests again with this release (hps-bench synth) and apply them',
  },
  {
    kind: 'interrupted',
    fits: ({ ended }) => ended?.exitCode === 130 || ended?.exitCode === 143,
    what: program,
    fix: 'it was stopped from outside (drained node, deleted pod); the Job makes another pod, which goes on from the volume',
  },
  {
    kind: 'killed',
    fits: ({ ended }) => ended?.exitCode === 137,
    what: ({ said }) => `killed (code 137, SIGKILL)${said === '' ? '' : `: ${said}`}`,
    fix: 'out of memory of the node, or killed after its grace period: look at the events of the node',
  },
  {
    kind: 'program-fault',
    fits: exit(1),
    what: program,
    fix: 'a fault of measure.py itself: report it with the log',
  },
  {
    kind: 'crash-loop',
    fits: waits('CrashLoopBackOff'),
    what: ({ sentence, said }) => `CrashLoopBackOff: ${said || sentence}`,
    fix: 'the container ends again and again: read its last log (kubectl logs --previous)',
  },
];
