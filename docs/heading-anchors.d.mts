export declare function headingAnchors(headings: readonly string[]): ReadonlyMap<string, string>;
