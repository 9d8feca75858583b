import * as path from "node:path";
import { natScript } from "../../../components/network/nat-script";
import { checksUserData } from "../../user-data";

describe("the user data of a NAT instance", () => {
  checksUserData(() => natScript({ vpcCidr: "10.0.0.0/16" }), path.join(__dirname, "nat-script.golden"));
});

describe("the user data of a NAT instance that takes over an interface", () => {
  const takeOver = { networkInterfaceId: "eni-0123456789abcdef0", region: "eu-west-1" };
  checksUserData(
    () => natScript({ vpcCidr: "10.0.0.0/16", takeOver }),
    path.join(__dirname, "nat-script-take-over.golden"),
  );
});
