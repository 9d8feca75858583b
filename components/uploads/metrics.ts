/** Where the mover's own figure is kept, by the function's name. */
export const NAMESPACE = "Groundwork/Uploads";
