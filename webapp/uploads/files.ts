import { randomBytes } from "node:crypto";
import type { Readable } from "node:stream";
import type { S3Client } from "@aws-sdk/client-s3";
import type { UploadSettings } from "../identity/settings";
import type { StoredFile } from "./stored-file";

/** A file that a person wants to store. */
export interface NewFile {
  name: string;
  contentType: string;
  sensitive: boolean;
}

/** A file of which it is known where it goes. */
export interface StoredNow {
  key: string;
  name: string;
  where: "normal" | "sensitive";
}

export interface SignedForm {
  url: string;
  fields: Record<string, string>;
}

const whereOf = (sensitive: boolean) => (sensitive ? "sensitive" : "normal");

const PREFIX = "uploads/";
const FORM_SECONDS = 300;
const MEBIBYTE = 1024 * 1024;
/** S3 lists a thousand files a page; nobody reads more than a few pages. */
const MOST_PAGES = 5;
const MOST_SHOWN = 1000;

/** Everything of one person lies under their own id. */
const folderOf = (personId: string) => `${PREFIX}${personId}/`;

/** Begins with the time, so that listings are in order, and is unique. */
function keyOf(personId: string, name: string): string {
  const time = new Date().toISOString().replace(/\D/g, "").slice(0, 17);
  return `${folderOf(personId)}${time}-${randomBytes(6).toString("hex")}/${name}`;
}

/** The files of people, in the two stores. */
export class Files {
  constructor(
    private readonly s3: S3Client,
    private readonly settings: UploadSettings,
  ) {}

  /** A form by which a browser sends exactly this file, and nothing else, for five minutes. */
  async sign(
    personId: string,
    file: NewFile & { size: number },
  ): Promise<SignedForm & Pick<StoredNow, "key" | "where">> {
    const { createPresignedPost } = await import("@aws-sdk/s3-presigned-post");
    const key = keyOf(personId, file.name);
    const fixed = {
      "Content-Type": file.contentType,
      success_action_status: "201",
      ...this.formEncryption(file.sensitive),
    };
    const { url, fields } = await createPresignedPost(this.s3, {
      Bucket: this.bucket(file.sensitive),
      Key: key,
      Fields: fixed,
      Conditions: [
        ["eq", "$key", key],
        ["content-length-range", file.size, file.size],
        ...Object.entries(fixed).map(([name, value]): ["eq", string, string] => ["eq", `$${name}`, value]),
      ],
      Expires: FORM_SECONDS,
    });
    return { url, fields, key, where: whereOf(file.sensitive) };
  }

  /** Passes a file on while it arrives, with at most two parts of it in memory. */
  async send(personId: string, file: NewFile, body: Readable): Promise<StoredNow> {
    const { Upload } = await import("@aws-sdk/lib-storage");
    const key = keyOf(personId, file.name);
    const upload = new Upload({
      client: this.s3,
      params: {
        Bucket: this.bucket(file.sensitive),
        Key: key,
        Body: body,
        ContentType: file.contentType,
        ...(file.sensitive && {
          ServerSideEncryption: "aws:kms",
          SSEKMSKeyId: this.settings.sensitiveKeyArn,
        }),
      },
      partSize: 5 * MEBIBYTE,
      queueSize: 2,
    });
    // When the body breaks off, what was stored of it is removed before this throws.
    await upload.done();
    return { key, name: file.name, where: whereOf(file.sensitive) };
  }

  /** A person's own files in both stores, the newest first. */
  async list(personId: string): Promise<StoredFile[]> {
    const [normal, sensitive] = await Promise.all([
      this.listOf(personId, false),
      this.listOf(personId, true),
    ]);
    const files = new Map(normal.map((file) => [file.key, file]));
    for (const file of sensitive)
      files.set(file.key, { ...file, where: files.has(file.key) ? "moving" : "sensitive" });
    return [...files.values()].sort((a, b) => (a.key < b.key ? 1 : -1)).slice(0, MOST_SHOWN);
  }

  /** Where browsers send forms to, for the page's content security policy. */
  async origins(): Promise<string[]> {
    const forms = await Promise.all(
      [false, true].map((sensitive) =>
        this.sign("nobody", { name: "x", contentType: "text/plain", sensitive, size: 1 }),
      ),
    );
    return [...new Set(forms.map(({ url }) => new URL(url).origin))];
  }

  private async listOf(personId: string, sensitive: boolean): Promise<StoredFile[]> {
    const { ListObjectsV2Command } = await import("@aws-sdk/client-s3");
    const found: StoredFile[] = [];
    let next: string | undefined;
    for (let page = 0; page < MOST_PAGES; page++) {
      const answer = await this.s3.send(
        new ListObjectsV2Command({
          Bucket: this.bucket(sensitive),
          Prefix: folderOf(personId),
          ContinuationToken: next,
        }),
      );
      for (const { Key, Size, LastModified } of answer.Contents ?? [])
        found.push({
          key: Key!,
          name: Key!.split("/").slice(3).join("/"),
          size: Size ?? 0,
          uploadedAt: LastModified!.toISOString(),
          where: whereOf(sensitive),
        });
      next = answer.NextContinuationToken;
      if (!next) break;
    }
    return found;
  }

  private bucket(sensitive: boolean): string {
    return sensitive ? this.settings.sensitiveBucket : this.settings.normalBucket;
  }

  private formEncryption(sensitive: boolean): Record<string, string> {
    if (!sensitive) return {};
    return {
      "x-amz-server-side-encryption": "aws:kms",
      "x-amz-server-side-encryption-aws-kms-key-id": this.settings.sensitiveKeyArn,
    };
  }
}
