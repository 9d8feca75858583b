import { cloudConfig, environmentFile } from "../shared/cloud-config";

export interface InstanceScriptArgs {
  region: string;
  /** The app's container image, by digest. */
  image: string;
  /** The port that the app listens on. */
  port: number;
  /** The app's environment. */
  environment: Record<string, string>;
  /** The log group of the app and the machine. */
  logGroup: string;
  /** The namespace of the machine's metrics. */
  metricsNamespace: string;
  /** How often CPU, memory and IO wait are measured. */
  metricsSeconds: number;
  /** Makes the agent pass the app's traces on to X-Ray. */
  traced: boolean;
  /** Installs the agent that receives releases. */
  codeDeploy: boolean;
  /** The group's launch hook, completed when the app answers. */
  launchHook: string;
}

/** User data of a web server: runs the app's container under systemd, ships logs and metrics, and reports when the app answers. */
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
      { path: "/opt/aws/amazon-cloudwatch-agent/etc/groundwork.json", content: agent(args) },
      { path: "/usr/local/sbin/groundwork-boot", permissions: "0755", content: boot(args) },
    ],
    commands: [["/usr/local/sbin/groundwork-boot"]],
  });
}

/** The host's network, because the metadata service answers only the first hop. */
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

function agent({ logGroup, metricsNamespace, metricsSeconds, traced }: InstanceScriptArgs): string {
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
        // The app's library sends to this address by default.
        ...(traced && { traces: { traces_collected: { otlp: { http_endpoint: "127.0.0.1:4318" } } } }),
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

/** The names of steps become part of a JSON text unescaped. */
function boot({ region, port, codeDeploy, launchHook, logGroup }: InstanceScriptArgs): string {
  return `#!/bin/bash
set -euo pipefail
export AWS_DEFAULT_REGION=${region}

again() { # what may fail for a while
  local pause
  for pause in 5 15 30; do
    "$@" && return
    sleep "$pause"
  done
  "$@"
}
install() { # a baked image has it all
  if ! rpm -q "$@" >/dev/null 2>&1; then again timeout 120 dnf install -y "$@"; fi
}
# However this ends, the group is told at once instead of waiting for its hook to run out. Why it gave up goes to the log
# by itself: the agent that would send it may be what could not be installed, and the machine is about to go.
# shellcheck disable=SC2329 # the trap calls it
ended() {
  local code=$1 token me group why stream told result=CONTINUE
  trap - EXIT
  set +e
  token=$(again curl -sf -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 900' http://169.254.169.254/latest/api/token)
  me=$(again curl -sf -H "X-aws-ec2-metadata-token: $token" http://169.254.169.254/latest/meta-data/instance-id)
  if [ "$code" != 0 ]; then
    result=ABANDON
    why="groundwork-boot gave up: $step, exit code $code"
    echo "$why" >&2
    stream=(--log-group-name ${logGroup} --log-stream-name "boot/$me/gave-up")
    aws logs create-log-stream "\${stream[@]}"
    aws logs put-log-events "\${stream[@]}" \\
      --log-events "$(printf '[{"timestamp":%s000,"message":"%s"}]' "$(date +%s)" "$why")"
  fi
  group=$(again aws ec2 describe-tags --output text --query 'Tags[0].Value' \\
    --filters "Name=resource-id,Values=$me" Name=key,Values=aws:autoscaling:groupName)
  again aws autoscaling complete-lifecycle-action --lifecycle-hook-name ${launchHook} \\
    --auto-scaling-group-name "$group" --instance-id "$me" --lifecycle-action-result "$result"
  told=$?
  exit $((code ? code : told))
}
step='setting up the system'
trap 'ended $?' EXIT

sed -i 's/^SELINUX=.*/SELINUX=enforcing/' /etc/selinux/config
setenforce 1
sysctl --quiet --load=/etc/sysctl.d/90-ipv4-only.conf

step='installing packages'
install docker amazon-ecr-credential-helper amazon-cloudwatch-agent
${codeDeploy ? installCodeDeploy : ""}step='starting the CloudWatch agent'
/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s \\
  -c file:/opt/aws/amazon-cloudwatch-agent/etc/groundwork.json
step='starting Docker and the app'
systemctl daemon-reload
systemctl enable --now docker groundwork-web

step='waiting for a 200 from /health'
for _ in $(seq 120); do
  if curl -sf -o /dev/null --max-time 2 "http://127.0.0.1:${port}/health"; then exit 0; fi
  sleep 2
done
exit 1
`;
}

const installCodeDeploy = `step='installing the CodeDeploy agent'
if ! systemctl is-enabled --quiet codedeploy-agent 2>/dev/null; then
  install ruby
  again curl -sf -o /root/codedeploy-install "https://aws-codedeploy-$AWS_DEFAULT_REGION.s3.$AWS_DEFAULT_REGION.amazonaws.com/latest/install"
  chmod +x /root/codedeploy-install
  again /root/codedeploy-install auto
fi
`;
