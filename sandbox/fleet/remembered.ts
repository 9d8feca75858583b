import { clientsOf, Use } from "../engine/clients";
import { Endpoints, ownKey } from "../emulators/endpoints";
import { Emulator, SERVICES, signedAs } from "../emulators/services";

/** The delay until a change without a call is seen. */
const LONGEST_MS = 5_000;
const READING = /^(Describe|List|Get)/;
/** Auto Scaling launches and ends EC2's instances, and a balancer learns of both: a change of one can change all three. */
const TOGETHER = ["autoscaling", "ec2", "elasticloadbalancing"];

/** An emulator's counts: of changes by calls, and of its own changes. */
interface Writes {
  byService: Record<string, number>;
  byItself: number;
}

interface Answer {
  writes: number;
  at: number;
  output: Promise<object>;
}

/**
 * Clients that cache their answers, and ask again when something of that service has changed since. Whoever follows what is declared
 * reads all of it at each look, and those looks cost the emulators more than everything that people do.
 */
export class Remembered {
  private readonly writes: Record<Emulator, Writes> = {
    ministack: { byService: {}, byItself: 0 },
    moto: { byService: {}, byItself: 0 },
  };
  private readonly both: Record<Emulator, Use>;

  constructor(
    private readonly endpoints: Endpoints,
    private readonly now: () => number = Date.now,
  ) {
    this.both = { ministack: this.clients("ministack"), moto: this.clients("moto") };
  }

  /** Clients of whichever emulator offers a service. */
  readonly use: Use = (service) => this.both[SERVICES[service].on](service);

  /** Clients of one emulator, whatever the service. */
  of(on: Emulator): Use {
    return this.both[on];
  }

  /** Reads what has changed since the last time. */
  async look(on: Emulator): Promise<void> {
    const url = `${this.endpoints[on]}/_groundwork/writes`;
    const answer = await fetch(url, { headers: ownKey(this.endpoints) });
    if (!answer.ok)
      throw new Error(`${on} does not tell what was changed, but answers with ${answer.status}`);
    this.writes[on] = (await answer.json()) as Writes;
  }

  private writesOf(on: Emulator, service: string): number {
    const { byService, byItself } = this.writes[on];
    const services = TOGETHER.includes(service) ? TOGETHER : [service];
    return services.reduce((sum, one) => sum + (byService[one] ?? 0), byItself);
  }

  private clients(on: Emulator): Use {
    const { region, credentials } = this.endpoints;
    const known = new Map<string, Answer>();
    return clientsOf(
      { region, credentials, endpoint: this.endpoints[on] },
      (service, command, input, ask) => {
        if (!READING.test(command)) return ask();
        const writes = this.writesOf(on, signedAs(SERVICES[service]));
        const call = `${service} ${command} ${JSON.stringify(input)}`;
        const before = known.get(call);
        if (before?.writes === writes && this.now() - before.at < LONGEST_MS) return before.output;
        const output = ask();
        known.set(call, { writes, at: this.now(), output });
        output.catch(() => known.delete(call)); // whoever asked gets the error
        return output;
      },
    );
  }
}
