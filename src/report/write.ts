import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cellsCsv } from './cells-csv.js';
import { reportCsv } from './csv.js';
import { figureSvg } from './figure.js';
import { figurePng } from './figure-png.js';
import { reportHtml } from './html.js';
import { reportJson } from './json.js';
import { reportMarkdown } from './markdown.js';
import type { ReportModel } from './model.js';

export interface ReportPaths {
  markdown: string;
  html: string;
  csv: string;
  cells: string;
  json: string;
  svg: string;
  png: string;
}

/**
 * Writes the seven files of a report into `directory`, which is made if it is absent, and returns their paths. Everything is
 * rendered before the first byte is written, and each file appears under its name only when it is whole.
 * Throws what rendering throws, or the file system's error; temporary files are removed in either case.
 */
export async function writeReport(directory: string, model: ReportModel): Promise<ReportPaths> {
  const contents: Record<keyof ReportPaths, [string, string | Buffer]> = {
    markdown: ['report.md', reportMarkdown(model)],
    html: ['report.html', reportHtml(model)],
    csv: ['report.csv', reportCsv(model)],
    cells: ['cells.csv', cellsCsv(model)],
    json: ['report.json', reportJson(model)],
    svg: ['figure1.svg', figureSvg(model)],
    png: ['figure1.png', figurePng(model)],
  };
  await mkdir(directory, { recursive: true });
  const paths = Object.fromEntries(Object.entries(contents).map(([kind, [name]]) => [kind, join(directory, name)]));
  for (const [name, content] of Object.values(contents)) await replaceFile(join(directory, name), content);
  return paths as unknown as ReportPaths;
}

async function replaceFile(path: string, content: string | Buffer): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, content);
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}
