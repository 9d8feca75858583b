import { cloudConfig } from "../shared/cloud-config";

export interface NatScriptArgs {
  vpcCidr: string;
  /** The interface that a replaced machine takes over. @default the machine's own interface does the work */
  takeOver?: { networkInterfaceId: string; region: string };
}

/** User data that makes an Amazon Linux machine forward and masquerade the VPC's traffic. */
export function natScript(args: NatScriptArgs): string {
  return cloudConfig({
    files: [
      {
        path: "/etc/sysctl.d/90-nat.conf",
        content: "net.ipv4.ip_forward = 1\nnet.ipv6.conf.all.disable_ipv6 = 1\n",
      },
      ...(args.takeOver ? [KEEP_ROUTES] : []),
      { path: "/usr/local/sbin/nat-up", permissions: "0755", content: script(args) },
      { path: "/etc/systemd/system/nat.service", content: unit },
    ],
    commands: [
      ["sysctl", "--system"],
      ...(args.takeOver ? [["systemctl", "try-restart", "systemd-networkd"]] : []),
      ["systemctl", "enable", "--now", "nat.service"],
    ],
  });
}

/** Amazon Linux reconfigures a new interface seconds after it is attached, and would drop the default route through it. */
const KEEP_ROUTES = {
  path: "/etc/systemd/networkd.conf.d/nat.conf",
  content: "[Network]\nManageForeignRoutes=no\n",
};

const unit = `[Unit]
Description=Network address translation for the private subnets
After=network-online.target
Wants=network-online.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/local/sbin/nat-up
Restart=on-failure
RestartSec=5

[Install]
WantedBy=multi-user.target
`;

function script({ vpcCidr, takeOver }: NatScriptArgs): string {
  return `#!/bin/bash
set -euo pipefail
# Here, where it is tried again: the smallest machines run out of memory at it while they boot, and the way out may come late.
command -v iptables >/dev/null || dnf install -y iptables-nft
${takeOver ? attach(takeOver) : "out=$(ip -o -4 route show default | awk '{ print $5; exit }')"}
iptables -t nat -C POSTROUTING -s ${vpcCidr} ! -d ${vpcCidr} -o "$out" -j MASQUERADE 2>/dev/null ||
  iptables -t nat -A POSTROUTING -s ${vpcCidr} ! -d ${vpcCidr} -o "$out" -j MASQUERADE
`;
}

/** The interface may still be attached to the machine that died: this detaches it, attaches it here, and routes through it. */
function attach({ networkInterfaceId, region }: { networkInterfaceId: string; region: string }): string {
  return `eni='${networkInterfaceId}'
export AWS_DEFAULT_REGION=${region}
token=$(curl -sf -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300' http://169.254.169.254/latest/api/token)
metadata() { curl -sf -H "X-aws-ec2-metadata-token: $token" "http://169.254.169.254/latest/meta-data/$1"; }
me=$(metadata instance-id)
describe() { aws ec2 describe-network-interfaces --network-interface-ids "$eni" --query "NetworkInterfaces[0].$1" --output text; }
for _ in $(seq 60); do
  holder=$(describe Attachment.InstanceId)
  [ "$holder" = "$me" ] && break
  if [ "$holder" = None ]; then
    aws ec2 attach-network-interface --network-interface-id "$eni" --instance-id "$me" --device-index 1 || true
  else
    attachment=$(describe Attachment.AttachmentId)
    aws ec2 detach-network-interface --attachment-id "$attachment" --force || true
  fi
  sleep 2
done
mac=$(describe MacAddress)
out=
for _ in $(seq 30); do
  out=$(ip -o link | awk -F'[:@ ]+' -v mac="$mac" 'index($0, mac) { print $2; exit }')
  [ -n "$out" ] && ip -4 addr show dev "$out" | grep -q inet && break
  sleep 1
done
[ -n "$out" ] || { echo "nat-up: no interface has the address $mac of $eni" >&2; exit 1; }
gateway=$(ip -o -4 route show default | awk '{ print $3; exit }')
# Amazon Linux keeps the routes of a second interface in a table of their own, so that here nothing leads to the gateway yet.
ip route replace default via "$gateway" dev "$out" metric 1 onlink
sysctl -q -w "net.ipv4.conf.$out.rp_filter=0" net.ipv4.conf.all.rp_filter=0`;
}
