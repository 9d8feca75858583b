/** A request for a project with all that none goes without. */
export const good = {
  name: "shop",
  environment: "dev",
  type: "spa",
  stack: "vue",
  repository: "https://github.com/a/b",
  email: "a@example.org",
};
