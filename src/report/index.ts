/** From a plain report model to the published page's table and Figure 1, in every format. */
export type {
  EnvironmentLine,
  LedgerEntry,
  LedgerStatus,
  ParityRow,
  RepeatValue,
  ReportAnchor,
  ReportCanary,
  ReportCell,
  ReportCellVerdict,
  ReportCheck,
  ReportLedger,
  ReportModel,
  ReportParity,
  ReportReason,
  ReportValidity,
  ReportVariant,
  ReportVerdict,
} from './model.js';
export { fittedBatches, perSample, type PerSample } from './per-sample.js';
export { checkReportModel } from './check.js';
export { summarise, type CellSummary, type ReportSummary, type RowSummary } from './summary.js';
export { markdownTable } from './markdown-table.js';
export { reportMarkdown } from './markdown.js';
export { reportCsv } from './csv.js';
export { REPORT_SCHEMA, reportJson } from './json.js';
export { figureSvg } from './figure.js';
export { figurePng } from './figure-png.js';
export { reportHtml } from './html.js';
export type { PlainTable } from './plain-table.js';
export { plainTableLines } from './markdown-table.js';
export { escapeMarkdown, escapeMarkdownLine } from './escape.js';
export { significant } from './rounding.js';
export { terminalLines } from './terminal-table.js';
export { terminalTable, type TerminalTableOptions } from './terminal.js';
export { writeReport, type ReportPaths } from './write.js';
