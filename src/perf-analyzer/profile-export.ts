/**
 * Reads a `--profile-export-file` document without building it in memory: requests are
 * counted and their latencies summed as they pass. Nanosecond stamps exceed 2^53, so
 * integers are read as bigints.
 */
import type { ProfileExperiment, Reading } from './reading.js';
import { JsonScanner } from './json-scanner.js';
import { emptyReading } from './stdout.js';

/** True when a text begins like a profile export. */
export function looksLikeProfileExport(text: string): boolean {
  return /^\s*\{/.test(text) && /"(?:experiments|experiment|window_boundaries)"\s*:/.test(text);
}

class Latencies {
  count = 0;
  first: bigint | undefined;
  private min: bigint | undefined;
  private max: bigint | undefined;
  private sum: bigint | undefined;

  add(start: bigint | undefined, end: bigint | undefined): void {
    this.count += 1;
    if (start !== undefined && (this.first === undefined || start < this.first)) this.first = start;
    if (start === undefined || end === undefined) return;
    const latency = end - start;
    if (this.min === undefined || latency < this.min) this.min = latency;
    if (this.max === undefined || latency > this.max) this.max = latency;
    this.sum = (this.sum ?? 0n) + latency;
  }

  into(experiment: ProfileExperiment): void {
    experiment.requests = this.count;
    if (this.first !== undefined) experiment.first_request_ns = this.first;
    if (this.min !== undefined) experiment.latency_ns_min = this.min;
    if (this.max !== undefined) experiment.latency_ns_max = this.max;
    if (this.sum !== undefined) experiment.latency_ns_sum = this.sum;
  }
}

function readRequest(scanner: JsonScanner, latencies: Latencies): void {
  let start: bigint | undefined;
  let end: bigint | undefined;
  scanner.object((key) => {
    if (key === 'timestamp') start = scanner.integer();
    else if (key === 'response_timestamps') {
      scanner.array(() => {
        end = scanner.integer() ?? end;
      });
    } else scanner.skip();
  });
  latencies.add(start, end);
}

function readExperiment(scanner: JsonScanner): ProfileExperiment {
  const head: Pick<ProfileExperiment, 'mode' | 'value'> = {};
  const latencies = new Latencies();
  let windows = 0;
  scanner.object((key) => {
    if (key === 'experiment') {
      scanner.object((name) => {
        if (name === 'mode') head.mode = scanner.text();
        else if (name === 'value') head.value = scanner.number();
        else scanner.skip();
      });
    } else if (key === 'requests') {
      scanner.array(() => {
        readRequest(scanner, latencies);
      });
    } else if (key === 'window_boundaries') {
      scanner.array(() => {
        scanner.skip();
        windows += 1;
      });
    } else scanner.skip();
  });
  const experiment: ProfileExperiment = { ...head, requests: 0, window_boundaries: windows };
  latencies.into(experiment);
  return experiment;
}

/** Reads the bytes of a profile export; a cut file gives what came before the cut, with a warning. */
export function readProfileExport(bytes: Buffer): Reading {
  const reading = emptyReading('profile-export');
  const profile: NonNullable<Reading['profile_export']> = { experiments: [] };
  reading.profile_export = profile;
  const scanner = new JsonScanner(bytes);
  scanner.object((key) => {
    if (key === 'experiments') {
      scanner.array(() => {
        profile.experiments.push(readExperiment(scanner));
      });
    } else if (key === 'version') profile.version = scanner.text();
    else if (key === 'service_kind') profile.service_kind = scanner.text();
    else if (key === 'endpoint') profile.endpoint = scanner.text();
    else scanner.skip();
  });
  if (scanner.failure) reading.warnings.push(`the profile export is broken at byte ${scanner.failure.at}: ${scanner.failure.what}`); // prettier-ignore
  return reading;
}
