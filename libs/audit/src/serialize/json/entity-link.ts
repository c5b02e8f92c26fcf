/** Stands for a MikroORM entity, or reference to one, inside a value: the trail keeps which one it was. */
export class EntityLink {
  constructor(
    /** Class name of the entity at the time of recording; null when it could not be read. */
    readonly className: string | null,
    /** Primary key, an object by property name when it is composite; null when it had none yet. */
    readonly primaryKey: unknown,
  ) {}
}
