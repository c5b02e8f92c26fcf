import { useState } from 'preact/hooks';
import { Icon } from './icon.js';
import { RestoreDialog, type RestoreTarget } from './restore-dialog.js';

/** Opens the plan of a restore; nothing happens before the reader has seen and confirmed it. */
export function RestoreButton({ text, ...target }: RestoreTarget & { readonly text: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="button" onClick={() => setOpen(true)}>
        <Icon name="back" /> {text}
      </button>
      {isOpen && <RestoreDialog {...target} onClose={() => setOpen(false)} />}
    </>
  );
}
