// What the provisioner's API answers a page that only has to look right; test/provisioner/console.test.ts asks the real one.
export const project = (id: string, state: string, more: object = {}) => ({
  ...{
    id,
    name: `shop-${id}`,
    environment: "prod",
    state,
    monthlyPrice: 52.4,
    unit: "retail",
    moving: false,
  },
  ...{
    type: "dynamic",
    stack: "node",
    repository: "https://github.com/example/a-rather-long-name-of-a-repository",
  },
  ...{ branch: "main", ownerEmail: "team@example.org", askedBy: "team@example.org", over: false },
  stages: {
    approve: { state: "done", at: "2026-11-20T10:00:00.000Z", endedAt: "2026-11-20T10:05:00.000Z" },
    create: { state: "failed", at: "2026-11-20T10:05:00.000Z", reason: "The repository has no package.json" },
  },
  ...more,
});

export const PROJECTS_API: Record<string, [status: number, body: object]> = {
  "/console/api/quota": [200, { unit: "retail", quota: 500, committed: 120, reserved: 52.4, left: 327.6 }],
  "/console/api/catalogue": [
    200,
    {
      kinds: { spa: { react: { dev: 1.5, stag: 1.5, prod: 3 } } },
      about: { spa: { react: { template: "static", starter: "https://git.example.org/react" } } },
    },
  ],
  "/console/api/projects": [
    200,
    {
      projects: [
        project("aaaaaaaaaa", "available", { url: "https://shop.example.com" }),
        project("bbbbbbbbbb", "failed", { failure: { step: "create", reason: "no package.json" } }),
        project("cccccccccc", "deleted", { over: true }),
      ],
    },
  ],
  "/console/api/projects/aaaaaaaaaa": [200, { parts: ["1 bucket"] }],
};
