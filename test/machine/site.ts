import { skip } from "../skip";
import type { Credentials } from "../../sandbox/emulators/endpoints";
import { Net } from "../rig/failover/net";
import { Cloud, Services } from "./cloud";
import { Machine, MachineOptions } from "./machine";
import { missing, rootDisk } from "./root";
import { newFolder } from "../folder";

/** Machines, the network between them, and the cloud around them. */
export interface Site {
  net: Net;
  cloud: Cloud;
  folder: string;
  machine(name: string, binds?: MachineOptions["binds"]): Machine;
  down(): Promise<void>;
}

/** `hosts` have a network; the machines among them are made one by one. With `credentials`, the machines sign what the services judge. */
export async function startSite(
  hosts: string[],
  services: Services,
  credentials?: Credentials,
): Promise<Site> {
  const disk = rootDisk();
  const folder = newFolder("groundwork-machines");
  const net = new Net();
  const cloud = new Cloud(net, services, credentials);
  const machines: Machine[] = [];
  const site: Site = {
    net,
    cloud,
    folder,
    machine: (name, binds) => {
      const machine = new Machine({ disk, net, name, folder, binds });
      machines.push(machine);
      return machine;
    },
    down: async () => {
      for (const machine of machines) await machine.close();
      cloud.down();
      net.down();
    },
  };
  try {
    net.up(hosts);
    await cloud.up();
  } catch (error) {
    await site.down();
    throw error;
  }
  return site;
}

/** Skips the caller's tests, with the reason, where no machine boots. */
export function skipWithoutMachines(context: Mocha.Context): void {
  context.timeout(900_000); // the first run makes the disk
  const reason = missing();
  if (!reason) return;
  skip(context, "asked for", reason);
}
