import { useCallback, useState } from 'preact/hooks';

const PREFIX = 'nestjs-mikro-audit.';

/** The choice of the reader in this browser; null when nothing, or when the browser keeps nothing. */
export function readPreference(name: string): string | null {
  try {
    return window.localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

/** A choice that this browser remembers, as far as it may. */
export function usePreference(name: string, standard: string): [value: string, set: (value: string) => void] {
  const [value, setValue] = useState(() => readPreference(name) ?? standard);
  const set = useCallback(
    (next: string) => {
      setValue(next);
      try {
        window.localStorage.setItem(PREFIX + name, next);
      } catch {
        // Private windows may refuse; the choice then holds until the page is closed.
      }
    },
    [name],
  );
  return [value, set];
}
