import { mkdtemp, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localModel } from '../../test/fixtures/published/sample-models.js';
import { reportCsv } from './csv.js';
import { figurePng } from './figure-png.js';
import { figureSvg } from './figure.js';
import { reportHtml } from './html.js';
import { reportJson } from './json.js';
import { reportMarkdown } from './markdown.js';
import { writeReport } from './write.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hps-bench-report-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

const NAMES = ['cells.csv', 'figure1.png', 'figure1.svg', 'report.csv', 'report.html', 'report.json', 'report.md'];

describe('writing a report', () => {
  it('writes the seven files into a directory that it makes, and returns their paths', async () => {
    const model = localModel();
    const target = join(directory, 'new', 'report');
    const paths = await writeReport(target, model);
    expect((await readdir(target)).sort()).toEqual(NAMES);
    expect(await readFile(paths.markdown, 'utf8')).toBe(reportMarkdown(model));
    expect(await readFile(paths.html, 'utf8')).toBe(reportHtml(model));
    expect(await readFile(paths.csv, 'utf8')).toBe(reportCsv(model));
    expect(await readFile(paths.json, 'utf8')).toBe(reportJson(model));
    expect(await readFile(paths.svg, 'utf8')).toBe(figureSvg(model));
    expect((await readFile(paths.png)).equals(figurePng(model))).toBe(true);
  });

  it('replaces an older report', async () => {
    await writeReport(directory, { ...localModel(), title: 'older' });
    const paths = await writeReport(directory, localModel());
    expect(await readFile(paths.markdown, 'utf8')).not.toContain('older');
    expect((await readdir(directory)).sort()).toEqual(NAMES);
  });

  it('writes nothing at all when the model is refused', async () => {
    await expect(writeReport(directory, { ...localModel(), baseline: 'nobody' })).rejects.toThrow(
      /baseline is "nobody"/,
    );
    expect(await readdir(directory)).toEqual([]);
  });

  it('leaves no temporary file behind when a file cannot be put in place', async () => {
    await mkdir(join(directory, 'report.md'));
    await expect(writeReport(directory, localModel())).rejects.toThrow();
    expect(await readdir(directory)).toEqual(['report.md']);
  });
});
