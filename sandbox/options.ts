import { argumentsOf } from "./arguments";
import { Problem } from "./problem";

export interface Options {
  stack: string;
  port: number;
  fresh: boolean;
  watch: boolean;
  inspect: boolean;
  docker: boolean;
  logs: boolean;
  help: boolean;
}

export const USAGE = `npm start -- [options]

Runs the whole platform on this machine: no AWS account needed, and no Docker.

  --stack NAME   the settings of Pulumi.NAME.yaml (sandbox)
  --port NUMBER  where the site is served (8080); 0 takes a free one
  --watch        follows your edits: functions, web app, components and settings
  --inspect      lets a debugger into the web servers: breakpoints in webapp/
  --no-docker    leaves this machine's Docker alone: projects that need one are built in name only
  --fresh        forgets the database that the last start left
  --no-logs      does not follow the logs
  --help         this text

While it runs: npm run sandbox -- status | logs | kill web | kill database | mail | reset | aws ...
`;

export function readOptions(args: string[]): Options {
  const { values } = argumentsOf(
    {
      args,
      options: {
        stack: { type: "string", default: "sandbox" },
        port: { type: "string", default: "8080" },
        watch: { type: "boolean", default: false },
        inspect: { type: "boolean", default: false },
        fresh: { type: "boolean", default: false },
        "no-docker": { type: "boolean", default: false },
        "no-logs": { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    },
    "npm start -- --help",
  );
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Problem(`--port must be a whole number from 0 to 65535, got ${values.port}.`);
  const { stack, fresh, watch, inspect, help } = values;
  return { stack, port, fresh, watch, inspect, docker: !values["no-docker"], logs: !values["no-logs"], help };
}
