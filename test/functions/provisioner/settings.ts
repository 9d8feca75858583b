import { Settings } from "../../../functions/provisioner/ports";

/** What the stack tells the functions, where a test says nothing else. */
export const SETTINGS: Settings = {
  prefix: "gw",
  consoleUrl: "https://www.example.org",
  link: "",
  domain: "projects.example.org",
  approvalHours: 72,
  reminderHours: 24,
  devDays: 30,
  previewDays: 3,
  warningDays: 7,
  frozenDays: 14,
  failedHours: 24,
  historyDays: 90,
  templates: { static: "https://t/static", server: "https://t/server", database: "https://t/database" },
  parameters: {
    static: { Boundary: "b-static" },
    server: {
      Boundary: "b-server",
      PublicSubnets: "public-1,public-2",
      PrivateSubnets: "private-1,private-2",
    },
  },
};
