/** Whether AWS refused a call by one of these names. */
export const named = (error: unknown, ...names: string[]) => names.includes((error as Error).name);
