/** The effect of a key; `keys` as they are shown. */
export interface Shortcut {
  readonly keys: readonly string[];
  readonly text: string;
}

export const SHORTCUTS: readonly Shortcut[] = [
  { keys: ['?'], text: 'Show this help' },
  { keys: ['/'], text: 'Search' },
  { keys: ['g', 't'], text: 'Go to the timeline' },
  { keys: ['g', 'a'], text: 'Go to the activity' },
  { keys: ['g', 'c'], text: 'Go to the coverage' },
  { keys: ['j'], text: 'Next entry' },
  { keys: ['k'], text: 'Previous entry' },
  { keys: ['n'], text: 'Show what is new' },
  { keys: ['['], text: 'Previous version, in time travel' },
  { keys: [']'], text: 'Next version, in time travel' },
  { keys: ['d'], text: 'Light, dark, as the system' },
];

/** Longest pause between the two keys of a sequence. */
const SEQUENCE_MS = 1_200;

interface ShortcutActions {
  readonly help: () => void;
  readonly timeline: () => void;
  readonly activity: () => void;
  readonly coverage: () => void;
}

/**
 * Listens for shortcuts. They do nothing while the reader types, holds a modifier, or has a dialog open.
 * @returns stops listening
 */
export function listenForShortcuts(actions: ShortcutActions): () => void {
  let prefix = Number.NEGATIVE_INFINITY;
  const press = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isBusy(event.target))
      return;
    const isSequence = event.timeStamp - prefix < SEQUENCE_MS;
    prefix = event.key === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY;
    const action = isSequence ? afterG(event.key, actions) : single(event.key, actions);
    if (action === undefined) return;
    event.preventDefault();
    action();
  };
  document.addEventListener('keydown', press);
  return () => document.removeEventListener('keydown', press);
}

function afterG(key: string, actions: ShortcutActions): (() => void) | undefined {
  return { t: actions.timeline, a: actions.activity, c: actions.coverage }[key];
}

function single(key: string, actions: ShortcutActions): (() => void) | undefined {
  switch (key) {
    case '?':
      return actions.help;
    case '/':
      return focusSearch;
    case 'j':
      return () => moveFocus(1);
    case 'k':
      return () => moveFocus(-1);
    case 'n':
      return () => document.getElementById('show-arrived')?.click();
    case '[':
      return () => stepVersion(-1);
    case ']':
      return () => stepVersion(1);
    case 'd':
      return () => document.getElementById('theme')?.click();
    default:
      return undefined;
  }
}

function isBusy(target: EventTarget | null): boolean {
  const isTyping =
    target instanceof HTMLElement &&
    target.closest('input:not([type=checkbox]):not([type=range]), textarea, select') !== null;
  return isTyping || document.querySelector('dialog[open]') !== null;
}

function focusSearch(): void {
  const panel = document.querySelector<HTMLElement>('.panel-toggle[aria-expanded=false]');
  const field = document.getElementById('filter-text');
  if (field?.checkVisibility() === false) panel?.click();
  requestAnimationFrame(() => document.getElementById('filter-text')?.focus());
}

function moveFocus(by: number): void {
  const entries = [...document.querySelectorAll<HTMLElement>('.entry')];
  const current = entries.findIndex((entry) => entry.contains(document.activeElement));
  const next = entries[current < 0 ? 0 : current + by];
  (next?.querySelector<HTMLElement>('.entry-toggle') ?? next?.querySelector('a'))?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

/** The slider, if there is one, hears it. */
function stepVersion(by: number): void {
  window.dispatchEvent(new CustomEvent('audit-step', { detail: by }));
}
