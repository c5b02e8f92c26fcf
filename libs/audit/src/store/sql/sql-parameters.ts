/** Collects the values of a statement and gives their placeholders. */
export class SqlParameters {
  private readonly collected: unknown[] = [];

  get values(): readonly unknown[] {
    return this.collected;
  }

  /** The placeholder of a value, such as `$3::text`. */
  add(value: unknown, type: string): string {
    return `$${this.collected.push(value)}::${type}`;
  }

  /** The placeholder of a JSON value. */
  json(value: unknown): string {
    return this.add(JSON.stringify(value), 'jsonb');
  }
}
