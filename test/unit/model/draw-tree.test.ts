import { describe, expect, it } from 'vitest';
import { Xoshiro128 } from '#src/core/index.js';
import type { FeatureSpec } from '#src/data/index.js';
import { drawTree, type TreesModel } from '#src/model/index.js';
import { decisionTree } from '#src/train/index.js';
import { expectThrown } from '../../support/expect-thrown.js';
import { models } from './model-files.js';

const byHand = models['forest by hand'] as TreesModel;

const HOSTILE = [
  '</text><script>alert(1)</script>',
  'a"b\\N&amp;',
  '\u202eevil\u0000\n',
  '\uffff',
  '\ud800',
  'x'.repeat(300),
];
const features: FeatureSpec[] = [
  { name: '<b>&"\'\\l</b>', type: 'numeric' },
  { name: 'from "where"\r\n', type: 'categorical', categories: HOSTILE },
];
const hostile = await (() => {
  const generator = new Xoshiro128(1);
  const values = Float32Array.from({ length: 1_200 }, (_, i) =>
    i % 2 === 0 ? generator.nextDouble() : generator.nextBelow(HOSTILE.length),
  );
  const codes = Uint16Array.from({ length: 600 }, (_, i) => (values[2 * i]! * 3 + values[2 * i + 1]!) % 6);
  const params = decisionTree.params({});
  return decisionTree.fit(
    params,
    { nSamples: 600, features, values },
    { classes: [...HOSTILE].sort(), codes },
  );
})();

/** The elements of an SVG, in their order. Fails where tags do not match, or text holds what XML does not allow. */
function elements(svg: string): { name: string; attributes: Record<string, string>; text: string }[] {
  const open: string[] = [];
  const found: { name: string; attributes: Record<string, string>; text: string }[] = [];
  const tag = /<(\/?)([a-zA-Z]+)((?:\s[\w:-]+="[^"<]*")*)(\/?)>|([^<]+)/gy;
  let end = 0;
  for (const [all, closes, name, given, isEmpty, text] of svg.matchAll(tag)) {
    end += all.length;
    if (text !== undefined) {
      expect(text).toMatch(/^(?:[^&]|&(?:amp|lt|gt|quot|#39);)*$/);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: XML does not allow them
      expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]|\p{Cs}/u);
      if (found.length > 0) found[found.length - 1]!.text += text;
    } else if (closes) expect(open.pop()).toBe(name);
    else {
      const attributes = [...given!.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key, value]) => [key!, value!]);
      found.push({ name: name!, attributes: Object.fromEntries(attributes), text: '' });
      if (!isEmpty) open.push(name!);
    }
  }
  expect([end, open]).toEqual([svg.length, []]);
  return found;
}

/** Where the boxes of an SVG are. */
function boxes(svg: string): { x: number; y: number; width: number; height: number }[] {
  const all = elements(svg);
  return all.flatMap(({ name, attributes }, i) => {
    const [, x, y] = /^translate\(([\d.]+) ([\d.]+)\)$/.exec(attributes['transform'] ?? '') ?? [];
    if (name !== 'g' || x === undefined) return [];
    const { width, height } = all[i + 2]!.attributes;
    return [{ x: Number(x), y: Number(y), width: Number(width), height: Number(height) }];
  });
}

describe('drawTree as SVG', () => {
  it('has a box a node, questions and answers in it, and says where yes, no and missing values go', () => {
    const all = elements(drawTree(byHand));
    const texts = (kind: string) =>
      all.flatMap((e) => (e.attributes['class'] === kind ? [e.text.trim()] : []));
    expect(texts('name')).toEqual(['size', 'protocol', 'class 0', 'class 0', 'class 1']);
    expect(texts('line')).toEqual([
      '&lt;= 1',
      'not in {&quot;ftp&quot;}',
      '0: 1',
      '0: 0.5, 1: 0.5',
      '1: 0.75, 0: 0.25',
    ]);
    expect(texts('answer')).toEqual(['yes, missing', 'yes', 'no, missing', 'no']);
    expect(texts('head')).toEqual(['random-forest, tree 0 of 2']);
    expect(texts('quiet')).toEqual(['5 nodes, 3 leaves, depth 2']);
    expect(all[0]!.attributes).toMatchObject({
      role: 'img',
      'aria-label': 'random-forest, tree 0 of 2: 5 nodes, 3 leaves, depth 2',
    });
  });

  it('colours a leaf by its class, the stronger the surer', () => {
    const tints = elements(drawTree(byHand)).flatMap(({ attributes }) =>
      attributes['fill-opacity'] === undefined ? [] : [[attributes['fill'], attributes['fill-opacity']]],
    );
    expect(tints).toEqual([
      ['#0072b2', '0.500'],
      ['#0072b2', '0.100'],
      ['#d55e00', '0.300'],
    ]);
    const [, half] = drawTree(byHand).split('class 0: 0: 0.5, 1: 0.5');
    expect([...half!.matchAll(/width="105.0" height="5" fill="(#\w+)"/g)].map(([, fill]) => fill)).toEqual([
      ...['#0072b2', '#d55e00'],
    ]);
  });

  it('lets no box meet another, or leave the picture', () => {
    const cases = [
      drawTree(hostile),
      drawTree(hostile, { maxDepth: 20 }),
      drawTree(models['random-forest'] as TreesModel, { tree: 2, maxDepth: 9 }),
      drawTree(models['stump'] as TreesModel),
      drawTree(models['forest of many classes'] as TreesModel, { tree: 2 }),
    ];
    for (const svg of cases) {
      const placed = boxes(svg);
      const { width, height } = elements(svg)[0]!.attributes;
      expect(placed.length).toBeGreaterThan(2);
      placed.forEach((a, i) => {
        expect(a.x + a.width).toBeLessThan(Number(width));
        expect(a.y + a.height).toBeLessThan(Number(height));
        for (const b of placed.slice(i + 1)) {
          const apart = Math.abs(a.x - b.x) >= a.width || Math.abs(a.y - b.y) >= a.height;
          expect(apart, JSON.stringify([a, b])).toBe(true);
        }
      });
    }
  });

  it('is by default at most four questions deep, and dashes what goes on', () => {
    const svg = drawTree(hostile);
    expect(new Set(boxes(svg).map(({ x }) => x)).size).toBe(5);
    expect(svg).toMatch(/\d+ below depth 4 not shown/);
    expect(svg).toContain('<rect class="cut"');
    expect(drawTree(hostile, { maxDepth: 200 })).not.toContain('<rect class="cut"');
  });

  it('is light and dark, and takes nothing from elsewhere', () => {
    const svg = drawTree(hostile);
    expect(svg).toContain('@media(prefers-color-scheme:dark){');
    expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(
      /https?:|href|@import|url\((?!#box\))/,
    );
  });

  it('keeps hostile names as text', () => {
    const svg = drawTree(hostile, { maxDepth: 200 });
    const names = new Set(elements(svg).map(({ name }) => name));
    expect([...names].sort()).toEqual(['clipPath', 'g', 'path', 'rect', 'style', 'svg', 'text', 'title']);
    expect(svg).toContain('&lt;script&gt;alert(1)');
    expect(svg).not.toMatch(/\u202e/);
  });
});

describe('drawTree as DOT', () => {
  it('is a graph of the nodes and their answers', () => {
    expect(drawTree(byHand, { format: 'dot' }).split('\n').slice(4)).toEqual([
      '  n0 [label="size\\n<= 1", tooltip="size <= 1 or missing?"];',
      '  n1 [label="protocol\\nnot in {\\"ftp\\"}", tooltip="protocol not in {\\"ftp\\"}?"];',
      '  n0 -> n1 [label="yes, missing"];',
      '  n2 [label="class 0\\n0: 1", tooltip="class 0: 0: 1", fillcolor="#0072b28c"];',
      '  n1 -> n2 [label="yes"];',
      '  n3 [label="class 0\\n0: 0.5, 1: 0.5", tooltip="class 0: 0: 0.5, 1: 0.5", fillcolor="#0072b21a"];',
      '  n1 -> n3 [label="no, missing"];',
      '  n4 [label="class 1\\n1: 0.75, 0: 0.25", tooltip="class 1: 1: 0.75, 0: 0.25", fillcolor="#d55e0053"];',
      '  n0 -> n4 [label="no"];',
      '}',
      '',
    ]);
    expect(drawTree(byHand, { format: 'dot', maxDepth: 1 })).toContain(
      '[label="… 2 leaves below\\n2 × 0", tooltip="… 2 leaves below: 2 × 0", style="rounded,dashed"]',
    );
  });

  it('keeps hostile names within their quotes', () => {
    const dot = drawTree(hostile, { format: 'dot', maxDepth: 200 });
    const quoted = '"(?:[^"\\\\\\n]|\\\\.)*"';
    const attributes = `\\[(?:\\w+=(?:${quoted}|\\w+)(?:, )?)+\\]`;
    const line = new RegExp(`^  (?:graph|node|edge|n\\d+|n\\d+ -> n\\d+) ${attributes};$`);
    const lines = dot.split('\n').slice(1, -2);
    expect(lines.filter((text) => !line.test(text))).toEqual([]);
    expect(dot).toContain('label="\\"<b>&amp;\\\\\\"');
    expect(dot).not.toMatch(/&(?!amp;)/);
    expect(dot).toContain('&amp;amp;');
  });
});

it('a form there is not is refused', () => {
  const error = expectThrown(() => drawTree(byHand, { format: 'png' as 'svg' }), 'INVALID_PARAMETER');
  expect(error.message).toBe(`format must be 'svg' or 'dot', got "png"`);
  expect(expectThrown(() => drawTree(byHand, { tree: -1 }), 'INVALID_PARAMETER').message).toContain('got -1');
});
