import { useState } from 'preact/hooks';

const SHORT = 320;

/** A text with its line breaks; a long one is folded. */
export function LongText({ text }: { readonly text: string }) {
  const [isOpen, setOpen] = useState(false);
  if (text.length <= SHORT * 1.25) return <span class="text">{text}</span>;
  return (
    <span class="text">
      {isOpen ? text : `${text.slice(0, SHORT)}…`}{' '}
      <button type="button" class="link-button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? 'Show less' : `Show all ${text.length.toLocaleString()} characters`}
      </button>
    </span>
  );
}
