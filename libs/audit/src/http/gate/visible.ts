/**
 * An answer that its reader may see. Handlers can answer with nothing else, and only the gate makes it (`seal.ts`), where scope,
 * entities, hidden properties and labels are applied. So a new route cannot forget any of them.
 */
export class Visible<out Content> {
  readonly content: Content;
  /** Nothing else has the type by its shape. */
  readonly #isVisible = true;

  protected constructor(content: Content) {
    this.content = content;
  }

  static is(value: unknown): value is Visible<unknown> {
    return typeof value === 'object' && value !== null && #isVisible in value && value.#isVisible;
  }

  /** The same in another form. */
  map<Other>(form: (content: Content) => Other): Visible<Other> {
    return new Visible(form(this.content));
  }
}

/** An answer of any length, made as it is sent. */
export class VisibleStream {
  constructor(
    readonly parts: AsyncIterable<Visible<string>>,
    readonly headers: Readonly<Record<'content-type', string> & Record<string, string>>,
    /** Called when nobody reads any more, at its end or before. */
    readonly closed: () => void = () => undefined,
  ) {}
}
