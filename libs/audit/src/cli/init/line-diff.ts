/** A line that stays, comes or goes. */
export interface DiffLine {
  readonly sign: ' ' | '+' | '-';
  readonly text: string;
}

/** The lines that come and go, with the line before and after each group of them. */
export function lineDiff(before: string, after: string): readonly DiffLine[] {
  const [old, now] = [before.split(/\r?\n/), after.split(/\r?\n/)];
  const lines: DiffLine[] = [];
  let [at, to] = [0, 0];
  while (at < old.length || to < now.length) {
    const [gone, come] = nextEqual(old.slice(at), now.slice(to));
    lines.push(...old.slice(at, at + gone).map((text) => ({ sign: '-', text }) as const));
    lines.push(...now.slice(to, to + come).map((text) => ({ sign: '+', text }) as const));
    at += gone;
    to += come;
    const text = old[at];
    if (text !== undefined) {
      lines.push({ sign: ' ', text });
      at++;
      to++;
    }
  }
  return lines.filter((_, index) =>
    lines.slice(Math.max(index - 1, 0), index + 2).some(({ sign }) => sign !== ' '),
  );
}

/** How many lines go and come until both texts have the same line. */
function nextEqual(old: readonly string[], now: readonly string[]): readonly [number, number] {
  for (let distance = 0; distance < old.length + now.length; distance++) {
    for (let gone = 0; gone <= distance; gone++) {
      const come = distance - gone;
      if (gone < old.length && come < now.length && old[gone] === now[come]) {
        return [gone, come];
      }
    }
  }
  return [old.length, now.length];
}
