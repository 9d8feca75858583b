/** Bundles the web app into a folder, which is emptied first, and answers the file that `node` starts. */
declare function bundle(folder: string): Promise<string>;
export = bundle;
