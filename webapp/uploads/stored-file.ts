/** Where a file is: in one of the two stores, or in both while it moves to the sensitive one. */
export const LOCATIONS = ["normal", "sensitive", "moving"] as const;
export type Location = (typeof LOCATIONS)[number];

export interface StoredFile {
  /** The part of the key that identifies the file among its person's, without its name. */
  id: string;
  key: string;
  name: string;
  size: number;
  uploadedAt: string;
  where: Location;
}
