/** The namespace of the mover's own metric; the function's name is the dimension. */
export const NAMESPACE = "Groundwork/Uploads";
