/** Stands in everything that another tenant has written. */
export const FOREIGN = 'CANARY-OF-B';
/** Stands in everything that is hidden. */
export const HIDDEN = 'CANARY-HIDDEN';
export const LATER = '2999-01-01T00:00:00Z';
export const EARLIER = '2000-01-01T00:00:00Z';

/** The parameters that a route cannot do without. @param other id of an entity that the reader does not see */
export function neededOf(names: readonly string[], other: number): readonly string[] {
  if (names.includes('at')) {
    return [`at=${LATER}`];
  }
  if (names.includes('by')) {
    return ['by=actor'];
  }
  if (names.includes('to')) {
    return [`from=${EARLIER}`, `to=${LATER}`];
  }
  if (names.includes('timeZone')) {
    return [`from=${EARLIER}`];
  }
  return names.includes('id') && !names.includes('entity') ? ['id=1', `id=${other}`] : [];
}

/** The parameters that a route needs, and beside them each of its parameters with whatever could tell something. */
export function queriesOf(
  names: readonly string[],
  revisions: readonly string[],
  cursor: string,
): readonly string[] {
  const encoded = (query: string) => query.replaceAll(' ', '%20').replaceAll('"', '%22');
  const needed = neededOf(names, 2);
  const foreign = revisions[2] ?? '';
  const tried: Readonly<Record<string, readonly string[]>> = {
    text: [`text=${HIDDEN}`, `text=${FOREIGN}`],
    value: [
      `entity=case&value=title:to:eq:"${HIDDEN} of a"`,
      `entity=case&value=extra.badge:to:eq:"${HIDDEN}"`,
      `entity=case&value=extra.gate:to:eq:"${FOREIGN}"`,
      `entity=client&value=name:to:gte:"${HIDDEN}"`,
    ],
    property: names.includes('entity')
      ? ['entity=case&property=title', 'entity=case&property=extra.badge']
      : ['property=title', 'property=name', 'property=text'],
    id: names.includes('entity') ? ['entity=case&id=2'] : ['id=1&id=2'],
    partOf: ['partOf=case:2'],
    actor: [`actor=user:${FOREIGN}`],
    action: [`action=${FOREIGN}`],
    revisionId: [`revisionId=${foreign}`],
    restoredRevisionId: [`restoredRevisionId=${foreign}`],
    revision: [`revision=${foreign}`],
    populate: ['populate=client,topics,notes'],
    cursor: [`limit=1&cursor=${cursor}`],
    details: ['details=true'],
    where: [`where.title="${HIDDEN} of a"`],
    format: ['format=csv', 'format=ndjson'],
    entity: ['entity=case', 'entity=salary'],
    by: ['by=actor', 'by=action', 'by=entityType', 'by=entity'],
  };
  const each = names.flatMap((name) => tried[name] ?? [`${name}=1`]);
  return ['', ...each].map((query) => {
    const own = new Set(query.split('&').map((pair) => pair.split('=')[0]));
    const rest = needed.filter(
      (pair) => !own.has(pair.split('=')[0]) && !(own.has('revision') && pair.startsWith('at=')),
    );
    return encoded([...rest, query].filter((part) => part !== '').join('&'));
  });
}
