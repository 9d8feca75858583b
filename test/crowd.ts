/** How many at once, or how many cases: enough to find the fault in npm test's time, and as many as are promised with CROWDS=1 (nightly). */
export const crowd = (usual: number, promised: number): number => (process.env["CROWDS"] ? promised : usual);
