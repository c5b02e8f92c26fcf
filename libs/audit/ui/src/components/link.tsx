import type { ComponentChildren } from 'preact';
import type { Route } from '../routing/route.js';
import { useViewer } from '../state/viewer-context.js';

interface LinkProps {
  readonly to: Route;
  readonly query?: URLSearchParams;
  readonly class?: string;
  readonly title?: string;
  readonly current?: boolean;
  readonly label?: string;
  /** Whether Tab stops at it; it does unless told otherwise. */
  readonly isStop?: boolean;
  readonly children: ComponentChildren;
}

/** A link inside of the viewer: a real one, so that it can be copied and opened in a new tab. */
export function Link({ to, query, current, label, isStop = true, children, ...rest }: LinkProps) {
  const { navigation } = useViewer();
  const follow = (event: MouseEvent): void => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigation.go(to, query);
  };
  return (
    <a
      href={navigation.href(to, query)}
      onClick={follow}
      aria-current={current ? 'page' : undefined}
      aria-label={label}
      tabIndex={isStop ? undefined : -1}
      {...rest}
    >
      {children}
    </a>
  );
}
