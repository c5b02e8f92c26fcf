import { useEffect, useState } from 'preact/hooks';
import { useViewer } from '../state/viewer-context.js';
import { Icon } from './icon.js';

/** Copies a text. Not there where the browser does not allow it: pages without TLS. */
export function CopyButton({ text, what }: { readonly text: string; readonly what: string }) {
  const { announce } = useViewer();
  const [isDone, setDone] = useState(false);
  useEffect(() => {
    if (!isDone) return;
    const timer = setTimeout(() => setDone(false), 1_500);
    return () => clearTimeout(timer);
  }, [isDone]);
  if (navigator.clipboard === undefined) return null;
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setDone(true);
    announce(`${what} copied`);
  };
  return (
    <button
      type="button"
      class="quiet-button copy"
      aria-label={`Copy ${what}`}
      title={`Copy ${what}`}
      onClick={() => void copy()}
    >
      <Icon name={isDone ? 'check' : 'copy'} />
    </button>
  );
}
