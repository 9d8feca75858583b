import * as http from "node:http";
import { AddressInfo } from "node:net";
import { behindDoor } from "./doorkeeper";
import { Endpoints, ownKey } from "./emulators/endpoints";
import { Use } from "./engine/clients";

/** A mail that AWS would have sent. */
export interface Mail {
  id: string;
  at: string;
  from: string;
  to: string[];
  subject: string;
  text: string;
}

interface Stored {
  MessageId: string;
  Source: string;
  To: string[];
  Subject: string;
  BodyText: string;
  BodyHtml: string;
  Timestamp: number;
}

interface Notification {
  Type: string;
  MessageId: string;
  TopicArn: string;
  Token?: string;
  Subject?: string;
  Message: string;
  Timestamp: string;
}

/**
 * All mail in one place: what SES kept (Cognito's codes among it), and what topics send to people by e-mail, which the
 * emulator delivers nowhere. For the latter the mailbox subscribes itself to every topic that has an e-mail subscriber.
 */
export class Mailbox {
  private readonly server = http.createServer(
    behindDoor((request, response) => this.receive(request, response)),
  );
  private readonly watched = new Map<string, Set<string>>();
  private readonly fromTopics: Mail[] = [];

  constructor(
    private readonly use: Use,
    private readonly endpoints: Endpoints,
  ) {}

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.server.unref();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** The newest first. */
  async list(): Promise<Mail[]> {
    const url = `${this.endpoints.ministack}/_ministack/ses/messages`;
    const answer = await fetch(url, { headers: ownKey(this.endpoints) });
    const { messages } = (await answer.json()) as { messages: Record<string, Stored[]> };
    const fromSes = Object.values(messages).flat().map(mailOf);
    return [...fromSes, ...this.fromTopics].sort((a, b) => b.at.localeCompare(a.at));
  }

  /** Subscribes to the topics that people are subscribed to. */
  async follow(): Promise<void> {
    const sns = await this.use("sns");
    const { Subscriptions } = await sns.listSubscriptions({});
    for (const { Protocol, TopicArn, Endpoint } of Subscriptions ?? []) {
      if (Protocol !== "email" || !TopicArn || !Endpoint) continue;
      const people = this.watched.get(TopicArn);
      if (people) {
        people.add(Endpoint);
        continue;
      }
      this.watched.set(TopicArn, new Set([Endpoint]));
      const { port } = this.server.address() as AddressInfo;
      await sns.subscribe({ TopicArn, Protocol: "http", Endpoint: `http://127.0.0.1:${port}/` });
    }
  }

  private receive(request: http.IncomingMessage, response: http.ServerResponse): void {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      response.end();
      void this.take(JSON.parse(Buffer.concat(parts).toString()) as Notification).catch(() => {});
    });
  }

  private async take(one: Notification): Promise<void> {
    if (one.Type === "SubscriptionConfirmation") {
      const sns = await this.use("sns");
      await sns.confirmSubscription({ TopicArn: one.TopicArn, Token: one.Token });
    } else if (one.Type === "Notification") {
      this.fromTopics.push({
        id: one.MessageId,
        at: new Date(one.Timestamp).toISOString(),
        from: one.TopicArn.split(":").at(-1)!,
        to: [...(this.watched.get(one.TopicArn) ?? [])],
        subject: one.Subject ?? "AWS Notification Message",
        text: one.Message,
      });
    }
  }
}

function mailOf(stored: Stored): Mail {
  return {
    id: stored.MessageId,
    at: new Date(stored.Timestamp * 1000).toISOString(),
    from: stored.Source,
    to: stored.To,
    subject: stored.Subject,
    text:
      stored.BodyText ||
      stored.BodyHtml.replace(/<[^>]+>/g, " ")
        .replace(/\s+/g, " ")
        .trim(),
  };
}
