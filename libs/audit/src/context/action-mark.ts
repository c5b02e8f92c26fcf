const ACTION = Symbol('nestjs-mikro-audit:action');

/** Notes on a method which action it is. */
export function markAction<Method extends object>(method: Method, action: string): Method {
  return Object.defineProperty(method, ACTION, { value: action, configurable: true });
}

/** The action that a method was given; null for one without. */
export function actionOf(method: object): string | null {
  return (method as { readonly [ACTION]?: string })[ACTION] ?? null;
}
