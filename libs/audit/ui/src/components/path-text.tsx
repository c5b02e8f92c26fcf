import { Fragment } from 'preact';

/** The path of a property; where there is little room it breaks behind its dots. */
export function PathText({ path }: { readonly path: string }) {
  return (
    <>
      {path.split(/(?<=\.)/).map((part, index) => (
        <Fragment key={index}>
          {index > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </>
  );
}
