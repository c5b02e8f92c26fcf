/** Injection token of the viewer's options with its folder; null when the app wants no viewer. */
export const VIEWER = Symbol('nestjs-mikro-audit:viewer');
