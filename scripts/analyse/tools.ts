/** The analysers from outside npm: which versions, where they are looked for, and how they are installed. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { ROOT } from "../runSteps.ts";

/** Git-ignored: what `--install` installs, and what the analysers build. */
export const FOLDER = join(ROOT, ".cairn/analysers");

const PYTHON = join(FOLDER, "python");
const GO = join(FOLDER, "go");

const CVC5 = "1.4.2";

export type ToolName = "slither" | "halmos" | "medusa";

interface Tool {
  readonly version: string;
  /** The commands that install it, without those that are there already. */
  readonly commands: readonly (readonly string[])[];
  readonly env?: Readonly<Record<string, string>>;
}

const venv = ["python3", "-m", "venv", PYTHON];
const pip = (...packages: string[]) => [join(PYTHON, "bin/pip"), "install", "--quiet", ...packages];

/** crytic-compile is what slither and medusa compile with; cvc5 proves beside halmos's own yices (solver.py). */
export const TOOLS: Readonly<Record<ToolName, Tool>> = {
  slither: { version: "0.11.6", commands: [venv, pip("slither-analyzer==0.11.6", "crytic-compile==0.4.2")] },
  halmos: { version: "0.3.3", commands: [venv, pip("halmos==0.3.3", `cvc5==${CVC5}`)] },
  medusa: {
    version: "1.5.1",
    commands: [venv, pip("crytic-compile==0.4.2"), ["go", "install", "github.com/crytic/medusa@v1.5.1"]],
    env: { GOBIN: GO },
  },
};

/** Where a process of an analyser finds its tools: ours, then the system's, with npm's forge before all. */
export function analyserPath(forgeFolder: string): string {
  return [forgeFolder, join(PYTHON, "bin"), GO, process.env.PATH ?? ""].join(delimiter);
}

/** @returns Why the tool can't run, with the commands that mend it; undefined if its pinned version is there. */
export function whyMissing(name: ToolName, path: string): string | undefined {
  const { version } = TOOLS[name];
  const how = `install it with: npm run analyse -- --install ${name}   (${shown(name)})`;
  const asked = spawnSync(name, ["--version"], { env: { ...process.env, PATH: path }, encoding: "utf8" });
  if (asked.error) return `${name} ${version} is not there; ${how}`;
  const found = versionIn(`${asked.stdout}${asked.stderr}`);
  if (found !== version) return `${name} is ${found ?? "of no known version"}, not ${version}; ${how}`;
  const beside = name === "halmos" ? modules("halmos", path, { cvc5: CVC5 }) : undefined;
  return beside && `${beside}; ${how}`;
}

/** What a tool written in Python needs beside it, if its own Python has not that version. */
function modules(name: ToolName, path: string, needed: Readonly<Record<string, string>>): string | undefined {
  const python = pythonOf(name, path);
  for (const [module, version] of Object.entries(needed)) {
    const ask = `from importlib.metadata import version; print(version("${module}"))`;
    const { stdout } = spawnSync(python, ["-c", ask], { encoding: "utf8" });
    if (versionIn(stdout) !== version) return `${module} ${version} is not there beside ${name}`;
  }
  return undefined;
}

/** @returns The Python that a tool written in it is installed for. */
export function pythonOf(name: ToolName, path: string): string {
  const folder = path.split(delimiter).find((place) => existsSync(join(place, name))) ?? "";
  return join(dirname(realpathSync(join(folder, name))), "python3");
}

/** @returns The first version number (three numbers) that a tool prints. */
export function versionIn(output: string): string | undefined {
  return /\b\d+\.\d+\.\d+\b/.exec(output)?.[0];
}

/** The commands as a person would type them. */
function shown(name: ToolName): string {
  const { commands, env } = TOOLS[name];
  const variables = Object.entries(env ?? {}).map(([key, value]) => `${key}=${value} `);
  return commands
    .map((c, i) => (i === commands.length - 1 ? variables.join("") : "") + c.join(" "))
    .join(" && ");
}

/** Installs the pinned version into the project's git-ignored folder. Throws with the command that failed. */
export function install(name: ToolName): void {
  mkdirSync(FOLDER, { recursive: true });
  const { commands, env } = TOOLS[name];
  for (const command of commands) {
    if (command === venv && existsSync(PYTHON)) continue;
    const [program = "", ...args] = command;
    console.log(command.join(" "));
    execFileSync(program, args, { stdio: "inherit", env: { ...process.env, ...env } });
  }
}
