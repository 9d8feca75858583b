import { randomBytes } from "node:crypto";
import type { Readable } from "node:stream";
import type { S3Client } from "@aws-sdk/client-s3";
import type { UploadSettings } from "../identity/settings";
import { Refusal } from "../refusal";
import type { StoredFile } from "./stored-file";

/** A file that a person wants to store. */
export interface NewFile {
  name: string;
  contentType: string;
  sensitive: boolean;
}

/** A file with a known destination. */
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
const OPEN_SECONDS = 60;
/** How many files one page of the list has. */
const PAGE = 100;
/** S3 lists no more at once. */
const MOST = 1_000;

/** Types that browsers show without running any of the content. */
const SHOWN = /^(image\/(png|jpeg|gif|webp)|application\/pdf|text\/plain)$/;
/** The tag that the mover acts on, and the malware scan's, which must not get lost. */
const MARK = { Key: "sensitive", Value: "yes" };
const VERDICT = "GuardDutyMalwareScanStatus";

/** Everything of one person lies under their own id. */
const folderOf = (personId: string) => `${PREFIX}${personId}/`;

/**
 * Unique, and begins with the time left until the year 10000: S3 lists keys in order, so a listing begins with the newest file, however
 * many there are.
 */
function keyOf(personId: string, name: string): string {
  const time = new Date().toISOString().replace(/\D/g, "").slice(0, 17);
  const left = time.replace(/\d/g, (digit) => String(9 - Number(digit)));
  return `${folderOf(personId)}${left}-${randomBytes(6).toString("hex")}/${name}`;
}

const gone = () => new Refusal(404, "this file no longer exists: load the page again");

/** The files of people, in the two stores. */
export class Files {
  constructor(
    private readonly s3: S3Client,
    private readonly settings: UploadSettings,
  ) {}

  /** A form with which a browser may send exactly this file, and nothing else, for five minutes. */
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
    // If the body breaks off, the stored part is removed before this throws.
    await upload.done();
    return { key, name: file.name, where: whereOf(file.sensitive) };
  }

  /** A person's own files in both stores, newest first: one page of them, after the file with this id. */
  async list(
    personId: string,
    { after, limit = PAGE }: { after?: string; limit?: number } = {},
  ): Promise<{ files: StoredFile[]; more: boolean }> {
    const found = await this.inBoth(personId, after, limit + 1);
    const files = new Map<string, StoredFile>();
    for (const file of found.flat())
      files.set(file.key, { ...file, where: files.has(file.key) ? "moving" : file.where });
    const inOrder = [...files.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
    return { files: inOrder.slice(0, limit), more: inOrder.length > limit };
  }

  /** How many bytes a person stores; a file that is moving between the stores counts once. */
  async used(personId: string): Promise<number> {
    const sizes = new Map<string, number>();
    for (const sensitive of [false, true])
      for (let page, after: string | undefined; page === undefined || page.length === MOST;) {
        page = await this.listOf(personId, sensitive, after, MOST);
        for (const { key, size } of page) sizes.set(key, size);
        after = page.at(-1)?.id;
      }
    return [...sizes.values()].reduce((sum, size) => sum + size, 0);
  }

  /** A URL that opens a file of the normal store for a minute: to view it if a browser can show it, or to save it. */
  async open(personId: string, id: string, asDownload: boolean): Promise<string> {
    const { key, name, where } = await this.one(personId, id);
    if (where !== "normal")
      throw new Refusal(403, "sensitive files cannot be opened here: ask the platform's operator");
    const { GetObjectCommand, HeadObjectCommand } = await import("@aws-sdk/client-s3");
    const { getSignedUrl } = await import("@aws-sdk/s3-request-presigner");
    const at = { Bucket: this.bucket(false), Key: key };
    const { ContentType = "" } = await this.s3.send(new HeadObjectCommand(at)).catch((error: unknown) => {
      if (statusOf(error) === 403)
        throw new Refusal(409, "this file cannot be opened: it was not found clean, or not scanned yet");
      throw statusOf(error) === 404 ? gone() : error;
    });
    const kind = !asDownload && SHOWN.test(ContentType) ? "inline" : "attachment";
    const ResponseContentDisposition = `${kind}; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)}`;
    const command = new GetObjectCommand({ ...at, ResponseContentDisposition });
    return getSignedUrl(this.s3, command, { expiresIn: OPEN_SECONDS });
  }

  /** Tags a stored file, so that the mover takes it to the sensitive store. Its other tags are kept, or it is not tagged. */
  async mark(personId: string, id: string): Promise<void> {
    const { key, where } = await this.one(personId, id);
    if (where !== "normal") return;
    const { GetObjectTaggingCommand, PutObjectTaggingCommand } = await import("@aws-sdk/client-s3");
    const at = { Bucket: this.bucket(false), Key: key };
    const { TagSet = [] } = await this.s3.send(new GetObjectTaggingCommand(at));
    const kept = TagSet.filter(({ Key }) => Key !== MARK.Key);
    if (kept.some(({ Key }) => Key !== VERDICT))
      throw new Refusal(
        409,
        "this file has tags that somebody else has set: ask the platform's operator to move it",
      );
    await this.s3
      .send(new PutObjectTaggingCommand({ ...at, Tagging: { TagSet: [...kept, MARK] } }))
      .catch((error: unknown) => {
        // The bucket only allows repeating the verdict of a clean file; a verdict that has just arrived is read at the next try.
        if (statusOf(error) === 403)
          throw new Refusal(
            409,
            "this file cannot be moved: it was not found clean. Try again, or delete it",
          );
        throw error;
      });
  }

  /** Deletes a file by a marker, in the normal store first: the mover looks there after it has copied, and this then looks into the other. */
  async remove(personId: string, id: string): Promise<void> {
    const { DeleteObjectCommand } = await import("@aws-sdk/client-s3");
    let known = false;
    for (const sensitive of [false, true]) {
      const [file] = await this.listOf(personId, sensitive, undefined, 1, id);
      if (!file) continue;
      known = true;
      await this.s3.send(new DeleteObjectCommand({ Bucket: this.bucket(sensitive), Key: file.key }));
    }
    if (!known) throw gone();
  }

  /** Where browsers send forms, for the page's content security policy. */
  async origins(): Promise<string[]> {
    const forms = await Promise.all(
      [false, true].map((sensitive) =>
        this.sign("nobody", { name: "x", contentType: "text/plain", sensitive, size: 1 }),
      ),
    );
    return [...new Set(forms.map(({ url }) => new URL(url).origin))];
  }

  private async one(personId: string, id: string): Promise<StoredFile> {
    const found = await this.inBoth(personId, undefined, 1, id);
    const [normal, sensitive] = found.map(([file]) => file);
    if (!normal && !sensitive) throw gone();
    return normal && sensitive ? { ...normal, where: "moving" } : (normal ?? sensitive)!;
  }

  /** The same for the normal and the sensitive store. */
  private inBoth(personId: string, ...which: [after: string | undefined, limit: number, id?: string]) {
    return Promise.all([false, true].map((sensitive) => this.listOf(personId, sensitive, ...which)));
  }

  /** @param id of the only file to list */
  private async listOf(
    personId: string,
    sensitive: boolean,
    after: string | undefined,
    limit: number,
    id?: string,
  ): Promise<StoredFile[]> {
    const { ListObjectsV2Command } = await import("@aws-sdk/client-s3");
    const folder = folderOf(personId);
    const { Contents = [] } = await this.s3.send(
      new ListObjectsV2Command({
        Bucket: this.bucket(sensitive),
        Prefix: id ? `${folder}${id}/` : folder,
        // "0" sorts right after the slash behind the id.
        StartAfter: after && `${folder}${after}0`,
        MaxKeys: limit,
      }),
    );
    return Contents.map(({ Key, Size, LastModified }) => ({
      id: Key!.split("/")[2]!,
      key: Key!,
      name: Key!.split("/").slice(3).join("/"),
      size: Size ?? 0,
      uploadedAt: LastModified!.toISOString(),
      where: whereOf(sensitive),
    }));
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

const statusOf = (error: unknown) =>
  (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
