import { useEffect } from 'preact/hooks';
import { usePreference } from '../state/preference.js';
import { Icon } from './icon.js';

const THEMES = ['auto', 'light', 'dark'] as const;
const ICONS = { auto: 'auto', light: 'sun', dark: 'moon' } as const;
const TEXTS = { auto: 'as the system', light: 'light', dark: 'dark' } as const;

/** Light, dark, or as the system has it. */
export function ThemeButton() {
  const [kept, setKept] = usePreference('theme', 'auto');
  const theme = THEMES.find((one) => one === kept) ?? 'auto';
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  const next = (): void => setKept(THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'auto');
  return (
    <button
      type="button"
      id="theme"
      class="quiet-button"
      onClick={next}
      aria-label={`Colors: ${TEXTS[theme]}. Change`}
      title={`Colors: ${TEXTS[theme]}`}
    >
      <Icon name={ICONS[theme]} />
    </button>
  );
}
