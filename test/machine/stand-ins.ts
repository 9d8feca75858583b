// What only Amazon Linux has, and what this machine's kernel cannot give: each notes its calls, none does the work.
const NOTED = `#!/bin/sh
echo "$(basename "$0") $*" >>/var/log/stand-ins
`;

export const STAND_INS: Record<string, string> = {
  // The disk has Debian's packages from the start.
  "/usr/local/sbin/dnf": NOTED,
  // SELinux is not in this kernel.
  "/usr/local/sbin/setenforce": NOTED,
  "/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl": NOTED,
  // Exchanges the role's credentials for a registry's password.
  "/usr/local/bin/docker-credential-ecr-login": `${NOTED}printf '{"Username":"AWS","Secret":"password-of-the-registry"}'\n`,
  // The network is there before the machine boots; cloud-init would wait a minute for who gives addresses.
  "/usr/local/sbin/dhclient": "#!/bin/sh\nexit 1\n",
};
