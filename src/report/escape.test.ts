import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../../test/fixtures/published/arbitrary-model.js';
import { cleanText, escapeHtml, escapeMarkdown, escapeMarkdownLine, oneLine } from './escape.js';

const ENTITY: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const decode = (html: string) => html.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITY[name] ?? '');

describe('escaping', () => {
  it('turns any text into HTML without a character that could end a text or an attribute, and back into the same text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const html = escapeHtml(text);
        expect(html).not.toMatch(/[<>"']|&(?!amp;|lt;|gt;|quot;|#39;)/);
        expect(decode(html)).toBe(cleanText(text));
      }),
    );
  });

  it('turns any text into Markdown on one line, without a bare pipe or bracket', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const markdown = escapeMarkdown(text);
        expect(markdown).not.toMatch(/[\r\n<>]/);
        expect(markdown.replace(/\\[\\`*[\]|~$_]/g, '')).not.toMatch(/[\\`*[\]|~$]/);
      }),
    );
  });

  it('keeps underscores inside words and block marks inside lines readable', () => {
    expect(escapeMarkdown('fp16_trt_with_hps')).toBe('fp16_trt_with_hps');
    expect(escapeMarkdown('_x_')).toBe('\\_x\\_');
    expect(escapeMarkdownLine('2.10.0')).toBe('2.10.0');
    expect(escapeMarkdownLine('1. one')).toBe('1\\. one');
    expect(escapeMarkdownLine('---')).toBe('\\---');
  });

  it('makes characters that XML forbids visible instead of dropping them', () => {
    expect(cleanText('a\u0000b\u001b[31m\ud800c')).toBe('a\ufffdb\ufffd[31m\ufffdc');
    expect(cleanText('µs 😀 表\n')).toBe('µs 😀 表\n');
    expect(oneLine(' a\r\n b\u2028c ')).toBe('a b c');
  });
});
