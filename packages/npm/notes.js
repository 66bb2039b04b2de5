#!/usr/bin/env node
// Runs the program, which npm has installed in a package for this machine: nothing is downloaded here.
"use strict";
const { spawn } = require("node:child_process");

/** The packages that may have the program for this machine, the best first. */
function candidates() {
    const name = `notes-site-${process.platform}-${process.arch}`;
    if (process.platform !== "linux") return [name];
    // Network interfaces make the report slow.
    process.report.excludeNetwork = true;
    const hasGlibc = Boolean(process.report.getReport().header.glibcVersionRuntime);
    // One without a C library runs on every Linux.
    return hasGlibc ? [name, `${name}-musl`] : [`${name}-musl`];
}

function findProgram(names) {
    const file = process.platform === "win32" ? "bin/notes.exe" : "bin/notes";
    for (const name of names) {
        try {
            return require.resolve(`${name}/${file}`);
        } catch (error) {
            if (error.code !== "MODULE_NOT_FOUND") throw error;
        }
    }
    return null;
}

const names = candidates();
const program = findProgram(names);
if (program === null) {
    console.error(`notes: ${names[0]} is not installed, which has the program for this machine.`);
    console.error("Install notes-site again without --omit=optional; if npm has no such package, see the other ways to");
    console.error("install in its README.");
    process.exit(1);
}

const child = spawn(program, process.argv.slice(2), { stdio: "inherit" });
// The program ends, and then this does. A terminal interrupts the program too; others ask this process alone, and so may
// somebody who asks again.
let isAskedAgain = false;
process.on("SIGINT", () => {
    if (isAskedAgain || !process.stdin.isTTY) child.kill("SIGINT");
    isAskedAgain = true;
});
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", (error) => {
    console.error(`notes: ${program} cannot be started: ${error.message}`);
    process.exitCode = 1;
});
child.on("exit", (code, signal) => {
    if (signal === null) {
        process.exitCode = code;
    } else {
        process.removeAllListeners(signal);
        process.kill(process.pid, signal);
    }
});
