interface Step {
  name: string;
  action: "ExecuteBash" | "Reboot";
  inputs: Record<string, unknown>;
}

/** A document for Image Builder. JSON is YAML too. */
const document = (name: string, phases: Record<string, Step[]>) =>
  JSON.stringify(
    {
      name,
      schemaVersion: "1.0",
      phases: Object.entries(phases).map(([phase, steps]) => ({ name: phase, steps })),
    },
    null,
    1,
  );

const bash = (name: string, ...commands: string[]): Step => ({
  name,
  action: "ExecuteBash",
  inputs: { commands: ["set -euo pipefail", ...commands] },
});

export interface BakedImageScriptArgs {
  region: string;
  /** The SSM parameter with the app's image, by digest, so that a new release needs no new recipe. */
  appParameter: string;
}

const appImage = ({ region, appParameter }: BakedImageScriptArgs) =>
  `image=$(aws ssm get-parameter --region ${region} --name ${appParameter} --query Parameter.Value --output text)`;

/** The contents of the machine image beyond Amazon Linux: everything that a web server would otherwise download at its first boot. */
export function buildDocument(args: BakedImageScriptArgs): string {
  const { region } = args;
  return document("groundwork-web", {
    build: [
      bash("Updates", "dnf upgrade -y --refresh"),
      bash("Docker", "dnf install -y docker amazon-ecr-credential-helper", "systemctl enable --now docker"),
      bash("CloudWatch", "dnf install -y amazon-cloudwatch-agent"),
      bash(
        "CodeDeploy",
        "dnf install -y ruby",
        `curl -sf -o /root/codedeploy-install https://aws-codedeploy-${region}.s3.${region}.amazonaws.com/latest/install`,
        "chmod +x /root/codedeploy-install",
        "/root/codedeploy-install auto",
        "systemctl enable codedeploy-agent",
      ),
      bash(
        "SELinux",
        "dnf install -y container-selinux",
        "sed -i 's/^SELINUX=.*/SELINUX=enforcing/' /etc/selinux/config",
      ),
      bash("IPv4Only", "echo 'net.ipv6.conf.all.disable_ipv6 = 1' > /etc/sysctl.d/90-ipv4-only.conf"),
      bash(
        "AppImage",
        appImage(args),
        "install -d -m 0700 /root/.docker",
        'registry=$(echo "$image" | cut --delimiter / --fields 1)',
        `echo "{\\"credHelpers\\":{\\"$registry\\":\\"ecr-login\\"}}" > /root/.docker/config.json`,
        "export DOCKER_CONFIG=/root/.docker",
        'docker pull --quiet "$image"',
        // This tag does not exist before the first release.
        'repository=$(echo "$image" | cut --delimiter @ --fields 1)',
        'docker pull --quiet "$repository:live" || true',
      ),
      { name: "IntoEnforcing", action: "Reboot", inputs: {} },
    ],
    validate: [bash("Enforcing", '[ "$(getenforce)" = Enforcing ]')],
  });
}

/** Runs on a machine started from the finished image. An image that fails is never distributed. */
export function testDocument(args: BakedImageScriptArgs): string {
  return document("groundwork-web-test", {
    test: [
      bash("Enforcing", '[ "$(getenforce)" = Enforcing ]'),
      bash("IPv4Only", '[ "$(sysctl -n net.ipv6.conf.all.disable_ipv6)" = 1 ]'),
      bash(
        "Services",
        "systemctl is-active docker",
        "systemctl is-enabled codedeploy-agent",
        "test -x /opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl",
      ),
      bash("AppImage", appImage(args), 'docker image inspect "$image" > /dev/null'),
      bash(
        "Answers",
        appImage(args),
        'docker run --detach --name probe --network host --env PORT=8080 "$image"',
        "for _ in $(seq 30); do curl -sf -o /dev/null --max-time 2 http://127.0.0.1:8080/health && break; sleep 1; done",
        "curl -sf -o /dev/null --max-time 2 http://127.0.0.1:8080/health",
        "docker rm --force probe",
      ),
    ],
  });
}
