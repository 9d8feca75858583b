/** Where the database's own figures are kept, each by the name of its lease table. */
export const NAMESPACE = "Groundwork/Database";
