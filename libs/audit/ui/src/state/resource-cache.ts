/** Keeps what was loaded, so that going back shows it at once, at the same place. Forgets the oldest. */
export class ResourceCache {
  private readonly values = new Map<string, unknown>();

  constructor(private readonly capacity = 200) {}

  get<T>(key: string): T | undefined {
    return this.values.get(key) as T | undefined;
  }

  set(key: string, value: unknown): void {
    this.values.delete(key);
    this.values.set(key, value);
    for (const oldest of this.values.keys()) {
      if (this.values.size <= this.capacity) return;
      this.values.delete(oldest);
    }
  }

  /** Forgets everything, because it may have changed. */
  clear(): void {
    this.values.clear();
  }
}
