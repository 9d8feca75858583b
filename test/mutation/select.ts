import * as fs from "node:fs";
import * as path from "node:path";
import { PROVED_ELSEWHERE, Room } from "./rooms";

/** What a run mutates: files of one room, with the tests that belong to it. */
export interface Selection {
  room: Room;
  files: string[];
  tests: string[];
}

/** Every file below a folder of the repository, or the file itself, as paths from the root with forward slashes. */
export function filesBelow(root: string, place: string): string[] {
  const absolute = path.join(root, place);
  if (!fs.existsSync(absolute)) return [];
  if (fs.statSync(absolute).isFile()) return [place];
  return fs
    .readdirSync(absolute, { withFileTypes: true })
    .filter(({ name }) => name !== "node_modules")
    .flatMap(({ name }) => filesBelow(root, path.posix.join(place, name)))
    .sort();
}

const isTest = (file: string) => file.endsWith(".test.ts");
const isCode = (file: string) => file.endsWith(".ts") && !file.endsWith(".d.ts") && !isTest(file);
export const covers = (places: string[], file: string) =>
  places.some((place) => (place.endsWith("/") ? file.startsWith(place) : file === place));

/** The rooms that the given files, folders and names of rooms touch; every room for none. Throws for what no room covers. */
export function select(root: string, rooms: Room[], wanted: string[]): Selection[] {
  refuseGone(root, rooms);
  const files = new Set(wanted.flatMap((place) => filesOf(root, rooms, place)));
  return rooms
    .map((room) => ({
      room,
      files: [...files].filter((file) => roomOf(rooms, file) === room).sort(),
      tests: room.tests.flatMap((place) => filesBelow(root, place)).filter(isTest),
    }))
    .filter((selection) => selection.files.length > 0);
}

/** A file that is gone would make its room smaller, and its score better, without a word. */
function refuseGone(root: string, rooms: Room[]): void {
  const gone = rooms.flatMap(({ name, files, tests }) => [
    ...files.filter((place) => !filesBelow(root, place).some(isCode)).map((place) => `${name}: ${place}`),
    ...tests.filter((place) => !filesBelow(root, place).some(isTest)).map((place) => `${name}: ${place}`),
  ]);
  if (gone.length > 0) throw new Error(`rooms.ts names what is not there: ${gone.join(", ")}`);
}

const roomOf = (rooms: Room[], file: string) =>
  covers(Object.keys(PROVED_ELSEWHERE), file) ? undefined : rooms.find((room) => covers(room.files, file));

function filesOf(root: string, rooms: Room[], wanted: string): string[] {
  const named = rooms.find(({ name }) => name === wanted);
  const place = path.posix.normalize(wanted.replaceAll("\\", "/")).replace(/\/$/, "");
  const found = (named ? named.files : [place]).flatMap((inside) => filesBelow(root, inside)).filter(isCode);
  const covered = found.filter((file) => (named ? roomOf(rooms, file) === named : roomOf(rooms, file)));
  if (covered.length > 0) return covered;
  const elsewhere = Object.entries(PROVED_ELSEWHERE).find(([one]) => covers([one], place));
  if (elsewhere) throw new Error(`${wanted} belongs to no room: it ${elsewhere[1]}`);
  const why = fs.existsSync(path.join(root, place)) ? "belongs to no room" : "is not there";
  throw new Error(
    `${wanted} ${why}: give a file, a folder or the name of a room, of which there are ${rooms.map(({ name }) => name).join(", ")}`,
  );
}
