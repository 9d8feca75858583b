import { Endpoints, ownKey } from "../emulators/endpoints";

/** The current failures in front of an emulator: emulators/failures.py. */
export interface ProxyState {
  /** By the service's name in signatures. */
  throttled: Record<string, { seconds: number; refused: number }>;
  /** For how many more seconds nothing can be launched there. */
  zones: Record<string, number>;
}

interface Asked {
  throttle?: string;
  zone?: string;
  seconds?: number;
}

/** Tells the proxies of both emulators what to refuse, and reads what they refused: a service's callers may use either. */
export async function askProxies(endpoints: Endpoints, asked: Asked = {}): Promise<ProxyState> {
  const [one, other] = await Promise.all(
    (["ministack", "moto"] as const).map((emulator) => askProxy(endpoints, emulator, asked)),
  );
  const refused = (name: string) =>
    (one!.throttled[name]?.refused ?? 0) + (other!.throttled[name]?.refused ?? 0);
  const throttled = Object.entries(one!.throttled).map(([name, { seconds }]) => [
    name,
    { seconds, refused: refused(name) },
  ]);
  return { throttled: Object.fromEntries(throttled) as ProxyState["throttled"], zones: one!.zones };
}

async function askProxy(
  endpoints: Endpoints,
  emulator: "ministack" | "moto",
  asked: Asked,
): Promise<ProxyState> {
  const query = new URLSearchParams(Object.entries(asked).map(([name, value]) => [name, String(value)]));
  const answer = await fetch(`${endpoints[emulator]}/_groundwork/failures?${query}`, {
    headers: ownKey(endpoints),
  });
  if (!answer.ok) throw new Error(`the emulator's proxy answered ${answer.status}`);
  return (await answer.json()) as ProxyState;
}
