/** Whether AWS refused a call with an error of one of these names. */
export const named = (error: unknown, ...names: string[]) => names.includes((error as Error).name);
