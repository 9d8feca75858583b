/** The namespace of the database's own metrics; the name of the lease table is the dimension. */
export const NAMESPACE = "Groundwork/Database";
