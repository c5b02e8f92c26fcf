/**
 * The anchors that GitHub and VitePress give to headings: of those that differ by capitals only, the second one gets a number.
 * @param {readonly string[]} headings all of a page, in its order
 * @returns {ReadonlyMap<string, string>}
 */
export function headingAnchors(headings) {
  const seen = new Map();
  const entries = headings.map((heading) => {
    const own = anchorOf(heading);
    const before = seen.get(own) ?? 0;
    seen.set(own, before + 1);
    return /** @type {const} */ ([heading, before === 0 ? own : `${own}-${before}`]);
  });
  return new Map(entries);
}

function anchorOf(heading) {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');
}
