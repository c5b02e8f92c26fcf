import { type EntityMetadata, type EntityProperty, ReferenceKind } from '@mikro-orm/core';
import { propertiesOf } from './metadata-properties.js';
import type { MaskKind, PolicyDeclaration } from './policy-declaration.js';

/** Finds what is declared of a class and its base classes; undefined when nothing is. */
export type DeclarationLookup = (entityClass: object) => PolicyDeclaration | undefined;

/** A property on the way from the entity to a member of its embeddables. */
interface LineageLink {
  readonly prop: EntityProperty;
  /** The name in the class that declares it. */
  readonly member: string;
  /** The rules of the embeddable classes that may declare it; empty on the entity itself. */
  readonly embeddables: readonly PolicyDeclaration[];
}

/** An embedded property with its embeddables, outermost first; any other property alone. */
export class PropertyLineage {
  private readonly links: readonly LineageLink[];

  constructor(
    meta: EntityMetadata,
    private readonly prop: EntityProperty,
    private readonly declaration: PolicyDeclaration,
    declarationOf: DeclarationLookup,
  ) {
    const links: LineageLink[] = [];
    for (let inner: EntityProperty | undefined = prop; inner; ) {
      const outer: EntityProperty | undefined = inner.embedded && propertiesOf(meta)[inner.embedded[0]];
      links.unshift({
        prop: inner,
        member: inner.embedded?.[1] ?? inner.name,
        embeddables: outer ? embeddableDeclarations(outer, declarationOf) : [],
      });
      inner = outer;
    }
    this.links = links;
  }

  /** The name in the trail: `address.street`. */
  get path(): string {
    return this.links.map(({ member }) => member).join('.');
  }

  get isInsideObject(): boolean {
    return this.links.slice(0, -1).some(({ prop }) => prop.object || prop.array);
  }

  get isIgnored(): boolean {
    return this.links.some(
      ({ prop, member, embeddables }) =>
        this.declaration.ignore.has(prop.name) ||
        embeddables.some(({ ignored, ignore }) => ignored || ignore.has(member)),
    );
  }

  /**
   * The rule of the entity for the property, else for an embeddable around it, else that of the embeddable class for its
   * member. `false` on an embeddable does not open what its class hides.
   */
  mask(isSecret: (name: string) => boolean): MaskKind | null {
    const { prop, declaration } = this;
    const innermostFirst = [...this.links].reverse();
    const own = declaration.mask.get(prop.name);
    const around = first(innermostFirst, ({ prop: link }) => declaration.mask.get(link.name));
    if (own === undefined && around === undefined && declaration.maskAll && !prop.primary) {
      return declaration.maskAll;
    }
    const inClass = first(innermostFirst, ({ member, embeddables }) =>
      first(embeddables, ({ mask, maskAll }) => mask.get(member) ?? maskAll),
    );
    const declared = own ?? (around === false ? (inClass ?? around) : (around ?? inClass));
    if (declared !== undefined) {
      return declared === false ? null : declared;
    }
    const looksSecret = this.links.some(({ prop: link, member }) => link.hidden === true || isSecret(member));
    return looksSecret && !prop.primary ? 'redact' : null;
  }
}

/** The rules of the classes of an embedded property; a polymorphic one has several. */
export function embeddableDeclarations(
  prop: EntityProperty,
  declarationOf: DeclarationLookup,
): readonly PolicyDeclaration[] {
  if (prop.kind !== ReferenceKind.EMBEDDED) {
    return [];
  }
  const classes: unknown[] = [prop.embeddable, prop.target].flat();
  return [...new Set(classes)].flatMap((type) =>
    typeof type === 'function' ? (declarationOf(type) ?? []) : [],
  );
}

function first<Item, Found>(
  items: readonly Item[],
  find: (item: Item) => Found | undefined,
): Found | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}
