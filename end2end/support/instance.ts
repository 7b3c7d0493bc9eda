// One company's instance: made through the command line, served by the real program on loopback.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type Database = "sqlite" | "postgres";

export interface Company {
  name: string;
  orgNumber: string;
  street: string;
  postalCode: string;
  city: string;
  contactPerson: string;
}

export const NORDVIK: Company = {
  name: "Nordvik Mekaniske AS",
  orgNumber: "310004170",
  street: "Verftsgata 12",
  postalCode: "7042",
  city: "Trondheim",
  contactPerson: "Ingrid Solbakken",
};

export const BOLT: Company = {
  name: "Bolt & Feste AS",
  orgNumber: "313770125",
  street: "Industriveien 45",
  postalCode: "2007",
  city: "Kjeller",
  contactPerson: "Petter Myhre",
};

export const PASSWORD = "en lang nok prøve";

export interface User {
  email: string;
  name: string;
  role: "administrator" | "buyer" | "seller" | "reader";
}

/** Below the ports that the system gives away by itself, and parted by worker: a port that is free now must be free at the start too. */
const FIRST_PORT = 20_000;
const PORTS_OF_A_WORKER = 1_000;
let given = 0;

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** A port that nobody else gets while this worker lives. */
async function freePort(): Promise<number> {
  const first = FIRST_PORT + Number(process.env.TEST_PARALLEL_INDEX ?? 0) * PORTS_OF_A_WORKER;
  while (given < PORTS_OF_A_WORKER) {
    const port = first + given;
    given += 1;
    if (await isFree(port)) return port;
  }
  throw new Error("no port is free");
}

function needed(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the stories with \`cargo xtask test --only browser\``);
  return value;
}

export class Instance {
  readonly url: string;
  private child: ChildProcess | undefined;
  private log = "";
  private setupCode: string | undefined;

  private constructor(
    readonly company: Company,
    private readonly folder: string,
    private readonly databaseUrl: string | undefined,
    private readonly port: number,
  ) {
    this.url = `http://127.0.0.1:${port}`;
  }

  /** Makes the company, and nothing else. */
  static async create(company: Company, database: Database): Promise<Instance> {
    const folder = mkdtempSync(join(tmpdir(), "prodsys-story-"));
    let url: string | undefined;
    if (database === "postgres") {
      const server = needed("TEST_POSTGRES_URL");
      const name = `story_${randomBytes(8).toString("hex")}`;
      const psql = join(needed("POSTGRES_PROGRAMS"), "psql");
      execFileSync(psql, ["--quiet", "--no-psqlrc", "--dbname", server, "--command", `CREATE DATABASE ${name}`]);
      url = server.replace(/\/[^/]*$/, `/${name}`);
    }
    const instance = new Instance(company, folder, url, await freePort());
    instance.run([
      ...["init", "--name", company.name, "--org-number", company.orgNumber, "--street", company.street],
      ...["--postal-code", company.postalCode, "--city", company.city, "--contact-person", company.contactPerson],
    ]);
    return instance;
  }

  private environment(): NodeJS.ProcessEnv {
    const { DATABASE_URL: _, ...outside } = process.env;
    return {
      ...outside,
      ...(this.databaseUrl ? { DATABASE_URL: this.databaseUrl } : {}),
      PRODSYS_DATA: this.folder,
      PRODSYS_SITE_ROOT: needed("PRODSYS_SITE_ROOT"),
      PRODSYS_ALLOW_PRIVATE_NETWORKS: "127.0.0.0/8",
      PRODSYS_ALLOW_HTTP: "true",
      PRODSYS_LEASE_SECONDS: "5",
      PRODSYS_RETRY_SCALE_MILLISECONDS: "100",
    };
  }

  /** Runs a command of the program and gives its document. `line` goes to standard input. */
  run(args: string[], line = ""): any {
    // A command that reads nothing may have ended before its input is written, so it gets none.
    const output = execFileSync(needed("TEST_PROGRAM"), ["--json", ...args], {
      env: this.environment(),
      ...(line ? { input: `${line}\n` } : {}),
      encoding: "utf8",
      stdio: [line ? "pipe" : "ignore", "pipe", "inherit"],
    });
    return JSON.parse(output);
  }

  /** Brings rows in: `what` is contacts, articles or purchase-orders. */
  import(what: string, rows: string[]): void {
    const file = join(this.folder, "import.csv");
    writeFileSync(file, `${rows.join("\n")}\n`);
    this.run(["import", what, file]);
  }

  addUser(user: User): void {
    this.run(["user", "add", "--email", user.email, "--name", user.name, "--role", user.role], PASSWORD);
  }

  addContact(other: Company, role: "supplier" | "customer"): string {
    const added = this.run([
      ...["contacts", "add", "--name", other.name, "--org-number", other.orgNumber, "--street", other.street],
      ...["--postal-code", other.postalCode, "--city", other.city, "--contact-person", other.contactPerson, `--${role}`],
    ]);
    return added.contact_id;
  }

  /** Starts the server and waits for the line that says where it listens. */
  async start(): Promise<void> {
    const child = spawn(needed("TEST_PROGRAM"), ["--json", "serve", "--listen", `127.0.0.1:${this.port}`], {
      env: this.environment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child = child;
    let told = "";
    child.stderr.on("data", (bytes) => (this.log += bytes));
    await new Promise<void>((resolve, reject) => {
      child.stdout.on("data", (bytes) => {
        told += bytes;
        if (told.includes("}")) {
          this.setupCode = JSON.parse(told).setup_code ?? undefined;
          resolve();
        }
      });
      child.once("exit", (code) => reject(new Error(`the server ended with ${code}: ${this.log}`)));
    });
    await this.ready();
  }

  private async ready(): Promise<void> {
    for (;;) {
      try {
        if ((await fetch(`${this.url}/readyz`)).ok) return;
      } catch {
        // Not listening yet.
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** The one-time code that a fresh instance prints. */
  get code(): string {
    if (!this.setupCode) throw new Error("the server printed no code");
    return this.setupCode;
  }

  async stop(): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
  }

  /** Stops the server and removes its files. */
  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What the server wrote to its log. */
  get output(): string {
    return this.log;
  }
}
