import { describe, expect, it } from 'vitest';
import { publishedModel } from '../../test/fixtures/published/page-model.js';
import { incompleteModel, localModel } from '../../test/fixtures/published/sample-models.js';
import { markdownTable } from './markdown-table.js';
import { reportMarkdown } from './markdown.js';

describe('the Markdown report', () => {
  it('contains the table as it stands alone, and the figure with its caption', () => {
    const report = reportMarkdown(localModel());
    expect(report).toContain(markdownTable(localModel()));
    expect(report).toContain('![Figure 1. The DLRM inference latency.](figure1.svg)');
  });

  it('says which deployment was compared with which, and which of them use HPS', () => {
    const report = reportMarkdown(incompleteModel());
    expect(report).toContain(
      '- Native TF (native_tf): without HPS. Embedding table on the CPU, MLP layers on the GPU.',
    );
    expect(report).toContain('- TF with HPS (tf_with_hps): with HPS.');
    expect(report).toContain('Speed-up is Native TF divided by FP16 TRT with HPS');
  });

  it('lists every measurement that has no valid result, with its reason', () => {
    const report = reportMarkdown(incompleteModel());
    expect(report).toContain('44 measurements expected: 39 measured, 1 invalid, 1 failed, 3 missing.');
    expect(report).toContain('| tf_with_hps/32/1/1 | invalid | the log of the server holds an HPS error |');
    expect(report).toContain(
      '| native_tf/131072/1/1 | failed | perf_analyzer left with exit code 99; server closed the connection |',
    );
    expect(report).toContain('| fp16_trt_with_hps/131072/1/1 | missing | no reason recorded |');
  });

  it('shows parity against the limit, so that a deployment above it stands out', () => {
    const report = reportMarkdown(incompleteModel());
    expect(report).toContain('| TF with HPS | 1.9e-6 | 0.18213 | 0.84371 | within the limit |');
    expect(report).toContain('| FP16 TRT with HPS | 0.0213 | 0.18211 | 0.86501 | ABOVE THE LIMIT |');
  });

  it('calls a difference that is not a number above the limit', () => {
    const { parity, ...rest } = localModel();
    const rows = [{ variant: 'onnx_cpu', maxAbsDifference: Number.NaN, scoreMin: 0.2, scoreMax: 0.7 }];
    const report = reportMarkdown({
      ...rest,
      parity: { reference: 'native_tf', requests: 4, limit: 1, ...parity, rows },
    });
    expect(report).toContain('| ONNX Runtime (CPU) | not a number | 0.2 | 0.7 | ABOVE THE LIMIT |');
  });

  it('gives what the client saw, when that was recorded', () => {
    const report = reportMarkdown(localModel());
    expect(report).toContain('| 32 | 26,490 | 30,534 |');
    expect(report).toContain('| 32 | Native TF | 100 | 1198 | 1178 | 1396 | - |');
    expect(report).toContain('| 32 | 3952 † | 3312 † |');
    expect(reportMarkdown(incompleteModel())).not.toContain('Seen by the client');
  });

  it('marks published numbers as published and measured ones not', () => {
    expect(reportMarkdown(publishedModel('2025-01-02T03:04:05Z'))).toContain('were published by NVIDIA');
    expect(reportMarkdown(localModel())).not.toContain('published');
  });

  it('keeps a hostile note from becoming Markdown or HTML', () => {
    const report = reportMarkdown({ ...localModel(), notes: ['# <b>x</b> | *y*\n- z', '1. [a](b)'] });
    expect(report).toContain('- \\# &lt;b&gt;x&lt;/b&gt; \\| \\*y\\* - z\n- 1\\. \\[a\\](b)\n');
  });
});
