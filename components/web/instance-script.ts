import { cloudConfig, environmentFile } from "../shared/cloud-config";

export interface InstanceScriptArgs {
  region: string;
  /** The app's container image, by digest. */
  image: string;
  /** The port that the app listens on. */
  port: number;
  /** The app's environment. */
  environment: Record<string, string>;
  /** Where the app's and the machine's logs go. */
  logGroup: string;
  /** The namespace of the machine's metrics. */
  metricsNamespace: string;
  /** How often CPU, memory and IO wait are measured. */
  metricsSeconds: number;
  /** Installs the agent that receives releases. */
  codeDeploy: boolean;
  /** The group's launch hook, told when the app answers. */
  launchHook: string;
}

/** User data of a web server: the app's container under systemd, its logs and metrics, and word when it answers. */
export function instanceScript(args: InstanceScriptArgs): string {
  const registry = args.image.split("/")[0]!;
  return cloudConfig({
    files: [
      {
        path: "/etc/groundwork/web.env",
        permissions: "0600",
        content: environmentFile({ ...args.environment, PORT: String(args.port) }),
      },
      { path: "/etc/groundwork/image.env", content: environmentFile({ IMAGE: args.image }) },
      {
        path: "/root/.docker/config.json",
        permissions: "0600",
        content: JSON.stringify({ credHelpers: { [registry]: "ecr-login" } }) + "\n",
      },
      { path: "/etc/sysctl.d/90-ipv4-only.conf", content: "net.ipv6.conf.all.disable_ipv6 = 1\n" },
      { path: "/etc/systemd/system/groundwork-web.service", content: unit(args) },
      { path: "/opt/aws/amazon-cloudwatch-agent/etc/groundwork.json", content: metrics(args) },
      { path: "/usr/local/sbin/groundwork-boot", permissions: "0755", content: boot(args) },
    ],
    commands: [["/usr/local/sbin/groundwork-boot"]],
  });
}

/** The host's network, because the metadata service answers no further than one hop. */
function unit({ region, logGroup }: InstanceScriptArgs): string {
  return `[Unit]
Description=Groundwork web server
Requires=docker.service
After=docker.service network-online.target
Wants=network-online.target

[Service]
EnvironmentFile=/etc/groundwork/image.env
ExecStartPre=-/usr/bin/docker rm --force groundwork-web
ExecStart=/usr/bin/docker run --rm --name groundwork-web \\
  --env-file /etc/groundwork/web.env --network host \\
  --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges \\
  --log-driver awslogs --log-opt awslogs-region=${region} \\
  --log-opt awslogs-group=${logGroup} --log-opt awslogs-stream=web/%H \\
  \${IMAGE}
ExecStop=/usr/bin/docker stop --time 20 groundwork-web
TimeoutStopSec=30
Restart=always
RestartSec=2

[Install]
WantedBy=multi-user.target
`;
}

function metrics({ logGroup, metricsNamespace, metricsSeconds }: InstanceScriptArgs): string {
  const file = (file_path: string, name: string) => ({
    file_path,
    log_group_name: logGroup,
    log_stream_name: `${name}/{local_hostname}`,
  });
  return (
    JSON.stringify(
      {
        agent: { metrics_collection_interval: metricsSeconds, run_as_user: "root" },
        metrics: {
          namespace: metricsNamespace,
          append_dimensions: {
            InstanceId: "${aws:InstanceId}",
            AutoScalingGroupName: "${aws:AutoScalingGroupName}",
          },
          aggregation_dimensions: [["AutoScalingGroupName"]],
          metrics_collected: {
            cpu: { measurement: ["usage_active", "usage_iowait"], totalcpu: true, resources: ["*"] },
            mem: { measurement: ["used_percent"] },
            disk: { measurement: ["used_percent"], resources: ["/"] },
          },
        },
        logs: {
          logs_collected: {
            files: {
              collect_list: [
                file("/var/log/cloud-init-output.log", "boot"),
                file("/var/log/aws/codedeploy-agent/codedeploy-agent.log", "deploy"),
                file(
                  "/opt/codedeploy-agent/deployment-root/deployment-logs/codedeploy-agent-deployments.log",
                  "deployments",
                ),
              ],
            },
          },
        },
      },
      null,
      1,
    ) + "\n"
  );
}

function boot({ region, port, codeDeploy, launchHook }: InstanceScriptArgs): string {
  return `#!/bin/bash
set -euo pipefail
export AWS_DEFAULT_REGION=${region}

sed -i 's/^SELINUX=.*/SELINUX=enforcing/' /etc/selinux/config
setenforce 1
sysctl --quiet --load=/etc/sysctl.d/90-ipv4-only.conf

dnf install -y docker amazon-ecr-credential-helper amazon-cloudwatch-agent
${codeDeploy ? installCodeDeploy : ""}/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s \\
  -c file:/opt/aws/amazon-cloudwatch-agent/etc/groundwork.json
systemctl daemon-reload
systemctl enable --now docker groundwork-web

token=$(curl -sf -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 900' http://169.254.169.254/latest/api/token)
me=$(curl -sf -H "X-aws-ec2-metadata-token: $token" http://169.254.169.254/latest/meta-data/instance-id)
result=ABANDON
for _ in $(seq 120); do
  if curl -sf -o /dev/null --max-time 2 "http://127.0.0.1:${port}/health"; then result=CONTINUE; break; fi
  sleep 2
done
group=$(aws ec2 describe-tags --output text --query 'Tags[0].Value' \\
  --filters "Name=resource-id,Values=$me" Name=key,Values=aws:autoscaling:groupName)
aws autoscaling complete-lifecycle-action --lifecycle-hook-name ${launchHook} \\
  --auto-scaling-group-name "$group" --instance-id "$me" --lifecycle-action-result "$result"
[ "$result" = CONTINUE ]
`;
}

const installCodeDeploy = `if ! systemctl is-enabled --quiet codedeploy-agent 2>/dev/null; then
  dnf install -y ruby
  curl -sf -o /root/codedeploy-install "https://aws-codedeploy-$AWS_DEFAULT_REGION.s3.$AWS_DEFAULT_REGION.amazonaws.com/latest/install"
  chmod +x /root/codedeploy-install
  /root/codedeploy-install auto
fi
`;
