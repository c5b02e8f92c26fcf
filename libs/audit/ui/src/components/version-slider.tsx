import { useEffect } from 'preact/hooks';
import type { ChangeWithRevision } from '../model/trail.js';
import { useViewer } from '../state/viewer-context.js';
import { absoluteTime } from '../time/relative-time.js';
import { actorName } from '../values/actor-face.js';
import { Icon } from './icon.js';

interface VersionSliderProps {
  /** Oldest first, at least one. */
  readonly versions: readonly ChangeWithRevision[];
  readonly index: number;
  readonly onMove: (index: number) => void;
}

/** Walks through the versions of an entity; a native slider, so arrows, Home and End work. */
export function VersionSlider({ versions, index, onMove }: VersionSliderProps) {
  const { timeZone } = useViewer();
  const last = versions.length - 1;
  const revision = versions[index]?.revision;
  useEffect(() => {
    const step = (event: Event): void => {
      const by = (event as CustomEvent<number>).detail;
      onMove(Math.min(last, Math.max(0, index + by)));
    };
    window.addEventListener('audit-step', step);
    return () => window.removeEventListener('audit-step', step);
  }, [index, last, onMove]);
  const spoken =
    revision === undefined
      ? ''
      : `Version ${index + 1} of ${versions.length}, ${absoluteTime(revision.recordedAt, timeZone)}, ${actorName(revision.actor)}`;
  return (
    <div class="slider">
      <button
        type="button"
        class="button"
        aria-label="Previous version"
        disabled={index === 0}
        onClick={() => onMove(index - 1)}
      >
        <Icon name="left" />
      </button>
      <div class="slider-track">
        <input
          type="range"
          min={0}
          max={last}
          value={index}
          aria-label="Version"
          aria-valuetext={spoken}
          disabled={last === 0}
          onInput={(event) => onMove(Number(event.currentTarget.value))}
        />
        {last > 0 && last <= 60 && (
          <div class="slider-ticks" aria-hidden="true">
            {versions.map((version, position) => (
              <span
                key={version.id}
                class={`slider-tick tick-${version.operation} ${position === index ? 'tick-current' : ''}`}
              />
            ))}
          </div>
        )}
      </div>
      <button
        type="button"
        class="button"
        aria-label="Next version"
        disabled={index === last}
        onClick={() => onMove(index + 1)}
      >
        <Icon name="chevron" />
      </button>
    </div>
  );
}
