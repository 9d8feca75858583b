import { randomUUID } from "node:crypto";
import * as http from "node:http";
import { letterOf } from "./alarm-letter";
import { Endpoints, ownKey } from "./emulators/endpoints";
import { Use } from "./engine/clients";
import { everyPage } from "./engine/pages";
import { messageOf } from "./problem";
import { bodyOf, LocalServer, Refusal, targetOf } from "./server";

/** SNS sends at most a quarter of a megabyte, and wraps it. */
const ROOM_FOR_A_MESSAGE = 1024 * 1024;

/** An e-mail that AWS would have sent. */
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
 * All e-mail in one place: what SES kept (including Cognito's codes), and what topics send to people by e-mail, which the
 * emulator delivers nowhere. For the latter, the mailbox subscribes itself to every topic with an e-mail subscriber.
 */
export class Mailbox {
  private readonly server: LocalServer;
  /** Known only to the topics, so that nobody else can deliver e-mail. */
  private readonly path = `/${randomUUID()}`;
  private readonly watched = new Map<string, Set<string>>();
  private readonly fromTopics: Mail[] = [];

  constructor(
    private readonly use: Use,
    private readonly endpoints: Endpoints,
    private readonly note: (line: string) => void,
  ) {
    this.server = new LocalServer("mail", (request, response) => this.receive(request, response), note);
  }

  /** The address that topics send to. */
  get address(): string {
    return `http://127.0.0.1:${this.server.port}${this.path}`;
  }

  async start(): Promise<void> {
    await this.server.start();
  }

  stop(): Promise<void> {
    return this.server.stop();
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
    const subscriptions = await everyPage(
      (from) => sns.listSubscriptions(from),
      (page) => page.Subscriptions,
    );
    for (const { Protocol, TopicArn, Endpoint } of subscriptions) {
      if (Protocol !== "email" || !TopicArn || !Endpoint) continue;
      const people = this.watched.get(TopicArn);
      if (people) {
        people.add(Endpoint);
        continue;
      }
      this.watched.set(TopicArn, new Set([Endpoint]));
      await sns.subscribe({ TopicArn, Protocol: "http", Endpoint: this.address });
    }
  }

  private async receive(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    if (targetOf(request).path !== this.path) throw new Refusal(404, "Only topics send mail here.");
    const message = notificationIn((await bodyOf(request, ROOM_FOR_A_MESSAGE)).toString());
    response.end();
    // SNS waits for the answer before it continues.
    void this.take(message).catch((error: unknown) => this.note(`mail: ${messageOf(error)}`));
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
        text: letterOf(one.Message),
      });
    }
  }
}

function notificationIn(text: string): Notification {
  const texts = ["Type", "MessageId", "TopicArn", "Message", "Timestamp"] as const;
  try {
    const one = JSON.parse(text) as Notification;
    if (texts.every((name) => typeof one[name] === "string") && !Number.isNaN(Date.parse(one.Timestamp)))
      return one;
  } catch {
    // is told below
  }
  throw new Refusal(
    400,
    "A topic's message was expected: JSON with a type, an id, a topic, a text and a time.",
  );
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
