import * as querystring from "node:querystring";
import { Service, Services } from "./cloud";

/** What AWS was told by web servers. */
export interface Told {
  lifecycle: Record<string, unknown>[];
  /** By log stream. */
  logs: Record<string, string[]>;
}

const GROUP = "web-group";

/** The part of AWS that a web server speaks to at its boot; what it says is kept. */
export function webServices(told: Told): Services {
  return {
    ec2: (_, response) => {
      const tag = `<item><resourceId>i</resourceId><key>aws:autoscaling:groupName</key><value>${GROUP}</value></item>`;
      response.end(`<DescribeTagsResponse><tagSet>${tag}</tagSet></DescribeTagsResponse>`);
    },
    autoscaling: ({ body }, response) => {
      const { Action, Version: _, ...rest } = querystring.parse(body);
      told.lifecycle.push(rest);
      response.end(`<${Action}Response><${Action}Result/></${Action}Response>`);
    },
    logs: logs(told),
    // AWS's installer leaves a service of this name.
    "aws-codedeploy-eu-west-1.s3": (_, response) => void response.end(INSTALLER),
  };
}

const logs =
  ({ logs }: Told): Service =>
  ({ headers, body }, response) => {
    const call = String(headers["x-amz-target"]).split(".")[1];
    const { logStreamName, logEvents } = JSON.parse(body) as {
      logStreamName: string;
      logEvents?: { message: string }[];
    };
    response.setHeader("content-type", "application/x-amz-json-1.1");
    if (call === "CreateLogStream" && logs[logStreamName])
      return void response.writeHead(400).end(JSON.stringify({ __type: "ResourceAlreadyExistsException" }));
    (logs[logStreamName] ??= []).push(...(logEvents ?? []).map(({ message }) => message));
    response.end(JSON.stringify({ nextSequenceToken: "1" }));
  };

const INSTALLER = `#!/bin/sh
[ "$1" = auto ] || exit 2
printf '[Service]\\nExecStart=/usr/bin/sleep infinity\\n[Install]\\nWantedBy=multi-user.target\\n' \\
  >/etc/systemd/system/codedeploy-agent.service
systemctl daemon-reload
systemctl enable --now codedeploy-agent
`;
