// Installs the emulators before anything asks for them, or says why they cannot be had here.
import { messageOf } from "../problem";
import { installEmulators } from "./install";

installEmulators(console.log).catch((error: unknown) => console.log(messageOf(error)));
