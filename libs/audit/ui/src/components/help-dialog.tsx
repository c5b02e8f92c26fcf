import { SHORTCUTS } from '../state/shortcuts.js';
import { Modal } from './modal.js';

interface HelpDialogProps {
  readonly areShortcutsOn: boolean;
  readonly onToggle: () => void;
  readonly onClose: () => void;
}

/** The shortcuts; single keys can be switched off, because they get in the way of speech input. */
export function HelpDialog({ areShortcutsOn, onToggle, onClose }: HelpDialogProps) {
  return (
    <Modal title="Keyboard shortcuts" onClose={onClose}>
      <div class="modal-body">
        <dl class="shortcuts">
          {SHORTCUTS.map(({ keys, text }) => (
            <div key={text} class="shortcut">
              <dt>
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
        <label class="check">
          <input type="checkbox" checked={areShortcutsOn} onChange={onToggle} />
          <span>Use shortcuts</span>
        </label>
      </div>
    </Modal>
  );
}
