import { type ComponentChildren, Fragment, options, type VNode } from 'preact';
import { shownText } from './shown-text.js';

/**
 * From now on every text of the page, and every one that appears over it, is one that people can trust. Here and not where texts are
 * shown: a place that forgot it would be one to attack. Values of fields stay as they are.
 */
export function showTextsPlainly(): void {
  const next = options.vnode;
  options.vnode = (vnode) => {
    if (typeof vnode.type === 'string' || vnode.type === Fragment) {
      const props = vnode.props as { children?: ComponentChildren; title?: unknown };
      if (props.children !== undefined) {
        props.children = plainChildren(props.children);
      }
      if (typeof props.title === 'string') {
        props.title = shownText(props.title);
      }
    }
    next?.(vnode as VNode);
  };
}

function plainChildren(children: ComponentChildren): ComponentChildren {
  if (typeof children === 'string') {
    return shownText(children);
  }
  return Array.isArray(children) ? children.map(plainChildren) : children;
}
