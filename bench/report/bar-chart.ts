/** One bar. */
interface Bar {
  readonly label: string;
  readonly value: number;
}

/** Bars that belong together, such as those of one operation. */
interface BarGroup {
  readonly label: string;
  readonly bars: readonly Bar[];
}

export interface BarChart {
  readonly title: string;
  readonly groups: readonly BarGroup[];
  /** Longer bars are cut here, and say so. */
  readonly limit: number;
}

const WIDTH = 860;
const LEFT = 110;
const RIGHT = 70;
const BAR = 13;
const GAP = 16;
const TOP = 78;
/** Distinguishable for everyone, and on light and dark ground. */
const COLORS = ['#0072b2', '#d55e00', '#cc79a7', '#009e73', '#999999'];

/** Horizontal bars from 1 (costs nothing) on, as SVG. */
export function barChart({ title, groups, limit }: BarChart): string {
  const labels = [...new Set(groups.flatMap(({ bars }) => bars.map(({ label }) => label)))];
  const colorOf = (label: string) => COLORS[labels.indexOf(label) % COLORS.length];
  const scale = (WIDTH - LEFT - RIGHT) / (limit - 1);
  const parts: string[] = [];
  let y = TOP;
  for (const { label, bars } of groups) {
    parts.push(text(LEFT - 8, y + (bars.length * BAR) / 2 + 4, label, 'end'));
    for (const bar of bars) {
      const length = Math.max(1, (Math.min(bar.value, limit) - 1) * scale);
      const value = bar.value.toFixed(2) + (bar.value > limit ? ' →' : '');
      parts.push(
        `<rect x="${LEFT}" y="${y}" width="${length.toFixed(1)}" height="${BAR - 2}" fill="${colorOf(bar.label)}"/>`,
        text(LEFT + length + 4, y + BAR - 3, value, 'start', 10),
      );
      y += BAR;
    }
    y += GAP;
  }
  const legend = labels.map((label, index) => {
    const x = 12 + (index % 3) * 280;
    const row = 36 + Math.floor(index / 3) * 18;
    return `<rect x="${x}" y="${row}" width="11" height="11" fill="${colorOf(label)}"/>${text(x + 16, row + 10, label)}`;
  });
  const axis = `<line x1="${LEFT}" x2="${LEFT}" y1="${TOP - 4}" y2="${y - GAP + 4}" stroke="#777"/>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y}" viewBox="0 0 ${WIDTH} ${y}" role="img" aria-label="${escaped(title)}">`,
    `<rect width="${WIDTH}" height="${y}" fill="#ffffff"/>`,
    text(12, 20, title, 'start', 14),
    ...legend,
    axis,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function text(x: number, y: number, content: string, anchor = 'start', size = 12): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" font-family="sans-serif" font-size="${size}" fill="#222" text-anchor="${anchor}">${escaped(content)}</text>`;
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
