import { useState } from 'preact/hooks';
import { toProblem } from '../api/problem.js';
import { saveAs } from '../api/save-as.js';
import type { Seal } from '../model/trail.js';
import { useViewer } from '../state/viewer-context.js';
import { Icon } from './icon.js';
import { TimeStamp } from './time-stamp.js';

interface SealNoteProps {
  /** Of the change whose proof is offered, or of a revision without changes. */
  readonly id: string;
  /** Undefined where the trail is not sealed; then nothing is shown. */
  readonly seal: Seal | undefined;
}

/** How a change is sealed, and its proof to take along. */
export function SealNote({ id, seal }: SealNoteProps) {
  if (seal === undefined) return null;
  const { position, sealed, checkpoint } = seal;
  return (
    <p class={checkpoint === null ? 'seal' : 'seal seal-covered'}>
      <Icon name={checkpoint === null ? 'lock' : 'check'} />
      <span>
        {!sealed && 'Not sealed yet'}
        {sealed && `Sealed, position ${position?.toLocaleString()}, `}
        {sealed && checkpoint === null && 'not yet covered by a checkpoint'}
        {checkpoint !== null && (
          <>
            covered by the checkpoint of {checkpoint.size.toLocaleString()} from{' '}
            <TimeStamp instant={checkpoint.publishedAt} as="value" /> <ProofLink id={id} />
          </>
        )}
      </span>
    </p>
  );
}

function ProofLink({ id }: { readonly id: string }) {
  const { api, announce, settings } = useViewer();
  const [status, setStatus] = useState('');
  const path = `changes/${encodeURIComponent(id)}/proof`;
  const download = async (event: MouseEvent): Promise<void> => {
    // Without headers of the app the browser downloads by itself.
    if (settings.hook === undefined) return;
    event.preventDefault();
    setStatus('');
    try {
      const response = await api.open(path, undefined, { accept: '*/*' });
      saveAs(await response.blob(), `change-${id}.tlog-proof`);
      announce('Proof downloaded');
    } catch (error) {
      setStatus(toProblem(error).message);
    }
  };
  return (
    <>
      <a class="proof-link" href={api.url(path)} download onClick={(event) => void download(event)}>
        Download the proof<span class="visually-hidden"> of change {id}</span>
      </a>
      {status !== '' && <span role="status">{status}</span>}
    </>
  );
}
