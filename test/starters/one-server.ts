import { Files } from "../components/provisioner/build-runner";
import { Projects, Server } from "./projects";

/** The server that a suite is about; what it takes is made before the suite's tests, and removed after them. */
export class OneServer {
  private projects: Projects | undefined;
  private server: Server | undefined;

  private constructor(private readonly framework: string) {}

  /** To be called in the suite's own body. */
  static of(framework: string): OneServer {
    const one = new OneServer(framework);
    before(function () {
      one.projects = Projects.ready(this);
    });
    after(async () => {
      one.server?.remove();
      await one.projects?.close();
    });
    return one;
  }

  /** Builds its image anew, which its next start takes. */
  build(files: Files): string {
    return this.projects!.build(this.framework, this.framework, files);
  }

  /** Starts it. */
  async begin(test: Mocha.Context, files: Files): Promise<Server> {
    this.projects!.needs(test, this.framework);
    this.server = await this.projects!.server(this.framework, this.build(files));
    this.server.start();
    return this.server;
  }

  get running(): Server {
    if (!this.server) throw new Error(`no server of ${this.framework} was started`);
    return this.server;
  }
}
