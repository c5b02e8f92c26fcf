import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { headingAnchors } from '../../docs/heading-anchors.mjs';
import { PROJECT } from '../support/project-paths.js';

/** A fenced block of a Markdown file. */
export interface FencedBlock {
  /** Relative to the project. */
  readonly file: string;
  readonly line: number;
  /** `ts`, `sh`, `json`; empty when none is given. */
  readonly language: string;
  readonly text: string;
  /** The content of `<!-- sample: file#region -->` on the line before; null when there is none. */
  readonly sample: string | null;
}

const ROOT_FILES = [
  'README.md',
  'ARCHITECTURE.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'libs/audit/README.md',
  'examples/README.md',
  'examples/nest-11-express/README.md',
  'examples/nest-12-fastify/README.md',
  'examples/tenants/README.md',
];

/** The Markdown files that people read, relative to the project. */
export async function markdownFiles(): Promise<readonly string[]> {
  const docs = await readdir(join(PROJECT, 'docs'), { recursive: true });
  const inDocs = docs.filter((name) => name.endsWith('.md')).map((name) => join('docs', name));
  return [...ROOT_FILES, ...inDocs.sort()];
}

export function readProjectFile(file: string): string {
  return readFileSync(join(PROJECT, file), 'utf8');
}

export function fencedBlocks(file: string): readonly FencedBlock[] {
  const lines = readProjectFile(file).split('\n');
  const blocks: FencedBlock[] = [];
  let open: { line: number; language: string } | undefined;
  for (const [index, line] of lines.entries()) {
    const fence = /^```(\S*)$/.exec(line);
    if (!fence) {
      continue;
    }
    if (!open) {
      open = { line: index, language: fence[1] ?? '' };
      continue;
    }
    const sample = /^<!-- sample: (\S+) -->$/.exec(lines[open.line - 1] ?? '')?.[1] ?? null;
    const text = lines.slice(open.line + 1, index).join('\n');
    blocks.push({ file, line: open.line + 1, language: open.language, text, sample });
    open = undefined;
  }
  return blocks;
}

/** A region of a file in docs/samples, without the markers of regions inside it; the whole file when none is named. */
export function sampleText(sample: string): string {
  const [file = '', region] = sample.split('#');
  const lines = readProjectFile(join('docs/samples', file)).trimEnd().split('\n');
  const isMarker = (line: string) => /^\s*\/\/ #(?:end)?region\b/.test(line);
  if (region === undefined) {
    return lines.filter((line) => !isMarker(line)).join('\n');
  }
  const start = lines.findIndex((line) => line.trim() === `// #region ${region}`);
  let depth = 1;
  const end = lines.findIndex((line, index) => {
    if (start >= 0 && index > start && isMarker(line)) {
      depth += line.includes('#endregion') ? -1 : 1;
    }
    return depth === 0;
  });
  if (start < 0 || end < 0) {
    throw new Error(`docs/samples/${file} has no region "${region}".`);
  }
  const inside = lines.slice(start + 1, end).filter((line) => !isMarker(line));
  const indents = inside.filter((line) => line !== '').map((line) => /^ */.exec(line)?.[0].length ?? 0);
  return inside
    .map((line) => line.slice(Math.min(...indents)))
    .join('\n')
    .trim();
}

/** Links of a Markdown file to other files and to headings, as they are written. */
export function localLinks(file: string): readonly string[] {
  const text = readProjectFile(file).replace(/^```[\s\S]*?^```$/gm, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** Where a link of `file` leads, relative to the project. */
export function linkTarget(file: string, link: string): { readonly path: string; readonly anchor: string } {
  const [path = '', anchor = ''] = link.split('#');
  return { path: path === '' ? file : relative(PROJECT, join(PROJECT, dirname(file), path)), anchor };
}

/** The anchors of the headings of a Markdown file. */
export function anchorsOf(file: string): ReadonlySet<string> {
  const text = readProjectFile(file).replace(/^```[\s\S]*?^```$/gm, '');
  const headings = [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => heading);
  return new Set(headingAnchors(headings).values());
}
