export { cellKey, historyLines, type HistoryLine } from './changes.js';
export { answerCsv, answerJson, answerText } from './answer-text.js';
export { openHistory } from './database.js';
export { readHistory } from './history.js';
export { historyCsv, historyText } from './history-text.js';
export { partialOf, query, queryToParquet, type Answer } from './query.js';
export { scanResults } from './scan.js';
