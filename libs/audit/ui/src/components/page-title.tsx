import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { useViewer } from '../state/viewer-context.js';
import { shownText } from '../values/shown-text.js';

interface PageTitleProps {
  /** Of the window and, unless there are children, of the page. */
  readonly title: string;
  readonly children?: ComponentChildren;
}

/** The heading of a page. After a move to another page it has the focus, so that reading goes on there. */
export function PageTitle({ title, children }: PageTitleProps) {
  const { settings } = useViewer();
  useEffect(() => {
    document.title = `${shownText(title)} · ${settings.title ?? 'Audit trail'}`;
  }, [title, settings.title]);
  return (
    <h1 class="page-title" id="page-title" tabIndex={-1}>
      {children ?? title}
    </h1>
  );
}
