// Makes the npm packages of a release: `notes-site`, whose command finds the program, and one with the program for each
// archive, of which npm installs the one for its machine. REPOSITORY is `owner/name` on GitHub.
//
//   node build.mjs ARCHIVES FOLDER
import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const project = resolve(here, "../..");
const [archives, folder] = process.argv.slice(2).map((path) => resolve(path));
const repository = process.env.REPOSITORY;
if (!repository) throw new Error("REPOSITORY is owner/name of the repository on GitHub");

const manifest = readFileSync(join(project, "Cargo.toml"), "utf8");
const inManifest = (key) => manifest.match(new RegExp(`^${key} = "(.*)"$`, "m"))[1];
const version = inManifest("version");
const shared = {
    version,
    description: inManifest("description"),
    license: inManifest("license"),
    // Its provenance is refused by the registry if it was not built there.
    repository: { type: "git", url: `git+https://github.com/${repository}.git` },
};

// Archive → the machines it is for, in npm's words. Programs without a C library are for systems with musl only: their
// allocator is slower.
const machines = {
    "x86_64-unknown-linux-gnu": { os: "linux", cpu: "x64", libc: "glibc" },
    "x86_64-unknown-linux-musl": { os: "linux", cpu: "x64", libc: "musl" },
    "aarch64-unknown-linux-gnu": { os: "linux", cpu: "arm64", libc: "glibc" },
    "aarch64-unknown-linux-musl": { os: "linux", cpu: "arm64", libc: "musl" },
    "aarch64-apple-darwin": { os: "darwin", cpu: "arm64" },
    "x86_64-apple-darwin": { os: "darwin", cpu: "x64" },
    "x86_64-pc-windows-msvc": { os: "win32", cpu: "x64" },
};

/** The package that has the program for a machine, as notes.js looks for it. */
function nameFor({ os, cpu, libc }) {
    return `notes-site-${os}-${cpu}${libc === "musl" ? "-musl" : ""}`;
}

/** Writes the archive of a package with these settings and with what is in its folder already. */
function pack(tree, settings) {
    copyFileSync(join(project, "LICENSE"), join(tree, "LICENSE"));
    writeFileSync(join(tree, "package.json"), JSON.stringify({ ...settings, ...shared }, null, 2));
    execFileSync("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder], { cwd: tree });
}

const scratch = mkdtempSync(join(tmpdir(), "notes-npm-"));
try {
    mkdirSync(folder, { recursive: true });
    const prefix = `notes-v${version}-`;
    const names = readdirSync(archives).filter((name) => name.startsWith(prefix) && name.endsWith(".tar.gz"));
    const optional = {};
    for (const archive of names.sort()) {
        const target = archive.slice(prefix.length, -".tar.gz".length);
        const machine = machines[target];
        if (!machine) throw new Error(`no package is known for ${target}`);
        const { os, cpu, libc } = machine;
        const name = nameFor(machine);
        const tree = join(scratch, name);
        const program = os === "win32" ? "notes.exe" : "notes";
        mkdirSync(join(tree, "bin"), { recursive: true });
        execFileSync("tar", ["-xzf", join(archives, archive), "-C", scratch]);
        cpSync(join(scratch, prefix + target, program), join(tree, "bin", program));
        writeFileSync(join(tree, "README.md"), `The program of \`notes-site\` for ${target}; install that package.\n`);
        pack(tree, { name, os: [os], cpu: [cpu], ...(libc && { libc: [libc] }), preferUnplugged: true });
        optional[name] = version;
    }
    const tree = join(scratch, "notes-site");
    mkdirSync(tree);
    copyFileSync(join(here, "notes.js"), join(tree, "notes.js"));
    const about = readFileSync(join(project, "packages/about.md"), "utf8");
    writeFileSync(join(tree, "README.md"), about.replaceAll("@REPOSITORY@", repository));
    pack(tree, {
        name: "notes-site",
        bin: { notes: "notes.js" },
        engines: { node: ">=18" },
        optionalDependencies: optional,
    });
} finally {
    rmSync(scratch, { recursive: true });
}
